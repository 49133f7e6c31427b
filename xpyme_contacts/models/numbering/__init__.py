from . import register
from . import customer_code
from . import alternative_code
