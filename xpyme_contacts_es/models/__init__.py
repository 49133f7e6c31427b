from . import bank
from . import tax
from . import taxed_line
from . import fiscal_position
from . import customer_taxes
from . import documents
from . import facturae
