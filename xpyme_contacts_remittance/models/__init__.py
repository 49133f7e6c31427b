from . import remittance_group
from . import customer
from . import mandate
from . import method_line
from . import receipt
from . import remittance
from . import risk
from . import payment_return
