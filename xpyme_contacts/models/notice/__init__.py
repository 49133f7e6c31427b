from . import blocked
from . import customer_notice
from . import document_notice
from . import sale_order
from . import order_share
from . import account_move
from . import fsm_order
from . import res_company
