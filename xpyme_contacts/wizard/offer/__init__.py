from . import email_export
from . import offer_approval
from . import offer_date
from . import offer_preview
from . import privacy_lookup_wizard
