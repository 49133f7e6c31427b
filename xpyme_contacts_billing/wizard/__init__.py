from . import invoice_orders
