from . import fsm_wizard
from . import service_order_search
