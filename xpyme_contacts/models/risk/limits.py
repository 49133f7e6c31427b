from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.risk_terms import RISK_GROUPS
from ...tools.risk_verdict import LIMITS


class ResPartner(models.Model):
    """How far a customer is trusted (seed 004: Control Deuda).

    Amounts are in the currency of the company at work, whose limits judge. *Riesgo* and
    *Límite Interno* are judged apart and never added up; 0 is no limit.
    """

    _inherit = "res.partner"

    # === FIELDS ===#

    # Core's field, for risk managers without accounting rights too.
    credit_limit = fields.Float(
        tracking=True,
        groups="account.group_account_invoice,account.group_account_readonly,"
        "xpyme_contacts.group_risk_manager",
    )
    internal_credit_limit = fields.Float(
        string="Internal Limit",
        company_dependent=True,
        copy=False,
        tracking=True,
        groups=RISK_GROUPS,
        help="A limit of one's own, judged apart from the granted risk and never added "
        "to it; 0 is no limit. In the company's currency.",
    )
    risk_by_vat = fields.Boolean(
        string="By Tax ID",
        copy=False,
        tracking=True,
        groups=RISK_GROUPS,
        help="Judges the debt and the limits of all customers with this tax id "
        "together, archived ones too.",
    )
    risk_no_warning = fields.Boolean(
        string="Do Not Warn",
        copy=False,
        tracking=True,
        groups=RISK_GROUPS,
        help="Documents do not tell that the customer is over a limit. What a limit "
        "asks or blocks stays.",
    )
    is_insured = fields.Boolean(
        string="Insured",
        copy=False,
        tracking=True,
        groups=RISK_GROUPS,
        help="A company insures what is sold to the customer. No limit changes.",
    )
    insurer_id = fields.Many2one(
        "res.partner",
        copy=False,
        index="btree_not_null",
        tracking=True,
        groups=RISK_GROUPS,
    )
    insured_amount = fields.Float(
        company_dependent=True,
        copy=False,
        tracking=True,
        groups=RISK_GROUPS,
        help="What the insurer covers, in the company's currency. For information.",
    )

    # === WHO IS JUDGED ===#

    @api.model
    def _get_judged_fields(self):
        return (*super()._get_judged_fields(), "risk_by_vat", "vat_key", *LIMITS)

    def _get_limited_customers(self, company):
        """Those of the customers ``self`` whom some limit may judge in a company."""
        # sudo: who has limits is not for every salesperson to read.
        limited = self.browse()
        for judge in company | company.root_id:
            customers = (self - limited).sudo().with_company(judge)
            customers.fetch((*LIMITS, "risk_by_vat", "vat_key"))
            limited |= customers.filtered(
                lambda c: c.risk_by_vat and c.vat_key or any(c[name] for name in LIMITS)
            ).with_env(self.env)
        return limited

    # === CHECKS ===#

    @api.constrains(*LIMITS, "insured_amount")
    def _check_risk_limits(self):
        """Limits and what an insurer covers are no negative amounts.

        :raise ValidationError: one is
        """
        # sudo: whoever writes one limit may not read the other.
        for partner in self.sudo():
            if min(*(partner[name] for name in LIMITS), partner.insured_amount) < 0:
                raise ValidationError(
                    self.env._(
                        "A limit of %s is negative: type 0 for no limit, or an amount.",
                        partner.display_name,
                    )
                )

    @api.model
    def _is_risk_manager(self):
        return self.env.user.has_group("xpyme_contacts.group_risk_manager")

    # === ACTIONS ===#

    def action_apply_risk_by_vat(self):
        """*Aplicar*: judge by tax id all cards that have this one's.

        :return: a notice with the number of cards, and of those out of reach
        :raise UserError: the customer has no tax id
        """
        self.ensure_one()
        key = self.commercial_partner_id.vat_key
        if not key:
            raise UserError(
                self.env._(
                    "%s has no tax id: type it in his card before you judge by tax id.",
                    self.commercial_partner_id.display_name,
                )
            )
        domain = [("vat_key", "=", key)]
        cards = self.with_context(active_test=False).search(domain)
        # sudo: only how many, among the cards of companies where the user is not.
        total = cards.sudo().search_count(domain)
        cards.filtered(lambda card: not card.risk_by_vat).risk_by_vat = True
        message = self.env._("%s cards are judged together.", len(cards))
        if total > len(cards):
            message += " " + self.env._(
                "%s cards of other companies were left as they are.",
                total - len(cards),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def get_risk_overview(self):
        """The risk report as a card shows it in a tab.

        :return: ``{"report_id": int, "html": str}``; an element with ``data-line-id``
            opens what its line is about: ``action_open_documents`` of
            ``xpyme.risk.report.line``
        """
        self.ensure_one()
        report = self.env["xpyme.risk.report"].create(
            {"partner_id": self.commercial_partner_id.id}
        )
        html = self.env["ir.qweb"]._render(
            "xpyme_contacts.risk_overview", {"report": report}
        )
        return {"report_id": report.id, "html": str(html)}

    def action_open_risk_report(self):
        """*Revisar riesgo* (seed 004): what the customer owes, explained."""
        self.ensure_one()
        report = self.env["xpyme.risk.report"].create(
            {"partner_id": self.commercial_partner_id.id}
        )
        return report._get_action()
