# In the order in which their overrides stack: what comes later is asked first.
from . import customer  # what is agreed with a customer: below all, it asks nobody
from . import engine  # reads that and the tariffs, and makes a price of them
from . import documents  # orders and invoices ask the engine, line by line
from . import offer  # says what a document would, so it comes after them
