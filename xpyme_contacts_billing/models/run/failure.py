import psycopg2

from odoo import api, models
from odoo.tools import format_list

from odoo.addons.xpyme_contacts.tools.offer_template import describe


class BillingWorker(models.AbstractModel):
    """Why an item failed, in words for whoever can mend it."""

    _inherit = "xpyme.billing.worker"

    @api.model
    def _describe_failure(self, run, item, error):
        if not isinstance(error, psycopg2.IntegrityError):
            return describe(error)
        if products := self._get_products_without_account(run, item):
            names = [product.display_name for product in products]
            return run.env._(
                "There is no income account for %(products)s: choose one on the "
                "article or on its category.",
                products=format_list(run.env, names),
            )
        table = error.diag.table_name
        models_ = (run.env[name] for name in run.env.registry)
        model = next((m for m in models_ if m._table == table), run)
        return describe(model._sql_error_to_message(error))

    @api.model
    def _get_products_without_account(self, run, item):
        lines = item.order_ids.order_line.filtered(lambda line: not line.display_type)
        products = lines.product_id.with_company(run.company_id)
        return products.filtered(lambda p: not p._get_product_accounts()["income"])
