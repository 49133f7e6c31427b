from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.figure_search import get_figure_domain
from ...tools.mailbox_query import get_boxes_sql
from .consent import CONSENT, TOLD, WITHDRAWN
from .offer import HANDED_OVER, SENT

_SUMMARY = """
    SELECT (SELECT max(sent_at) FROM xpyme_offer
             WHERE partner_id = card.id AND company_id = %(company)s),
           said.refused, said.agreed, said.told, said.dead
      FROM unnest(%(ids)s::int[]) WITH ORDINALITY AS card(id, number)
      LEFT JOIN (
           SELECT owner,
                  array_agg(email) FILTER (WHERE kind = 'withdrawn') AS refused,
                  max(date) FILTER (WHERE basis = 'consent') AS agreed,
                  bool_or(basis = 'customer') AS told,
                  array_agg(email) FILTER (WHERE EXISTS (
                      SELECT FROM xpyme_offer_suppression AS mailbox
                       WHERE mailbox.active AND mailbox.email = box.email)) AS dead
             FROM unnest(%(owners)s::int[], %(emails)s::text[]) AS box(owner, email)
             LEFT JOIN LATERAL %(last)s AS consent ON TRUE
            GROUP BY owner) AS said ON said.owner = card.number - 1
     ORDER BY card.number
"""
# Whose addresses said last of all what is asked for.
_SAID = """
    SELECT partner.id FROM res_partner partner
      JOIN LATERAL unnest(%(boxes)s) AS own(email) ON TRUE
      JOIN (SELECT DISTINCT event.email_hash FROM xpyme_offer_consent event
             WHERE event.company_id IN %(house)s AND %(column)s = %(said)s
               AND %(last)s = %(said)s) AS said ON said.email_hash = %(mark)s
"""


class ResPartner(models.Model):
    """What is offered to a customer, and what was (seed 004: Fidelización)."""

    _inherit = "res.partner"

    offer_line_ids = fields.One2many(
        "xpyme.offer.line",
        "partner_id",
        string="Offer",
        groups="sales_team.group_sale_salesman",
        help="What the customer's own offers by e-mail consist of, in this order.",
    )
    offer_ids = fields.One2many(
        "xpyme.offer",
        "partner_id",
        string="Sent offers",
        readonly=True,
        groups="sales_team.group_sale_salesman",
    )
    last_offer_date = fields.Date(
        string="Last offer",
        compute="_compute_address_summary",
        search="_search_last_offer_date",
        groups="sales_team.group_sale_salesman",
        help="When an offer was last sent to the customer.",
    )
    offers_refused = fields.Char(
        string="Refuses offers",
        compute="_compute_address_summary",
        groups="sales_team.group_sale_salesman",
        help="The addresses of the customer that want no more offers.",
    )
    offer_basis = fields.Selection(
        [
            ("consent", "Agreed to offers"),
            ("refused", "Refused offers"),
            ("customer", "Has bought"),
            ("none", "Neither bought nor agreed"),
        ],
        string="Why we may offer",
        compute="_compute_address_summary",
        search="_search_offer_basis",
        groups="sales_team.group_sale_salesman",
        help="What one of the addresses said last of all; without a word of theirs "
        "whether the customer has bought, or was told of offers when they did.",
    )
    offer_basis_date = fields.Date(
        string="Since",
        compute="_compute_address_summary",
        groups="sales_team.group_sale_salesman",
        help="When they agreed, or bought last.",
    )

    offer_consent_ids = fields.One2many(
        "xpyme.offer.consent",
        string="Consents to offers",
        compute="_compute_offer_consent_ids",
        groups="sales_team.group_sale_salesman",
        help="What the customer agreed to or refused, and what was said for one of his "
        "addresses, the newest first. Export it with the rest of his data.",
    )

    @api.depends("email", "document_email")
    @api.depends_context("company")
    def _compute_address_summary(self):
        """One query for what the card tells of its offers: it must open at once."""
        boxes = [partner._get_offer_mailboxes() for partner in self]
        rows = self._read_address_summary(boxes)
        for partner, row in zip(self, rows, strict=True):
            sent, refused, agreed, told, dead = row
            day = partial(fields.Datetime.context_timestamp, partner)
            partner.last_offer_date = sent and day(sent)
            partner.offers_refused = ", ".join(dict.fromkeys(refused or ()))
            partner.dead_mailboxes = ", ".join(dict.fromkeys(dead or ()))
            bought = partner.last_sale_date
            partner.offer_basis = (
                (agreed and "consent")
                or (refused and "refused")
                or ("customer" if told or bought else "none")
            )
            since = agreed and day(agreed) or not refused and bought
            partner.offer_basis_date = since

    def _read_address_summary(self, boxes):
        """For each partner: last offer, the ``boxes`` that want no more, when one of
        them agreed, whether one was told of offers when they bought, and those out of
        service."""
        if not any(self._origin.ids) and not any(boxes):
            return [(False, None, None, None, None)] * len(self)
        self.env["xpyme.offer"].flush_model(["partner_id", "sent_at", "company_id"])
        consents = self.env["xpyme.offer.consent"]
        consents.flush_model()
        self.env["xpyme.offer.suppression"].flush_model()
        pairs = [(number, box) for number, own in enumerate(boxes) for box in own]
        company_id = SQL("%s", self.env.company.id)
        query = SQL(
            _SUMMARY,
            ids=[partner._origin.id or 0 for partner in self],
            company=company_id,
            owners=[pair[0] for pair in pairs],
            emails=[pair[1] for pair in pairs],
            last=consents._get_last_sql(
                SQL("box.email"),
                company_id,
                SQL("consent.kind, consent.date, consent.basis"),
            ),
        )
        return self.env.execute_query(query)

    # === SEARCH ===#

    @api.model
    def _search_last_offer_date(self, operator, value):
        self.env["xpyme.offer"].flush_model(["partner_id", "sent_at", "company_id"])
        dates = SQL(
            "SELECT partner_id, max(sent_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date"
            " FROM xpyme_offer WHERE company_id = %s GROUP BY partner_id",
            self.env.tz.zone,
            self.env.company.id,
        )
        figure = "last_offer_date"
        return get_figure_domain(self, figure, operator, value, dates, link="id")

    @api.model
    def _search_offer_basis(self, operator, value):
        """As the field is reckoned: agreed before refused before bought."""
        self._check_field_access(self._fields["offer_basis"], "read")
        if operator != "in":
            return NotImplemented
        agreed, told = (self._get_said_domain("basis", b) for b in (CONSENT, TOLD))
        refused = self._get_said_domain("kind", WITHDRAWN)
        bought = told | Domain("last_sale_date", "!=", False)
        silent = ~agreed & ~refused
        domains = {
            "consent": agreed,
            "refused": refused & ~agreed,
            "customer": silent & bought,
            "none": silent & ~bought,
        }
        return Domain.OR(domains[basis] for basis in value if basis in domains)

    @api.model
    def _get_said_domain(self, column, said):
        """Domain of those one of whose addresses has said so last of all.

        :param column: of the register
        """
        consents = self.env["xpyme.offer.consent"]
        consents.flush_model()
        self.flush_model(["email", "document_email"])
        company = SQL("%s", self.env.company.id)
        query = SQL(
            _SAID,
            house=consents._get_house_sql(company),
            column=SQL.identifier("event", column),
            said=said,
            last=consents._get_last_of_mark_sql(
                SQL("event.email_hash"), company, SQL.identifier("consent", column)
            ),
            mark=consents._get_hash_sql(SQL("own.email")),
            boxes=get_boxes_sql(SQL("partner.email"), SQL("partner.document_email")),
        )
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s IN (%s)", SQL.identifier(alias, "id"), query
            )
        )

    # === CONSENTS ===#

    @api.depends("email", "document_email")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_offer_consent_ids(self):
        domain = self._get_offer_consent_domain()
        consents = self.env["xpyme.offer.consent"].search(domain)
        none = consents.browse()
        of_customer = consents.grouped("partner_id")
        of_address = consents.grouped("email_hash")
        for partner in self:
            found = [of_address.get(m, none) for m in partner._get_address_marks()]
            own = of_customer.get(partner._origin, none).union(*found)
            partner.offer_consent_ids = own.sorted()

    def _get_offer_consent_domain(self):
        """The consents noted for these customers, or for addresses of theirs."""
        marks = [mark for partner in self for mark in partner._get_address_marks()]
        return Domain("partner_id", "in", self._origin.ids) | Domain(
            "email_hash", "in", marks
        )

    def _get_address_marks(self):
        """What the register of consents tells the customer's addresses by."""
        hasher = self.env["xpyme.offer.consent"]._hash
        return [hasher(box) for box in self._get_offer_mailboxes()]

    def _get_offer_mailboxes(self):
        """The addresses that offers may go to, those of the e-mail first."""
        found = self._get_mailboxes().values()
        return [box for kinds in found for boxes in kinds.values() for box in boxes]

    # === PRICES ===#

    def _get_offer_prices(self, products, quantities, date, company, options):
        """The prices of articles in an offer to this customer.

        Extend it with prices that go before these: call ``super()``, put your own into
        what it answers and their origin into ``options["origins"]``.

        :param products: articles without a price typed for the offer
        :param quantities: a price for each, in the article's own unit
        :param options: see ``xpyme.offer.pricing._get_options``
        :return: ``{(product_id, quantity): price}`` as a quotation shows it, with the
            taxes that are included in the article's price, in the company's currency;
            nothing for an article that has no price
        """
        self.ensure_one()
        if options["margins"]:
            origin = "margin"
            prices = self._get_offer_margins(products, company, options)
        else:
            prices, origin = {}, "tariff"
            for quantity in quantities:
                arguments = (products, quantity, date, company, options)
                tariff = self._get_offer_tariff(*arguments)
                prices |= {(key.id, quantity): tariff[key.id] for key in products}
        options["origins"].update(dict.fromkeys(prices, origin))
        position = self._get_offer_position(options)
        return {
            key: products.browse(key[0])._to_fiscal_position(price, company, position)
            for key, price in prices.items()
        }

    def _get_offer_margins(self, products, company, options):
        """Cost with the campaign's margins; an article without cost has no price.

        :return: ``{(product_id, quantity): price}``, the same for every customer
        """
        known = options["costs"]
        # sudo: the price is told to the customer; who prepares offers sees no costs.
        for product in products.sudo().with_company(company):
            if product.id not in known:
                cost = product.pci_cost or product.standard_price
                known[product.id] = self._get_offer_unit_price(cost, product, company)
        return {
            (product.id, quantity): known[product.id] * (1 + margin / 100)
            for product in products
            for quantity, margin in options["margins"].items()
            if known[product.id] > 0
        }

    @api.model
    def _get_offer_unit_price(self, net, product, company):
        """A price without tax, with the taxes that the article's price includes."""
        taxes = product.taxes_id._filter_taxes_by_company(company)
        included = taxes.filtered("price_include")
        if not included:
            return net
        details = included._get_tax_details(
            net, 1.0, rounding_method="round_globally", special_mode="total_excluded"
        )
        return details["total_included"]

    def _get_offer_position(self, options):
        """The fiscal position of the customer's documents at his own address."""
        known = options["known_positions"]
        if self.id not in known:
            own = self.property_account_position_id
            if not own and self.country_id:
                own = options["positions"]._get_first_matching_fpos(self)
            known[self.id] = own
        return known[self.id]

    def _get_offer_untaxed(self, products, company, options):
        """Ids of those articles whose prices for this customer are without tax."""
        position = self._get_offer_position(options)
        known = options["untaxed"]
        for product in products:
            key = (product.id, position.id)
            if key not in known:
                taxes = product.taxes_id._filter_taxes_by_company(company)
                due = position.map_tax(taxes) if position else taxes
                known[key] = any(
                    tax.amount > 0 and not tax.price_include
                    for tax in due.flatten_taxes_hierarchy()
                )
        return {p.id for p in products if known[p.id, position.id]}

    def _get_offer_tariff(self, products, quantity, date, company, options):
        """``{product_id: price}`` of the customer's pricelist.

        The first customer of a batch has those of all with the same pricelist priced.
        """
        pricelist = self.property_product_pricelist
        known = options["tariffs"].setdefault((pricelist.id, quantity), {})
        if any(product.id not in known for product in products):
            wanted = products.union(*self._get_offer_demand(pricelist, options))
            new = wanted.filtered(lambda p: p.id not in known)
            prices = pricelist._get_products_price(new, quantity, date=date)
            rate = self._get_offer_rate(pricelist, date, company)
            known.update({key: price * rate for key, price in prices.items()})
        return known

    @api.model
    def _get_offer_rate(self, pricelist, date, company):
        """What a pricelist's money is worth in the company's."""
        currency = pricelist.currency_id or company.currency_id
        return currency._get_conversion_rate(
            currency, company.currency_id, company, date.date()
        )

    def _get_offer_demand(self, pricelist, options):
        """The articles wanted by the customers of the batch with a pricelist."""
        batch = self.browse(options["demand"])
        return [
            options["demand"][partner.id]
            for partner in batch
            if partner.property_product_pricelist == pricelist
        ]

    # === WHO GETS NONE ===#

    def _get_offer_refusals(self, company):
        """``{partner_id: reason}`` of the customers whom the company leaves out.

        What is said of the person or of his addresses is judged when the offers are
        enqueued and again when they are sent (``xpyme.offer._get_refusal_conditions``).
        """
        refusals = {}
        for reason, domain in self._get_offer_refusal_domains(company):
            domain = Domain("id", "in", self.ids) & Domain(domain)
            for partner in self.with_company(company).sudo().search(domain):
                refusals.setdefault(partner.id, reason)
        return refusals

    @api.model
    def _get_offer_refusal_domains(self, company):
        """Pairs of reason and domain of customers; a child appends its own."""
        wanted = [
            ("defaulter", "is_defaulter", company.offer_skip_defaulters),
            ("over_risk", "risk_exceeded", company.offer_skip_over_risk),
        ]
        return [
            (reason, [(fname, "=", True)])
            for reason, fname, skipped in wanted
            if skipped
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        """:raise UserError: a customer has been sent offers"""
        # sudo: whoever deletes a customer need not be allowed to see his offers.
        sent = self.env["xpyme.offer"].sudo()
        domain = [
            ("partner_id", "in", self.ids),
            ("state", "in", HANDED_OVER),
            ("email", "!=", False),
        ]
        if offer := sent.search(domain, limit=1):
            raise UserError(
                self.env._(
                    "%s has been sent offers, which stay as proof, and may still say "
                    "that he wants no more. Archive the customer instead, or forget "
                    "them.",
                    offer.partner_id.display_name,
                )
            )

    # === ACTIONS ===#

    def action_open_offers(self):
        """What has been offered to the customer, as it was sent."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_offer_action"
        )
        return {
            **action,
            "display_name": self.env._("Offers to %s", self.name),
            "domain": [("partner_id", "=", self.id)],
        }

    def action_open_offer_consents(self):
        """What the customer agreed to or refused, as it was said."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_offer_consent_action"
        )
        boxes = self._get_offer_mailboxes()
        return {
            **action,
            "domain": list(self._get_offer_consent_domain()),
            "context": {
                "default_partner_id": self.id,
                "default_email": boxes[0] if boxes else False,
            },
        }

    def action_open_offer_details(self):
        """The articles and prices that were offered to the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_offer_detail_action"
        )
        return {
            **action,
            "display_name": self.env._("Articles offered to %s", self.name),
            "domain": [("partner_id", "=", self.id), ("state", "=", SENT)],
        }

    def action_new_offer(self):
        """A campaign for this customer alone (seed 004: *Fidelización* of the card)."""
        vals = self._prepare_own_campaign_vals()
        return {
            "type": "ir.actions.act_window",
            "name": vals["name"],
            "res_model": "xpyme.offer.campaign",
            "view_mode": "form",
            "context": {f"default_{fname}": value for fname, value in vals.items()},
        }

    def action_preview_offer(self):
        """The mail that the customer's own lines make, before there is a campaign."""
        self.ensure_one()
        return self.env["xpyme.offer.preview"]._open_for(self)

    def _get_own_campaign(self):
        """What *Send an offer* would begin with, in memory."""
        vals = self._prepare_own_campaign_vals()
        return self.env["xpyme.offer.campaign"].new({"subject": vals["name"], **vals})

    def _prepare_own_campaign_vals(self):
        """Values of a campaign for this customer alone."""
        self.ensure_one()
        return {
            "partner_id": self.id,
            "name": self.env._("Offer to %s", self.name),
            "send_to_email": bool(self.email),
            "send_to_document_email": bool(self.document_email and not self.email),
        }
