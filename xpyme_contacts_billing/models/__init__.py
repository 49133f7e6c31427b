from . import customer
from . import documents
from . import run
