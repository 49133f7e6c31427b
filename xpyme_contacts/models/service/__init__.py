from . import order_contacts
from . import fsm_location
from . import fsm_order
from . import visit
from . import start_page
from . import customer_orders
from . import mail_activity
