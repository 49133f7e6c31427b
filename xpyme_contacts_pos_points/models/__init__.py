from . import loyalty_program
from . import customer_voucher
from . import ticket_voucher
from . import ticket_points
