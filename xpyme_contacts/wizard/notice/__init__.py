from . import email_export
