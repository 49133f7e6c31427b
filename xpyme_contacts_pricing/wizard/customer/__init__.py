from . import base_partner_merge
from . import price_review
