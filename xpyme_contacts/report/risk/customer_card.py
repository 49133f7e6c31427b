from odoo import api, models

_LIMITS = ("credit_limit", "internal_credit_limit", "insured_amount")
_MARKS = ("is_defaulter", "risk_by_vat", "risk_no_warning", "is_insured")


class CustomerCard(models.AbstractModel):
    _inherit = "report.xpyme_contacts.customer_card"

    @api.model
    def _get_sections(self, customer):
        """Add the risk, for those who may see what customers owe."""
        sections = super()._get_sections(customer)
        if not customer._may_see_risk():
            return sections
        # sudo: totals of a customer whom the user may read, and no entries.
        known, company = customer.sudo(), self.env.company
        figures = known._get_risk_figures(company)[customer.id]
        amounts = known.fields_get(_LIMITS, ["string"])
        pairs = [
            (amounts[fname]["string"], company.currency_id.format(known[fname]))
            for fname in _LIMITS
            if known[fname]
        ]
        section = {
            "sequence": 70,
            "title": self.env._("Risk"),
            "pairs": pairs + self._get_pairs(known, _MARKS),
            "text": "\n".join(known._get_risk_sentences(figures, company)),
        }
        return [*sections, section]
