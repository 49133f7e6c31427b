from . import base_partner_merge
from . import settlement_run
