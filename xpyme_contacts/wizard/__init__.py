from . import customer
from . import contact
from . import numbering
from . import service
from . import notice
from . import risk
from . import offer
