from . import res_company
from . import sale_order
from . import deliver
from . import freight
