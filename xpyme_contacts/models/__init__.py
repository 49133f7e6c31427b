# In the order in which their overrides stack: what comes later is asked first.
from . import field_rights  # of every room: who reads our fields, writes figures
from . import technician  # on ``base``, below everything: the one refusal
from . import customer  # who is a customer; used by every other room
from . import contact  # follows what has become of the customer
from . import numbering  # gives a code to whom the others have made a customer
from . import service  # follows the customer as the contacts do
from . import notice  # tells of the customer in documents
from . import risk  # adds limits to what is told
from . import offer  # asks the customer's addresses and, by a domain, the risk
from . import clock
from . import mail_gateway
from . import values  # the first to see what is written: the rooms' rules act here
