from . import crm_phonecall
from . import mail_activity
from . import res_partner
from . import res_users
