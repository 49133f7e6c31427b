from . import email_export
from . import offer_unsubscribe
from . import offer_join
from . import portal
from . import vcard
from . import webmanifest
