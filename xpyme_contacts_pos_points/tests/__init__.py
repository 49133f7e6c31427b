from . import test_till_voucher
from . import test_ticket_points
