# In the order in which they build on each other.
from . import res_company
from . import till_customers
from . import customer_entry
from . import till_prices
from . import till_risk
from . import pos_order
from . import lost_customer
from . import ticket_line
from . import judged_ticket
from . import till_account
from . import ticket_minimum
from . import ticket_goods
from . import till_orders
from . import till_sales
from . import till_forgetting
