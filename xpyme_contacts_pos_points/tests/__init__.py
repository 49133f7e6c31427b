from . import test_till_voucher
from . import test_ticket_points
from . import test_joined_voucher
from . import test_ordered_voucher
