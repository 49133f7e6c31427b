from . import crm_phonecall
from . import mail_activity
from . import res_partner
