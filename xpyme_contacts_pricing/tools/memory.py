"""Names of what is remembered in a transaction, in ``cr.cache``.

Who writes what such a memory holds forgets it (``_forget_memo``).
"""

# Special prices of customers: ``{(company_id, customer_id): {product_id: row}}``.
ROWS = "xpyme.customer.price"
# Rules of pricelists, by pricelist and moment.
RULES = "xpyme.customer.price.rules"
# Prices of lines, while one operation goes on.
LINES = "xpyme.customer.price.lines"
