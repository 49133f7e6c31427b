from . import customer_labels
from . import sale_report
from . import account_invoice_report
from . import customer_sale
