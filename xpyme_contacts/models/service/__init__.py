from . import order_contacts
from . import fsm_location
from . import fsm_order
from . import customer_orders
from . import mail_activity
