from . import remittance_create
from . import payment_line_create
