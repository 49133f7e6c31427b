from odoo import api, fields, models


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

    def _get_notice_entries(self, company, model=None):
        entries = super()._get_notice_entries(company, model)
        if model == "pos.order":
            # The till has a question of its own about them.
            for entry in entries.values():
                entry["voucher"] = None
        return entries

    def _get_till_vouchers(self, config):
        vouchers = super()._get_till_vouchers(config)
        found = self._read_vouchers(config.company_id).get(self.id)
        if self.sudo().no_voucher_warning or not found or found.balance <= 0:
            return vouchers
        expires = found.expires and fields.Date.to_string(found.expires)
        return [
            *vouchers,
            {"code": found.code, "amount": found.balance, "expiration_date": expires},
        ]
