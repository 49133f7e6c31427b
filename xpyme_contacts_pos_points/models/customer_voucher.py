from odoo import api, fields, models

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

# Vouchers are asked about, not told.
_AT_TILL = inner("xpyme_at_till")


class ResPartner(models.Model):
    """A till tells of the customer's vouchers (seed 004: No avisar de Vales en TPV)."""

    _inherit = "res.partner"

    no_voucher_warning = fields.Boolean(
        string="No Notice of Vouchers at the Till",
        help="The till does not tell that the customer has vouchers to use.",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "no_voucher_warning"]

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "no_points"]

    @api.readonly
    def get_pos_entry(self, config_id, pricelist_id=False, product_ids=()):
        """The till has a question of its own about vouchers."""
        customer = self.with_context(**_AT_TILL)
        return super(ResPartner, customer).get_pos_entry(
            config_id, pricelist_id, product_ids
        )

    def _get_voucher_notices(self, entry):
        if heard(self.env.context, "xpyme_at_till"):
            return []
        return super()._get_voucher_notices(entry)

    def _get_till_vouchers(self, config):
        vouchers = super()._get_till_vouchers(config)
        if config.currency_id != config.company_id.currency_id:
            # The till loads programs of its own currency alone.
            return vouchers
        found = self._read_vouchers(config.company_id).get(self.id)
        if self.sudo().no_voucher_warning or not found or found.balance <= 0:
            return vouchers
        expires = found.expires and fields.Date.to_string(found.expires)
        return [
            *vouchers,
            {"code": found.code, "amount": found.balance, "expiration_date": expires},
        ]
