from . import test_bank
from . import test_customer_merge
from . import test_documents
from . import test_flags
from . import test_positions
from . import test_sums
from . import test_taxed_lines
from . import test_uninstall
