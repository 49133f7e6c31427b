from odoo import api, models
from odoo.exceptions import ValidationError


class AlternativeCode(models.Model):
    """What is scanned finds a customer or a voucher, never both."""

    _inherit = "xpyme.alternative.code"

    @api.model
    def _check_free(self, wanted):
        """:raise ValidationError: also where a voucher has the code"""
        result = super()._check_free(wanted)
        codes = [name for _row_id, name, _partner_id in wanted if name]
        # sudo: vouchers of whichever company.
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        voucher = cards.search(
            [("code", "in", codes), ("program_id.is_customer_voucher", "=", True)],
            limit=1,
        )
        if voucher:
            raise ValidationError(
                self.env._(
                    "The code %(code)s is that of a voucher of %(customer)s. Choose "
                    "another one.",
                    code=voucher.code,
                    customer=voucher.partner_id.display_name,
                )
            )
        return result
