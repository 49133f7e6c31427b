from . import customer_labels
from . import sale_report
from . import account_invoice_report
from . import customer_sale
from . import customer_list
from . import customer_card
