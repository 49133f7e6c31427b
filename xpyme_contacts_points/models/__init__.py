# In the order in which they build on each other.
from . import customer_type
from . import loyalty_history
from . import customer_period
from . import loyalty_program
from . import loyalty_card
from . import alternative_code
from . import customer_voucher
from . import settlement
from . import settling
from . import period_movement
from . import order_voucher
from . import free_return
from . import order_points
from . import voucher_notice
from . import merging
