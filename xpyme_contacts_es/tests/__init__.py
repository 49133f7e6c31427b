from . import test_bank
from . import test_documents
from . import test_flags
from . import test_positions
from . import test_sums
from . import test_uninstall
