from . import test_customer_type
from . import test_period_figures
from . import test_settlement
from . import test_settlement_run
from . import test_voucher
from . import test_voucher_lapse
from . import test_voucher_merge
from . import test_points_rights
