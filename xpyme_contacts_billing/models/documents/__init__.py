from . import sale_order_grouping
from . import account_move_corrected
