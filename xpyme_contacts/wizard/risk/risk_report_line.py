from odoo import api, fields, models
from odoo.exceptions import UserError


class RiskReportLine(models.TransientModel):
    """An amount of a risk report."""

    _name = "xpyme.risk.report.line"
    _description = "Risk Report Line"
    _order = "sequence, id"

    report_id = fields.Many2one(
        "xpyme.risk.report", required=True, ondelete="cascade", index=True
    )
    section = fields.Selection(
        [
            ("component", "Part of the debt"),
            ("card", "Card of the tax id"),
            ("company", "Company"),
            ("left_out", "Left out"),
            ("release", "Credit that frees"),
        ],
        required=True,
    )
    sequence = fields.Integer()
    code = fields.Char()
    # Texts, for a list to wrap them on a phone.
    name = fields.Text()
    note = fields.Text(string="Why")
    date = fields.Date()
    card_id = fields.Many2one("res.partner", ondelete="cascade")
    currency_id = fields.Many2one(related="report_id.currency_id")
    amount = fields.Monetary()
    granted = fields.Monetary(string="Granted Risk")
    available = fields.Monetary(string="Available Then")
    document_count = fields.Integer(string="Documents")

    def action_open_documents(self):
        """The documents behind an amount.

        :raise UserError: the user may not see such documents
        """
        self.ensure_one()
        partners = self.env["res.partner"]
        component = partners._get_risk_components()[self.code]
        model = self.env[component["model"]]
        if not model.has_access("read"):
            raise UserError(
                self.env._(
                    "Your rights show you the total, not the documents behind it: ask "
                    "the office for them."
                )
            )
        report = self.report_id
        cards = report.partner_id._get_risk_cards()
        views = [(self._get_list_view(model).id, "list"), (False, "form")]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model._name,
            "views": views,
            "domain": partners._get_risk_document_domain(
                self.code, cards, report.company_id
            ),
            "context": {"create": False},
        }

    @api.model
    def _get_list_view(self, model):
        """The list of a component's documents; entries have one of our own."""
        if model._name == "account.move.line":
            return self.env.ref("xpyme_contacts.xpyme_risk_entry_view_list")
        return self.env["ir.ui.view"]

    def action_open_card(self):
        """The card of the same tax id."""
        self.ensure_one()
        return self.card_id.get_formview_action()
