from . import preparation
from . import health
