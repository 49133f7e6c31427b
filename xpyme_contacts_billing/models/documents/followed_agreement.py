from contextlib import ExitStack, contextmanager

from odoo import api, models


class ResPartner(models.Model):
    """Drafts follow what is agreed anew, posted invoices never."""

    _inherit = "res.partner"

    @api.model
    def _get_outcome_rules(self):
        rule = ("_followed_by_drafts", ("payment_days", "leave_ignore_year"))
        return [*super()._get_outcome_rules(), rule]

    @contextmanager
    def _followed_by_drafts(self, _vals=None):
        """Within it the agreement of customers changes; their drafts follow."""
        customers = self.filtered(lambda p: p.commercial_partner_id == p)
        drafts = customers._get_draft_invoices()
        with ExitStack() as followed:
            if drafts:
                container = {"records": drafts}
                followed.enter_context(drafts._check_balanced(container))
                followed.enter_context(drafts._sync_dynamic_lines(container))
            yield
            drafts.modified(["invoice_payment_term_id"])

    def _adopt_leaves(self):
        """What came over to a contact or an address is the customer's."""
        others = self.filtered(lambda p: p.commercial_partner_id != p)
        # sudo: leaves of customers that the user has just been allowed to merge.
        leaves = self.env["xpyme.customer.leave"].sudo()
        for leave in leaves.search([("partner_id", "in", others.ids)]):
            leave.partner_id = leave.partner_id.commercial_partner_id

    def _get_draft_invoices(self):
        # sudo: due dates follow the customer, whoever may change what they agreed.
        moves = self.env["account.move"].sudo()
        moves = moves.with_context(skip_is_manually_modified=True)
        domain = [
            ("commercial_partner_id", "in", self.ids),
            ("state", "=", "draft"),
            ("move_type", "=", "out_invoice"),
        ]
        return moves.search(domain) if self else moves


class CustomerLeave(models.Model):
    """A leave is the customer's, whichever of their contacts or addresses it is typed
    for, and so are the drafts that follow it."""

    _inherit = "xpyme.customer.leave"

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["partner_id"])
        vals_list = [self._with_customer({**default, **vals}) for vals in vals_list]
        partners = self.env["res.partner"].browse(
            {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        )
        with partners._followed_by_drafts():
            return super().create(vals_list)

    def write(self, vals):
        vals = self._with_customer(vals)
        partners = self.partner_id
        if vals.get("partner_id"):
            partners |= partners.browse(vals["partner_id"])
        with partners._followed_by_drafts():
            return super().write(vals)

    def unlink(self):
        with self.partner_id._followed_by_drafts():
            return super().unlink()

    @api.model
    def _with_customer(self, vals):
        if not vals.get("partner_id"):
            return vals
        partner = self.env["res.partner"].browse(vals["partner_id"])
        return {**vals, "partner_id": partner.commercial_partner_id.id}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Leaves and invoices come over by SQL: drafts follow all leaves then."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        drafts = partners.commercial_partner_id._get_draft_invoices()
        before = {draft: draft.due_date_moves for draft in drafts}
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        partners.exists()._adopt_leaves()
        drafts.modified(["commercial_partner_id"])
        drafts._follow_agreement(before)
        return result
