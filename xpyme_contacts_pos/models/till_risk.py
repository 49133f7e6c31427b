from odoo import api, models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.notices import ACTIONS
from odoo.addons.xpyme_contacts.tools.risk_terms import LIMIT, STOPS

STAGE = "till"


class ResPartner(models.Model):
    """A till's tickets on account are a debt, until their session closes or they are
    invoiced (seed 004: Control Deuda)."""

    _inherit = "res.partner"

    @api.model
    def _get_document_stages(self, model):
        if model == "pos.order":
            return (STAGE,)
        return super()._get_document_stages(model)

    # === DEBT ===#

    @api.model
    def _get_risk_components(self):
        return {
            **super()._get_risk_components(),
            "till": {
                "excluded_by": "risk_excludes_till",
                "name": self.env._("Tickets on account"),
                "help": self.env._(
                    "What open sessions of the till have put on the customer's account "
                    "without an invoice."
                ),
                "source": "_get_risk_tickets",
                "model": "pos.order",
                "date": "date_order",
                "partner": "partner_id",
                "domain": self._get_risk_ticket_domain(),
            },
        }

    @api.model
    def _get_risk_ticket_domain(self):
        """The tickets of :meth:`_get_risk_tickets`."""
        return [
            ("state", "in", ("paid", "done")),
            ("account_move", "=", False),
            ("session_id.state", "!=", "closed"),
            ("payment_ids.payment_method_id.journal_id", "=", False),
        ]

    @api.model
    def _get_risk_tickets(self):
        """What tickets have on account: the payments of methods without a journal.

        A closed session has posted them, and an invoice holds them: they are open
        items then.
        """
        return SQL(
            """
            SELECT member.card_id, ticket.company_id, 'till', NULL::date, ticket.id,
                   ROUND(ROUND(SUM(payment.amount)::numeric
                       / COALESCE(NULLIF(ticket.currency_rate, 0), 1)::numeric, 8)
                       / scope.rounding) * scope.rounding
              FROM pos_order ticket
              JOIN pos_session session
                ON session.id = ticket.session_id AND session.state != 'closed'
              JOIN member ON member.id = ticket.partner_id
              JOIN scope ON scope.id = ticket.company_id
              JOIN pos_payment payment ON payment.pos_order_id = ticket.id
              JOIN pos_payment_method method
                ON method.id = payment.payment_method_id AND method.journal_id IS NULL
             WHERE ticket.state IN ('paid', 'done') AND ticket.account_move IS NULL
             GROUP BY member.card_id, ticket.company_id, ticket.id, scope.rounding
            """,
            to_flush=[
                *self._get_flushed_fields(
                    "pos.order",
                    *("partner_id", "company_id", "session_id", "state"),
                    *("account_move", "currency_rate"),
                ),
                *self._get_flushed_fields("pos.session", "state"),
                *self._get_flushed_fields(
                    "pos.payment", "pos_order_id", "amount", "payment_method_id"
                ),
                *self._get_flushed_fields("pos.payment.method", "journal_id"),
            ],
        )

    # === WHAT A CASHIER IS TOLD ===#

    def _get_notice_entries(self, company, model=None):
        """Add ``over_limit``: what happens to a customer over a limit, for a cashier
        who may not see debts; None within the limits."""
        entries = super()._get_notice_entries(company, model)
        figures, policy = {}, None
        if model == "pos.order" and not self._may_see_risk():
            # sudo: whether a limit is exceeded; which one and by how much stays here.
            figures = self.sudo()._get_risk_figures(company)
            policy = company._get_risk_action(STAGE)
        for customer in self:
            known = figures.get(customer._origin.id)
            is_over = bool(known and known["exceeded"])
            entries[customer.id]["over_limit"] = policy if is_over else None
        return entries

    @api.model
    def _get_notice_sources(self):
        return [*super()._get_notice_sources(), (LIMIT, "_get_hidden_limit_notices")]

    def _get_hidden_limit_notices(self, entry):
        """Without figures; *No Avisar* silences it."""
        if self.risk_no_warning or entry["over_limit"] in (None, "ignore"):
            return []
        return [self.env._("Over the limit.")]

    def _prepare_document_entry(self, entry, model):
        vals = super()._prepare_document_entry(entry, model)
        if entry["over_limit"] in STOPS:
            vals["action"] = max(vals["action"], entry["over_limit"], key=ACTIONS.index)
        return vals
