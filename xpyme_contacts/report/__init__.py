from . import customer
from . import contact
from . import risk
