from . import base_partner_merge
from . import risk_report
from . import risk_report_documents
from . import risk_report_line
from . import risk_decision
