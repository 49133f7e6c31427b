from . import remittance_group
from . import customer
