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
            ("document", "Document"),
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
    available_internal = fields.Monetary(string="Up to the Internal Limit")
    due_date = fields.Date()
    days = fields.Integer(string="Days Overdue")
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    document_count = fields.Integer(string="Documents")

    def action_open_documents(self):
        """The documents behind an amount.

        :raise UserError: the user may see none of them
        """
        self.ensure_one()
        if self.section == "document":
            return self._get_document_action()
        partners = self.env["res.partner"]
        component = partners._get_risk_components()[self.code]
        model = self.env[component["model"]]
        report = self.report_id
        cards = report.partner_id._get_risk_cards()
        domain = partners._get_risk_document_domain(self.code, cards, report.company_id)
        found = model.search_count(domain) if model.has_access("read") else 0
        if not found:
            raise UserError(
                self.env._(
                    "Your rights show you the total, not the documents behind it. "
                    "Their numbers and amounts stand in the report, below Documents; "
                    "ask the office for more."
                )
            )
        views = [(self._get_list_view(model).id, "list"), (False, "form")]
        return {
            "type": "ir.actions.act_window",
            "name": self._get_documents_title(found, model, domain),
            "res_model": model._name,
            "views": views,
            "domain": domain,
            "context": {"create": False},
        }

    def _get_documents_title(self, found, model, domain):
        """That some of the documents are not the user's to open."""
        # sudo: how many there are is in the report already.
        count = model.sudo().search_count(domain)
        if found == count:
            return self.name
        return self.env._(
            "%(name)s: %(found)s of %(count)s, the others are not yours to open",
            name=self.name,
            found=found,
            count=count,
        )

    def _get_document_action(self):
        """The one document of a line that tells of one.

        :raise UserError: the user may not see it
        """
        document = self.res_model and self.env[self.res_model].browse(self.res_id)
        if not document or not document.has_access("read"):
            raise UserError(
                self.env._("%s is not yours to open: ask the office for it.", self.name)
            )
        return document.get_formview_action()

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
