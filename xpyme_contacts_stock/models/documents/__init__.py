from . import res_company
from . import sale_order
from . import deliver
from . import freight
from . import note_shares
from . import invoices_by_note
from . import notes_of_run
