from . import res_company
from . import run
from . import item
from . import preparation
from . import health
from . import account_move
from . import worker
from . import month_end
