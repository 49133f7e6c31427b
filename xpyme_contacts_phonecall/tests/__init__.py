from . import test_calls_in_followup
from . import test_calls_life
from . import test_calls_rights
