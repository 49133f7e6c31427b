from . import contact_creation
