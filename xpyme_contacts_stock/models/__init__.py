from . import customer  # what was agreed
from . import documents  # orders obey it
from . import notes  # delivery notes obey it
from . import run  # and the billing run
