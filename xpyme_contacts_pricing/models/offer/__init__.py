from . import offer_campaign
from . import offer_detail
from . import offer_pricing
from . import res_partner
