from . import free_codes
from . import customer_code
from . import alternative_code
from . import code_order
