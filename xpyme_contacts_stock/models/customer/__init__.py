from . import delivery_terms
