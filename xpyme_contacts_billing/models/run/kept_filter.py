from odoo import api, models
from odoo.exceptions import UserError


class InvoicingGroup(models.Model):
    _inherit = "xpyme.invoicing.group"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.env["xpyme.billing.run"]._check_unused(
            self, "invoicing_group_id", "invoicing_group_ids"
        )


class CustomerRoute(models.Model):
    _inherit = "xpyme.customer.route"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.env["xpyme.billing.run"]._check_unused(
            self, "customer_route_id", "customer_route_ids"
        )


class BillingRun(models.Model):
    """What a run was filtered by is not deleted: it would tell of other customers."""

    _inherit = "xpyme.billing.run"

    @api.model
    def _check_unused(self, records, on_card, on_run):
        """:raise UserError: customers have one of ``records``, or runs ask for it"""
        # sudo: also customers and runs that the user may not see, of no name.
        cards = self.env["res.partner"].sudo().with_context(active_test=False)
        for record in records:
            ((customers,),) = cards._read_group(
                [(on_card, "=", record.id)],
                aggregates=["commercial_partner_id:count_distinct"],
            )
            runs = self.sudo().search_count([(on_run, "in", record.ids)])
            if customers or runs:
                raise UserError(
                    self.env._(
                        "%(name)s is in use (customers: %(customers)s, billing runs: "
                        "%(runs)s): archive it instead of deleting it.",
                        name=record.display_name,
                        customers=customers,
                        runs=runs,
                    )
                )
