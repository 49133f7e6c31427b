from . import test_customer_note
from . import test_customer_terms
from . import test_documents_deliver
from . import test_documents_freight
from . import test_documents_terms
from . import test_notes_direct
from . import test_notes_printed
from . import test_notes_sent
