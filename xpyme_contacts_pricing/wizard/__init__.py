from . import base_partner_merge
from . import price_review
from . import price_learning
from . import price_why
