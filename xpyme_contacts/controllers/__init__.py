from . import portal
from . import vcard
