from . import customer_type
from . import res_company
from . import loyalty_history
from . import customer_period
