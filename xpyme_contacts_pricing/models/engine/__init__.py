from . import product_pricelist
from . import product_pricelist_item
from . import res_company
from . import res_config_settings
from . import price_engine
