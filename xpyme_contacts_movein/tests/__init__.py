from . import test_tools
from . import test_reading
from . import test_judgement
from . import test_customers
from . import test_parts
from . import test_run
from . import test_undo
from . import test_rights
