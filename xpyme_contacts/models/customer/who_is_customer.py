from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, frozendict

from ...tools.inner import MIRROR_UNLOCKED
from ...tools.plain_text import storable
from ...tools.value_rule import ValueRule

# What decides who is a customer, with what a new partner has of it.
_DECIDING = {
    "customer_rank": 0,
    "parent_id": False,
    "is_company": False,
    "type": "contact",
    "fsm_location": False,
}


class ResPartner(models.Model):
    """Who is a customer: the card, decided here for every room.

    A *customer card* is a commercial entity with a customer rank that is no internal
    user's or company's partner, no address and no service location.
    """

    _inherit = "res.partner"

    customer_flag = fields.Boolean(
        string="Is Customer",
        help="Control mark for searches and lists. Ticked on a new card, it makes it a "
        "customer's card with a contact of its own.",
    )
    is_customer_card = fields.Boolean(
        string="Customer Card",
        compute="_compute_is_customer_card",
        store=True,
        help="Whether the rules of a customer's contacts hold for this record.",
    )
    is_user_partner = fields.Boolean(
        compute="_compute_is_user_or_company_partner", exportable=False
    )
    is_company_partner = fields.Boolean(
        compute="_compute_is_user_or_company_partner", exportable=False
    )

    _customer_card_idx = models.Index("(id) WHERE is_customer_card")

    # === WHO IS A CUSTOMER ===#

    @api.depends(
        *("customer_rank", "customer_flag", "type", "commercial_partner_id"),
        *("fsm_location", "partner_share", "ref_company_ids"),
    )
    def _compute_is_customer_card(self):
        for partner in self:
            wanted = partner.customer_rank > 0 or (
                partner.customer_flag and not partner._origin
            )
            partner.is_customer_card = (
                wanted
                and partner.commercial_partner_id == partner
                and partner.type in (False, "contact")
                and not partner.fsm_location
                and partner.partner_share
                and not partner.is_company_partner
            )

    def _will_be_customer(self, vals):
        """Whether ``vals`` make a customer card of ``self``, or of a new partner.

        A mark that is only a default makes nobody a customer.
        """
        given, context = dict(_DECIDING), self.env.context
        if not self:
            given.update(self.env["ir.default"]._get_model_defaults(self._name))
        for fname in _DECIDING:
            if self:
                given[fname] = self[fname]
            elif f"default_{fname}" in context:
                given[fname] = context[f"default_{fname}"]
        if not self and context.get("res_partner_search_mode") == "customer":
            given["customer_rank"] = given["customer_rank"] or 1
        given.update(vals)
        return bool(
            (given["customer_rank"] or vals.get("customer_flag") and not self)
            and (given["is_company"] or not given["parent_id"])
            and given["type"] in (False, "contact")
            and not given["fsm_location"]
            and (not self or self.partner_share and not self.is_company_partner)
        )

    def _is_of_customer(self, vals=None):
        """Whether one of ``self`` is a customer's, or will be with ``vals``.

        That is the card, its contacts and its addresses: our rules hold for them, and
        whoever else there is keeps Odoo's behaviour to the letter.

        :param vals: to be written on ``self``, or of a new partner if there is none
        """
        vals = vals or {}
        parent_id = vals.get("parent_id")
        if not self:
            parent_id = parent_id or self.env.context.get("default_parent_id")
        # sudo: no more than whether there is a customer above; who writes a contact may
        # not see all that it belongs to.
        owners = (self.sudo() + self.sudo().browse(parent_id)).commercial_partner_id
        if owners.filtered("is_customer_card"):
            return True
        if not self:
            return self._will_be_customer(vals)
        return not _DECIDING.keys().isdisjoint(vals) and any(
            partner._will_be_customer(vals) for partner in self
        )

    @api.model
    def _get_value_rules(self):
        """What is done to values before they are stored; a room appends its own.

        :return: list of ``ValueRule``, in the order in which they act
        """
        return [ValueRule("_complete_customer_vals", ("customer_flag",))]

    @api.model
    def _get_outcome_rules(self):
        """What is judged by comparing partners before and after they are written.

        :return: list of (method, names of fields); the method is a context manager of
            the partners written, entered when one of the fields is given
        """
        return []

    def _complete_new(self, vals_list):
        """What new partners get once they are there; a room adds its own.

        :param vals_list: for each of ``self``, the values as they were given
        """

    @api.model
    def _complete_customer_vals(self, vals_list, partners):
        """A new partner with the mark of customers is one from the start."""
        if partners is None:
            for vals in vals_list:
                if vals.get("customer_flag"):
                    vals["customer_rank"] = vals.get("customer_rank") or 1

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if values.get("name"):
            values.update(storable({"name": values["name"]}, lines=("name",)))
        if self.env.context.get("res_partner_search_mode") == "customer":
            values.setdefault("customer_flag", True)
        # Core also asks for defaults while it creates, and for records that there are.
        if not self and not self.env.context.get("xpyme_creating"):
            proposed = self._propose_on_screen(values, fields_list)
            values.update({k: v for k, v in proposed.items() if k in fields_list})
        return values

    @api.model
    def _get_new_defaults(self):
        """What a new partner has of fields that are not given: ``{name: value}``."""
        defaults = dict(self.env["ir.default"]._get_model_defaults(self._name))
        for key, value in self.env.context.items():
            if key.startswith("default_"):
                defaults[key.removeprefix("default_")] = value
        return defaults

    @api.model
    def _propose_on_screen(self, values, fields_list):
        """What a form for a new partner shows beside the defaults ``values``.

        It is no default: whoever is created without a form gets none of it.
        """
        if not self._will_be_customer(values):
            return {}
        return self._propose_card_vals({**self._get_new_defaults(), **values})

    @api.model
    def _propose_card_vals(self, vals):
        """What a new customer's ``vals`` lack, on a form or through any other door.

        :param vals: the values given, and the defaults of those that are not
        """
        return {}

    @api.model
    def _add_missing_default_values(self, values):
        """What a screen proposes is no default of a partner created without one."""
        creating = self.with_context(xpyme_creating=True)
        return super(ResPartner, creating)._add_missing_default_values(values)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for partner, vals in zip(self, vals_list, strict=True):
            if partner.is_customer_card:
                vals.setdefault("customer_rank", partner.customer_rank)
        return vals_list

    @api.model
    def _group_changes(self, vals_by_partner):
        """Pairs of partners and what they get; who gets the same is in one of them."""
        together = defaultdict(self.browse)
        for partner, vals in vals_by_partner.items():
            if vals:
                together[frozendict(vals)] |= partner
        return [*zip(together.values(), map(dict, together), strict=True)]

    def _write_followed(self, vals):
        """Write what ``self`` takes from a card that the user may write.

        In the manner of core's ``_update_address``: past the rules, the locks and the
        history of each; the customer's card tells the change.
        """
        # sudo: who follows may be a user's partner, which a salesperson may not write;
        # the values are those of the customer just written.
        followers = self.sudo().with_context(tracking_disable=True, **MIRROR_UNLOCKED)
        return super(ResPartner, followers).write(vals)

    # === USERS AND COMPANIES ===#

    @api.depends("user_ids", "ref_company_ids")
    def _compute_is_user_or_company_partner(self):
        """In SQL: whoever asks may see neither all users nor all companies.

        Archived users and companies count.
        """
        self.env["res.users"].flush_model(["partner_id"])
        self.env["res.company"].flush_model(["partner_id"])
        query = SQL(
            """
            SELECT partner_id, 'user' FROM res_users
             WHERE partner_id = ANY(%(ids)s)
             UNION
            SELECT partner_id, 'company' FROM res_company
             WHERE partner_id = ANY(%(ids)s)
            """,
            ids=self._origin.ids,
        )
        rows = set(self.env.execute_query(query)) if self._origin else set()
        for partner in self:
            partner.is_user_partner = (partner._origin.id, "user") in rows
            partner.is_company_partner = (partner._origin.id, "company") in rows
