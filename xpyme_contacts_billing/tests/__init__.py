from . import test_documents_grouping
from . import test_run_preparation
from . import test_run_work
from . import test_run_rights
