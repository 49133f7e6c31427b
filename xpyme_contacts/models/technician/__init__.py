from . import refusal
from . import partner
from . import mail_gateway
