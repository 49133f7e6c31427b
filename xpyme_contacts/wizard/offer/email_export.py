from odoo import api, fields, models


class EmailExport(models.TransientModel):
    """A file for advertising leaves out who wants no offers, and where the company
    asks for consent, who has not agreed."""

    _inherit = "xpyme.email.export"

    no_consent_count = fields.Integer(string="Have Not Agreed", readonly=True)

    @api.model
    def _get_reasons(self):
        return [*super()._get_reasons(), "no_consent"]

    @api.model
    def _get_nothing_message(self, left_out):
        told = super()._get_nothing_message(left_out)
        if not left_out["no_consent"]:
            return told
        more = self.env._("%s have not agreed to advertising.", left_out["no_consent"])
        return f"{told} {more}"

    def _get_refused(self, found):
        """Whoever wants no more offers wants no other advertising by a list either."""
        refused = super()._get_refused(found)
        if self.skip_no_mailing:
            consents = self.env["xpyme.offer.consent"]
            # sudo: a list is used by anybody, and so is a refusal of any company.
            companies = self.env["res.company"].sudo().search([("id", "!=", False)])
            refused |= consents._filter_said("withdrawn", _join(found), companies)
        return refused

    def _get_reasons_by_address(self, found):
        reasons = super()._get_reasons_by_address(found)
        company = self.env.company
        if self.skip_no_mailing and company.offer_consent_required:
            asked = _join(found)
            agreed = self.env["xpyme.offer.consent"]._filter_agreed(asked, company)
            return {**dict.fromkeys(asked - agreed, "no_consent"), **reasons}
        return reasons


def _join(found):
    return {address for addresses, _wrong in found for address in addresses}
