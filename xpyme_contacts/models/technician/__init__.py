from . import refusal
from . import mark
from . import hanging
from . import core_on_behalf
from . import partner
