from . import customer
from . import documents
