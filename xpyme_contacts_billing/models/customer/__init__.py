from . import invoicing_group
from . import leave
from . import billing_terms
from . import payment_agreement
from . import series
from . import consumption
