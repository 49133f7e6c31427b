from . import test_remittance_dates
from . import test_remittance_file
from . import test_remittance_group
from . import test_remittance_instalments
from . import test_remittance_left_out
from . import test_remittance_rights
from . import test_remittance_risk
from . import test_remittance_speed
