from . import test_customer_type
from . import test_period_figures
