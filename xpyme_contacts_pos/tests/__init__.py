from . import test_customer_entry
from . import test_till_customers
from . import test_till_prices
from . import test_tickets
from . import test_till_account
from . import test_till_sales
from . import test_till_orders
from . import test_ticket_goods
