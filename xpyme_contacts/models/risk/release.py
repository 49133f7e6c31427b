from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class RiskRelease(models.Model):
    """What somebody answered for: a document over a limit, written once.

    *Released* by a risk manager, with a reason and an expiry, past an ask or a block;
    *accepted* by whoever was asked, on that day, past the asking of one stage. Made by
    the code behind both dialogs only, and never changed or deleted by anybody.
    """

    _name = "xpyme.risk.release"
    _description = "Release over a Customer's Limit"
    _technicians_only_read = True
    _order = "id desc"

    name = fields.Char(
        string="Document", required=True, help="The document's number at that time."
    )
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        help="Whose limits the document is over: it holds for this customer only.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("released", "Released"), ("accepted", "Accepted when asked")],
        required=True,
        default="released",
    )
    stage = fields.Selection(
        [("quotation", "Quotation"), ("order", "Order"), ("invoice", "Invoice")],
        help="Where it was asked; a release holds for every stage.",
    )
    amount = fields.Monetary(
        required=True,
        help="The document passes up to this amount, with tax, in the company's "
        "currency.",
    )
    excess = fields.Monetary(
        help="By how much the customer was over his limit then, in the company's "
        "currency."
    )
    reason = fields.Char(required=True)
    valid_until = fields.Date(required=True)
    is_valid = fields.Boolean(
        compute="_compute_is_valid",
        search="_search_is_valid",
        help="It still lets its document pass.",
    )
    user_id = fields.Many2one("res.users", string="By", required=True)

    _document_idx = models.Index("(res_id, res_model)")

    @api.depends("valid_until")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for release in self:
            release.is_valid = release.valid_until >= today

    @api.model
    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = Domain("valid_until", ">=", today)
        return Domain.OR(valid if wanted else ~valid for wanted in value)

    def write(self, vals):  # pylint: disable=method-required-super
        """:raise UserError: always; what was answered for stays as it was"""
        raise UserError(self._get_written_once_message())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """:raise UserError: always"""
        raise UserError(self._get_written_once_message())

    @api.model
    def _get_written_once_message(self):
        return self.env._(
            "A release is written once and kept: make a new one for what has changed."
        )

    @api.model
    def _get_covered_amounts(self, documents, stage, action):
        """``{(document_id, customer_id): amount}`` up to which they pass.

        :param action: ``ask`` or ``block``; an acceptance answers the first only
        """
        among = Domain("kind", "=", "released")
        if action == "ask":
            among |= Domain("kind", "=", "accepted") & Domain("stage", "=", stage)
        releases = self._get_releases(documents, among)
        covered = {}
        for release in releases:
            key = (release.res_id, release.partner_id.id)
            covered[key] = max(covered.get(key, 0.0), release.amount)
        return covered

    @api.model
    def _get_releases(self, documents, among=(("kind", "=", "released"),)):
        """Those that still let the documents pass, newest first."""
        return self.search(
            Domain(among)
            & Domain("res_model", "=", documents._name)
            & Domain("res_id", "in", documents.ids)
            & Domain("is_valid", "=", True)
        )

    def action_open_document(self):
        """The document it was made for."""
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(
                self.env._("%s is gone: only its release was kept.", self.name)
            )
        return document.get_formview_action()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _forget_rows(self):
        """Why a manager let somebody pass goes, that they did is kept.

        In SQL: a release is written once.
        """
        releases = self.env["xpyme.risk.release"]
        releases.flush_model()
        told = self.env._("Forgotten customer")
        query = "UPDATE xpyme_risk_release SET reason = %s WHERE partner_id = ANY(%s)"
        self.env.cr.execute(SQL(query, told, self.ids))
        releases.invalidate_model()
        return super()._forget_rows()
