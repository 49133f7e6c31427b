from odoo import api, fields, models


class ResPartner(models.Model):
    """What a customer has in vouchers (seed 004: Puntos, Vales)."""

    _inherit = "res.partner"

    voucher_balance = fields.Float(
        string="Vouchers",
        compute="_compute_voucher_figures",
        help="What the customer has in vouchers that can still be used, in the "
        "company's currency.",
    )
    voucher_expiration = fields.Date(
        string="Vouchers until",
        compute="_compute_voucher_figures",
        help="When the part of the vouchers lapses that lapses first.",
    )

    @api.depends_context("company")
    def _compute_voucher_figures(self):
        vouchers = self._read_vouchers(self.env.company)
        for partner in self:
            voucher = vouchers.get(partner.commercial_partner_id._origin.id)
            partner.voucher_balance = voucher.balance if voucher else 0.0
            partner.voucher_expiration = voucher.expires if voucher else False

    def _read_vouchers(self, company):
        """``{customer id: Voucher}`` of these partners' customers."""
        customers = self.commercial_partner_id._origin
        # sudo: whoever may read a customer reads what they have, not its movements.
        return self.env["loyalty.card"].sudo()._read_vouchers(company, customers)

    def action_open_vouchers(self):
        """The card with its movements, or the list of settlements without one."""
        self.ensure_one()
        voucher = self._read_vouchers(self.env.company)
        voucher = voucher.get(self.commercial_partner_id.id)
        if not voucher:
            return self.action_open_settlements()
        form = self.env.ref("xpyme_contacts_points.xpyme_voucher_view_form")
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.card",
            "res_id": voucher.card_id,
            "views": [(form.id, "form")],
        }

    def action_open_settlements(self):
        """The customer's settlements."""
        self.ensure_one()
        customer = self.commercial_partner_id
        title = self.env._("Settlements of %s", customer.name)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "xpyme_contacts_points.xpyme_points_settlement_action"
            ),
            "name": title,
            "display_name": title,
            "domain": [("partner_id", "=", customer.id)],
            "context": {},
        }
