from . import base_partner_merge
from . import privacy_lookup_wizard
from . import email_export
from . import mail_compose_message
from . import label_print
