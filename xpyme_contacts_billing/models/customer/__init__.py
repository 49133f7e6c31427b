from . import invoicing_group
from . import leave
from . import agreement
