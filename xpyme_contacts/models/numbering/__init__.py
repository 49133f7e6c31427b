from . import free_codes
from . import customer_code
from . import alternative_code
