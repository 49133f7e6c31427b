import psycopg2

from odoo import api, models
from odoo.tools import format_list


class BillingWorker(models.AbstractModel):
    """Why an item failed, in words for whoever can mend it."""

    _inherit = "xpyme.billing.worker"

    @api.model
    def _describe_failure(self, row, error):
        refused = isinstance(error, psycopg2.IntegrityError)
        if refused and (products := self._get_products_without_account(row)):
            names = [product.display_name for product in products]
            return row.env._(
                "There is no income account for %(products)s: choose one on the "
                "article or on its category.",
                products=format_list(row.env, names),
            )
        return super()._describe_failure(row, error)

    @api.model
    def _get_products_without_account(self, item):
        lines = item.order_ids.order_line.filtered(lambda line: not line.display_type)
        products = lines.product_id.with_company(item.run_id.company_id)
        return products.filtered(lambda p: not p._get_product_accounts()["income"])
