from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.models.contact.phone_and_address import ADDRESS_TYPES


class PosConfig(models.Model):
    _inherit = "pos.config"

    def get_limited_partners_loading(self, offset=0):
        """The most frequent customers, without those who are none.

        Odoo takes whoever comes, and what it takes uses up the number that is loaded.
        Whom a country's addon needs is loaded beside them, not to be chosen.
        """
        partners = self.env["res.partner"]
        domain = partners._get_till_domain(self)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id
                  FROM res_partner partner
                  LEFT JOIN (SELECT partner_id, COUNT(*) AS tickets
                               FROM pos_order GROUP BY partner_id) sold
                    ON sold.partner_id = partner.id
                 WHERE partner.id IN %s
                 ORDER BY COALESCE(sold.tickets, 0) DESC, partner.name, partner.id
                 LIMIT %s OFFSET %s
                """,
                partners._search(domain).subselect(),
                self._get_limited_partner_count(),
                offset,
            )
        )
        if offset:
            # The list goes on.
            return rows
        loaded = super().get_limited_partners_loading()
        needed = set(self.env.execute_query(partners._get_brought_along_sql()))
        return rows + [row for row in loaded if row in needed]


class ResPartner(models.Model):
    """Whom a till loads and finds, and by what (seed 004: Códigos alternativos)."""

    _inherit = "res.partner"

    pos_codes = fields.Char(
        string="Codes at the Till",
        compute="_compute_pos_codes",
        exportable=False,
        help="Whatever a scanner may read to find the customer, one a line.",
    )
    is_till_customer = fields.Boolean(
        string="Customer at the Till",
        compute="_compute_is_till_customer",
        exportable=False,
        help="Whether a cashier may choose them. A till also loads whom it needs "
        "otherwise: who works at it, or an anonymous customer.",
    )

    @api.depends("ref", "alternative_code_ids.name")
    def _compute_pos_codes(self):
        # sudo: whoever finds a customer by name finds them by their codes.
        for partner, known in zip(self, self.sudo(), strict=True):
            codes = [known.ref, *known.alternative_code_ids.mapped("name")]
            partner.pos_codes = "\n".join(filter(None, codes))

    @api.depends(
        *("active", "type", "partner_share", "ref_company_ids", "fsm_location"),
        *("is_document_mailbox", "is_mirror_contact"),
    )
    def _compute_is_till_customer(self):
        domain = Domain("id", "in", self.ids) & self._get_till_customer_domain()
        customers = set(self.search(domain).ids)
        for partner in self:
            partner.is_till_customer = partner._origin.id in customers

    # === WHO IS A CUSTOMER AT THE TILL ===#

    @api.model
    def _get_till_config(self, config_id):
        """The till, if the user works at it.

        :raise AccessError: they do not
        """
        config = self.env["pos.config"].browse(config_id)
        config.check_access("read")
        self._check_works_in(config.company_id)
        return config

    @api.model
    def _get_till_domain(self, config):
        """Whoever may stand where the customer of a till is chosen: a branch sells to
        the customers of its head office."""
        # sudo: a cashier need not see the companies above theirs.
        companies = config.company_id.sudo().parent_ids.ids
        own = Domain("company_id", "in", (False, *companies))
        return own & self._get_till_customer_domain()

    @api.model
    def _get_till_customer_domain(self):
        """Whoever may be a customer at some till.

        No hidden mailbox, no mirror, who would be the customer once more, no address,
        no internal user, no company of the database, no service location, nobody whom
        a country's addon has brought along.
        """
        return (
            Domain("active", "=", True)
            & self._get_till_person_domain()
            & Domain("ref_company_ids", "=", False)
            & Domain("id", "not in", self._get_brought_along_sql())
        )

    @api.model
    def _get_till_person_domain(self):
        """Of whoever is a customer at some till what their card itself says."""
        return Domain("type", "in", (False, "contact")) & self._get_ticket_domain()

    @api.model
    def _get_ticket_domain(self):
        """Of whomever a ticket may name what their card itself says."""
        return (
            Domain("is_document_mailbox", "=", False)
            & Domain("is_mirror_contact", "=", False)
            & Domain("fsm_location", "=", False)
            & Domain("partner_share", "=", True)
        )

    def _may_be_sold_to(self):
        """Whether a ticket may name them: who is a customer at a till, archived too,
        an address of theirs, to which it is delivered, and whom a country has brought
        along.

        Of a customer's card the database is asked nothing.
        """
        self.ensure_one()
        # sudo: to tell who they are, not to show it.
        partner = self.sudo()
        customer = partner.commercial_partner_id
        judged = customer if partner.type in ADDRESS_TYPES else partner
        return (
            bool(partner.filtered_domain(self._get_ticket_domain()))
            and bool(judged.filtered_domain(self._get_till_person_domain()))
            and (customer.is_customer_card or not judged.is_company_partner)
        )

    @api.model
    def _get_brought_along_sql(self):
        """SQL of the anonymous customer and of the tax office of a country: they come
        with the country's addon, and tickets name them by themselves."""
        return SQL(
            "SELECT res_id FROM ir_model_data"
            " WHERE model = 'res.partner' AND module LIKE %s AND res_id IS NOT NULL",
            r"l10n\_%",
        )

    # === LOADING ===#

    @api.model
    def _load_pos_data_fields(self, config):
        """What is told of a customer comes with their entry, in one dialog."""
        names = [
            name
            for name in super()._load_pos_data_fields(config)
            if name != "sale_warn_msg"
        ]
        return [*names, "is_blocked", "is_till_customer", "ref", "pos_codes"]

    # === FINDING ===#

    @api.model
    @api.readonly
    def find_pos_partner(self, config_id, code):
        """Who is found by the very code scanned, as the till loads them.

        :return: rows by model; of nobody where none is found
        """
        config = self._get_till_config(config_id)
        partners = self._search_till_code(config, code)[:1]
        return self._prepare_till_partners(partners, config)

    @api.model
    def _search_till_code(self, config, code):
        code = str(code or "").strip()
        if not code:
            return self.browse()
        found = Domain("id", "in", self._find_by_code(code))
        found |= Domain("barcode", "=", code)
        return self.search(found & self._get_till_domain(config))

    @api.model
    def _prepare_till_partners(self, partners, config):
        positions = partners.fiscal_position_id
        return {
            "res.partner": self._load_pos_data_read(partners, config),
            "account.fiscal.position": positions._load_pos_data_read(positions, config),
        }

    @api.model
    def get_new_partner(self, config_id, domain, offset):
        """Who has the very code typed comes alone; nobody who is no customer comes."""
        config = self.env["pos.config"].browse(config_id)
        if not domain:
            return super().get_new_partner(config_id, domain, offset)
        found = self._search_till_code(config, self._get_till_term(domain))
        if found and not offset:
            return self._prepare_till_partners(found, config)
        domain = list(Domain(domain) & self._get_till_domain(config))
        return super().get_new_partner(config_id, domain, offset)

    @api.model
    def _get_till_term(self, domain):
        """What was typed into the till's search box, which adds a wildcard."""
        for condition in Domain(domain).iter_conditions():
            if condition.field_expr == "name" and isinstance(condition.value, str):
                return condition.value.removesuffix("%").strip()
        return ""
