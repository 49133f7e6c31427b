from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .offer import SENT

# Orders of so many days after an offer are counted beside it.
_DAYS = 30
_ORDERS = """
    SELECT offer.campaign_id, array_agg(DISTINCT sale_order.id)
      FROM xpyme_offer offer
      JOIN res_partner buyer ON buyer.commercial_partner_id = offer.partner_id
      JOIN sale_order ON sale_order.partner_id = buyer.id
       AND sale_order.company_id = offer.company_id
       AND sale_order.date_order >= date_trunc('second', offer.sent_at)
       AND sale_order.date_order < offer.sent_at + %(span)s
     WHERE offer.campaign_id = ANY(%(ids)s) AND offer.state = %(sent)s
       AND sale_order.id IN %(orders)s
     GROUP BY offer.campaign_id
"""


class OfferCampaign(models.Model):
    """What came of a campaign; each figure opens what is behind it."""

    _inherit = "xpyme.offer.campaign"

    answer_count = fields.Integer(
        string="Answers",
        compute="_compute_results",
        help="Customers who answered; their answers are in their cards.",
    )
    leaver_count = fields.Integer(
        string="Want no more",
        compute="_compute_results",
        help="Addresses that refused further offers after this one.",
    )
    order_count = fields.Integer(
        string="Orders after it",
        compute="_compute_orders",
        help="Confirmed orders of its customers in the 30 days after their mail.",
    )

    @api.depends("state")
    def _compute_results(self):
        names = ("answer_count", "leaver_count")
        found = dict(zip(names, self._get_result_domains(), strict=True))
        for name, (model, fname, domain, counted) in found.items():
            domain = [(fname, "in", self._origin.ids), *domain]
            rows = self.env[model]._read_group(domain, [fname], [counted])
            counts = {record.id: count for record, count in rows}
            for campaign in self:
                campaign[name] = counts.get(campaign._origin.id, 0)

    @api.model
    def _get_result_domains(self):
        """Of answers and leavers: model, path to the campaign, domain, what counts."""
        offers, leavers = "xpyme.offer", self._get_leaver_domain()
        path, people = "offer_id.campaign_id", "email_hash:count_distinct"
        return [
            (offers, "campaign_id", [("answered_at", "!=", False)], "__count"),
            ("xpyme.offer.consent", path, leavers, people),
        ]

    @api.model
    def _get_leaver_domain(self):
        """Domain of the events by which somebody left."""
        return [("kind", "=", "withdrawn")]

    @api.depends("state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_orders(self):
        found = self._find_orders()
        for campaign in self:
            campaign.order_count = len(found.get(campaign._origin.id, ()))

    def _find_orders(self):
        """``{campaign id: ids of orders}``, as far as the user may see them."""
        orders, offers = self.env["sale.order"], self.env["xpyme.offer"]
        if not self._origin.ids or not orders.has_access("read"):
            return {}
        offers.flush_model(["campaign_id", "company_id", "partner_id", "sent_at"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        orders.flush_model(["company_id", "date_order", "partner_id"])
        query = SQL(
            _ORDERS,
            ids=self._origin.ids,
            sent=SENT,
            span=timedelta(days=_DAYS),
            orders=orders._search([("state", "=", "sale")]).subselect(),
        )
        return dict(self.env.execute_query(query))

    # === OPENING ===#

    def _open_result(self, xml_id, name, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {**action, "display_name": name, "domain": domain, "context": {}}

    def action_open_answers(self):
        return self._open_result(
            "xpyme_contacts.xpyme_offer_action",
            self.env._("Answers to %s", self.name),
            [("campaign_id", "=", self.id), ("answered_at", "!=", False)],
        )

    def action_open_leavers(self):
        return self._open_result(
            "xpyme_contacts.xpyme_offer_consent_action",
            self.env._("Want no more after %s", self.name),
            [("offer_id.campaign_id", "=", self.id), *self._get_leaver_domain()],
        )

    def action_open_orders(self):
        return self._open_result(
            "sale.action_orders",
            self.env._("Orders after %s", self.name),
            [("id", "in", self._find_orders().get(self.id, []))],
        )
