from . import bank
from . import tax
from . import fiscal_position
from . import customer_taxes
from . import documents
from . import facturae
