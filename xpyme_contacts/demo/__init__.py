from . import shop
from . import sales
from . import decisions
from . import offers
