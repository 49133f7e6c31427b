from . import due_dates
from . import due_date_note
from . import followed_agreement
from . import invoice_series
from . import printed_copies
from . import sale_order_grouping
from . import account_move_corrected
