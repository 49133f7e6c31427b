from . import contact_sheet
from . import risk_exposure
from . import risk_sheet
from . import sale_report
from . import account_invoice_report
