from . import contact_sheet
from . import customer_card
