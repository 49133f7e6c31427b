from . import contact_sheet
