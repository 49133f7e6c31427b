from . import price_learning
from . import price_why
