from . import test_customer_terms
from . import test_documents_terms
from . import test_notes_direct
from . import test_notes_printed
from . import test_notes_sent
