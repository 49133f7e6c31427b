from . import email_export
from . import portal
from . import vcard
