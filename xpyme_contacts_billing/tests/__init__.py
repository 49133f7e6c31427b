from . import test_customer_agreement
from . import test_customer_consumption
from . import test_documents_copies
from . import test_documents_due_dates
from . import test_documents_kept_dates
from . import test_documents_series
from . import test_pay_days
