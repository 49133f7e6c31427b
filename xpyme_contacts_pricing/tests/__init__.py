from . import test_customer_price
from . import test_price_engine
from . import test_price_documents
from . import test_price_table
from . import test_price_access
from . import test_price_learning
from . import test_price_review
from . import test_price_why
