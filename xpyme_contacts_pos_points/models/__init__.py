from . import loyalty_program
from . import loyalty_history
from . import customer_voucher
from . import voucher_line
from . import ticket_voucher
from . import taken_order
from . import earned_points
from . import ticket_points
