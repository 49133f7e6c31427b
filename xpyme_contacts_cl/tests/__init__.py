from . import test_bank_account
from . import test_customer_document
