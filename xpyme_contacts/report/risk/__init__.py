from . import risk_exposure
from . import risk_sheet
from . import customer_card
