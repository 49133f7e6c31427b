from . import delivery_terms
from . import delivery_note
