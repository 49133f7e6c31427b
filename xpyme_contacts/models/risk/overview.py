from odoo import api, fields, models
from odoo.tools import format_date


class ResPartner(models.Model):
    """How things stand with a customer, on the card: a word, and a report."""

    _inherit = "res.partner"

    card_status = fields.Char(
        string="Situation",
        compute="_compute_card_status",
        groups="base.group_user",
        exportable=False,
        help="The worst thing that is true of the customer, with its figure.",
    )

    @api.depends("customer_alert")
    @api.depends_context("company", "uid")
    def _compute_card_status(self):
        for card in self:
            card.card_status = card._describe_alert()

    def _describe_alert(self):
        """The alert in words; an amount for whoever may see debts."""
        alert, date = self.customer_alert, self.deregistration_date
        if not alert:
            return self.env._("Up to date")
        if alert == "exceeded" and self._may_see_risk():
            excess = self._format_risk_amounts(self.env.company, excess=-self.risk_left)
            return self.env._("Risk exceeded by %(excess)s", **excess)
        if alert == "deregistered":
            return self.env._("Deregistered since %s", format_date(self.env, date))
        if alert == "deregistering":
            return self.env._("Leaves on %s", format_date(self.env, date))
        selection = self._fields["customer_alert"]._description_selection(self.env)
        return dict(selection)[alert]

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """*Por CIF* is called by the tax id of the country."""
        arch, view = super()._get_view(view_id, view_type, **options)
        tax_id = view_type == "form" and self.env.company.country_id.vat_label
        for node in arch.xpath("//label[@for='risk_by_vat']") if tax_id else ():
            node.set("string", self.env._("By %s", tax_id))
        return arch, view

    def get_risk_overview(self):
        """The report of this moment as HTML, whose amounts open their documents.

        :raise AccessError: the user may not read the customer, or sees no debts
        """
        self.ensure_one()
        report = self.env["xpyme.risk.report"].create(
            {"partner_id": self.commercial_partner_id.id}
        )
        return self.env["ir.qweb"]._render(
            "xpyme_contacts.risk_overview", {"report": report}
        )
