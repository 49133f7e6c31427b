from . import res_company
from . import stock_picking
from . import stock_move
from . import direct_note
from . import sent_notes
from . import printed_notes
from . import valued_note
