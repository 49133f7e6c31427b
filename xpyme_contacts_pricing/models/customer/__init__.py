from . import customer_price
from . import customer_price_change
from . import customer_family_discount
from . import customer_discount
from . import res_partner
from . import product_template
from . import product_product
from . import price_explanation
