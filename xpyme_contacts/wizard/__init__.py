from . import base_partner_merge
from . import portal_wizard
from . import privacy_lookup_wizard
from . import fsm_wizard
from . import contact_creation
from . import change_code
from . import mail_compose_message
from . import service_order_search
