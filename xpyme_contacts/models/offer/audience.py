from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .campaign import DRAFT

ALL, CHOSEN, FILTER, DOMAIN = "all", "chosen", "filter", "domain"
# What a filter asks of the customer; each that is filled narrows it down.
_FILTERS = {
    "customer_type_ids": ("customer_type_id", "in"),
    "customer_route_ids": ("customer_route_id", "in"),
    "sales_region_ids": ("sales_region_id", "in"),
    "partner_category_ids": ("category_id", "child_of"),
}


class OfferCampaign(models.Model):
    """Who gets the offers, as a shop says it: all, these, those of a route or a town.

    What only a domain can say stays possible (``partner_domain``).
    """

    _inherit = "xpyme.offer.campaign"

    audience = fields.Selection(
        [
            (ALL, "All customers"),
            (CHOSEN, "These customers"),
            (FILTER, "Customers by type, route, region, tag or town"),
            (DOMAIN, "Advanced filter"),
        ],
        string="For",
        # What campaigns of before have; new ones begin with all customers.
        default=DOMAIN,
        required=True,
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "xpyme_offer_campaign_partner_rel",
        "campaign_id",
        "partner_id",
        string="These customers",
        domain="[('is_customer_card', '=', True)]",
    )
    customer_type_ids = fields.Many2many("xpyme.customer.type", string="Types")
    customer_route_ids = fields.Many2many("xpyme.customer.route", string="Routes")
    sales_region_ids = fields.Many2many("res.region", string="Sales regions")
    partner_category_ids = fields.Many2many("res.partner.category", string="Tags")
    towns = fields.Char(help="Several are separated by commas.")
    audience_count = fields.Integer(
        string="Customers found", compute="_compute_audience_count"
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "audience" in fields and not self.env.context.get("default_audience"):
            values["audience"] = ALL
        return values

    @api.model
    def _get_audience_fields(self):
        """What says who gets the offers: it is asked with its author's rights."""
        return {"audience", "partner_domain", "partner_ids", "towns", *_FILTERS}

    @api.model
    def _complete_audience(self, vals):
        """A program that writes a domain and says no more means that domain."""
        if "partner_domain" in vals and "audience" not in vals:
            return {**vals, "audience": DOMAIN}
        return vals

    @api.depends(
        lambda self: [*self._get_audience_fields(), "company_id", "partner_id"]
    )
    @api.depends_context("uid")
    def _compute_audience_count(self):
        for campaign in self:
            campaign.audience_count = 0
            if campaign.state != DRAFT:
                continue
            partners = campaign._get_partners()
            # What is typed and not saved is asked by whoever types it.
            if isinstance(campaign.id, int):
                partners = campaign._get_filtered_partners()
            try:
                with campaign._reading_filter(), self.env.cr.savepoint(flush=False):
                    domain = campaign._get_recipients_domain()
                    campaign.audience_count = partners.search_count(domain)
            except (AccessError, UserError):
                # It is said when the campaign is saved.
                continue

    def _get_filter(self):
        """Domain of the customers that the campaign is for."""
        self.ensure_one()
        if self.audience == ALL:
            return Domain.TRUE
        if self.audience == CHOSEN:
            return Domain("id", "in", self.partner_ids._origin.ids)
        if self.audience == FILTER:
            return self._get_named_filter()
        return Domain(literal_eval(self.partner_domain or "[]"))

    def _get_named_filter(self):
        """Of nobody while nothing is asked: all customers are a choice of their own."""
        parts = [
            Domain(fname, operator, self[name]._origin.ids)
            for name, (fname, operator) in _FILTERS.items()
            if self[name]
        ]
        towns = [town.strip() for town in (self.towns or "").split(",")]
        if any(towns):
            parts.append(
                Domain.OR(Domain("city", "=ilike", town) for town in towns if town)
            )
        return Domain.AND(parts) if parts else Domain.FALSE

    def action_open_audience(self):
        """The customers who are found, before the campaign is prepared."""
        self.ensure_one()
        self.check_access("read")
        with self._reading_filter():
            partners = self._get_filtered_partners()
            found = partners.search(self._get_recipients_domain())
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_customer_action"
        )
        return {**action, "domain": [("id", "in", found.ids)]}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_send_offer(self):
        """A campaign for the customers who are ticked in the list.

        :raise UserError: none of them is a customer
        """
        customers = self.commercial_partner_id.filtered("is_customer_card")
        if not customers:
            raise UserError(
                self.env._("None of these is a customer. Tick customers in the list.")
            )
        if len(customers) == 1:
            return customers.action_new_offer()
        name = self.env._("Offer to %s customers", len(customers))
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "xpyme.offer.campaign",
            "view_mode": "form",
            "context": {
                "default_name": name,
                "default_audience": CHOSEN,
                "default_partner_ids": customers.ids,
            },
        }
