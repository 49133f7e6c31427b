from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, clean_context

from ..tools.names import same_name

# A key that RPC cannot forge: JSON carries no such object, so a client's context never
# holds it.
_SENTINEL = object()
WITHOUT_FIRST_CONTACT = {"xpyme_without_first_contact": _SENTINEL}

# The customers of lists and choices: subsidiaries that are cards of their own, too.
CUSTOMERS = [
    ("customer_rank", ">", 0),
    "|",
    ("parent_id", "=", False),
    ("is_company", "=", True),
    ("fsm_location", "=", False),
]

# What the customers' screens say about a new customer is not meant for his contacts and
# addresses. A view's context reaches the screen's own requests only, the one on a field
# whatever is saved through it.
CHILD_CONTEXT = {
    "default_is_company": False,
    "default_customer_flag": False,
    "default_customer_rank": 0,
    "res_partner_search_mode": False,
}

_FIRST_CONTACT_FIELDS = {
    "contact_name": "name",
    "contact_phone": "phone",
    "contact_function": "function",
}


class CustomerContactMixin(models.AbstractModel):
    """The contacts of a customer (seed 000), and the first of them on his card.

    A *customer card* is a commercial entity with a customer rank that is no user's or
    company's partner, no address and no service location. Its *contacts* are its
    children of type contact. A new card always gets one; the rest is up to the user.
    """

    _name = "xpyme.customer.contact.mixin"
    _description = "Contacts of a Customer"

    customer_flag = fields.Boolean(
        string="Is Customer",
        help="Control mark for searches and lists. Ticked on a new card, it makes it a "
        "customer's card with a contact of its own.",
    )
    is_customer_card = fields.Boolean(
        string="Customer Card",
        compute="_compute_is_customer_card",
        help="Whether the rules of a customer's contacts hold for this record.",
    )
    is_user_partner = fields.Boolean(
        compute="_compute_is_user_or_company_partner", exportable=False
    )
    is_company_partner = fields.Boolean(
        compute="_compute_is_user_or_company_partner", exportable=False
    )
    contact_ids = fields.One2many(
        "res.partner",
        "parent_id",
        string="Customer's Contacts",
        domain=[
            ("type", "=", "contact"),
            ("is_company", "=", False),
            ("is_document_mailbox", "=", False),
        ],
        context=CHILD_CONTEXT,
    )
    address_ids = fields.One2many(
        "res.partner",
        "parent_id",
        string="Addresses",
        domain=[("type", "in", ("invoice", "delivery", "other"))],
        context=CHILD_CONTEXT,
    )
    contact_count = fields.Integer(
        string="Number of Contacts", compute="_compute_contact_count"
    )
    contact_name = fields.Char(
        string="Main Contact",
        compute="_compute_first_contact",
        inverse="_inverse_first_contact",
        help="Name of the first contact of the list. Left empty on a new customer, the "
        "contact takes the customer's name.",
    )
    contact_phone = fields.Char(
        string="Contact's Phone",
        compute="_compute_first_contact",
        inverse="_inverse_first_contact",
        help="Direct phone of the main contact. It never follows the customer's phone.",
    )
    contact_function = fields.Char(
        string="Contact's Position",
        compute="_compute_first_contact",
        inverse="_inverse_first_contact",
        help="Position of the main contact in the customer's company.",
    )

    # === COMPUTE METHODS ===#

    @api.depends(
        "customer_rank",
        "customer_flag",
        "type",
        "commercial_partner_id",
        "fsm_location",
        "is_user_partner",
        "is_company_partner",
    )
    def _compute_is_customer_card(self):
        for partner in self:
            partner.is_customer_card = (
                partner.commercial_partner_id == partner
                and partner.type in (False, "contact")
                and not partner.fsm_location
                and (
                    partner.customer_rank > 0
                    or partner.customer_flag
                    and not partner._origin
                )
                and not partner.is_user_partner
                and not partner.is_company_partner
            )

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

    @api.depends("contact_ids")
    def _compute_contact_count(self):
        for partner in self:
            partner.contact_count = len(partner.contact_ids)

    @api.depends(
        "contact_ids.name",
        "contact_ids.phone",
        "contact_ids.function",
        "contact_ids.contact_sequence",
    )
    def _compute_first_contact(self):
        if len(self) > 1:
            # A list asks once for all; a card reads its contacts' rows whole anyway.
            fnames = _FIRST_CONTACT_FIELDS.values()
            self.contact_ids.fetch(["active", "contact_sequence", *fnames])
        for partner in self:
            first = partner._get_first_contact()
            for fname, contact_fname in _FIRST_CONTACT_FIELDS.items():
                partner[fname] = first[contact_fname]

    def _inverse_first_contact(self):
        """Write the card's contact fields on the first contact, or make him.

        A blank name keeps the one he has: a contact is deleted in his list.
        """
        for partner in self:
            first = partner._get_first_contact()
            typed = {
                contact_fname: partner[fname]
                for fname, contact_fname in _FIRST_CONTACT_FIELDS.items()
            }
            if not (typed["name"] or "").strip():
                del typed["name"]
            if first:
                first.write({k: v for k, v in typed.items() if v != first[k]})
            elif partner.is_customer_card and any(typed.values()):
                partner._create_first_contacts({partner: typed})

    # === WHO IS WHO ===#

    def _get_first_contact(self):
        """The first contact in the order of the grid."""
        self.ensure_one()
        return self.contact_ids.filtered("active")._sorted_as_shown()[:1]

    def _get_contacts_domain(self):
        """Domain of the contacts of the customers ``self``."""
        return [
            ("parent_id", "in", self.ids),
            ("type", "=", "contact"),
            ("is_company", "=", False),
            ("is_document_mailbox", "=", False),
        ]

    # === FIRST CONTACT ===#

    @api.model
    def _pop_first_contact_vals(self, vals):
        """Take the main contact's values out of a new card's ``vals``.

        :return: the contact's own values, stripped, blanks left out
        """
        typed = {
            contact_fname: (vals.pop(fname, None) or "").strip()
            for fname, contact_fname in _FIRST_CONTACT_FIELDS.items()
        }
        return {fname: value for fname, value in typed.items() if value}

    def _complete_contacts(self, typed_list):
        """After ``create``: mirrors take what is their customer's, cards get a contact.

        :param typed_list: for each record, the main contact's values as typed
        """
        self._filtered_mirrors()._become_mirrors()
        if self.env.context.get("xpyme_without_first_contact") is _SENTINEL:
            return
        typed = dict(zip(self, typed_list, strict=True))
        cards = self.filtered("is_customer_card")
        if not cards:
            return
        contacts = self.env["res.partner"].search_fetch(
            cards._get_contacts_domain(), ["parent_id"]
        )
        given = contacts.parent_id
        self._create_first_contacts({card: typed[card] for card in cards - given})
        for card in given.filtered(typed.get):
            card._add_typed_first_contact(typed[card])

    def _add_typed_first_contact(self, typed):
        """The main contact was typed beside a list of contacts: he goes first in it."""
        self.ensure_one()
        known = self.contact_ids.filtered(
            lambda c: same_name(c.name, typed.get("name", c.name))
        )[:1]
        if known:
            known.write({k: v for k, v in typed.items() if not known[k]})
        else:
            first = min(self.contact_ids.mapped("contact_sequence")) - 1
            self._create_first_contacts({self: {**typed, "contact_sequence": first}})

    @api.model
    def _create_first_contacts(self, typed_by_card):
        """One contact per customer card, in one batch.

        :param typed_by_card: ``{card: values typed for its main contact}``
        """
        # What the caller's screen or import says about the customer is not meant for
        # his contact: without this he would be made a customer, or a company, himself.
        env = self.env(context=clean_context(self.env.context))
        contacts = env["res.partner"].with_context(
            res_partner_search_mode=False,
            import_file=False,
            _partners_skip_fields_sync=False,
        )
        return contacts.create(
            [
                card._prepare_first_contact_vals(typed)
                for card, typed in typed_by_card.items()
            ]
        )

    def _prepare_first_contact_vals(self, typed):
        """Values of a customer's main contact; each blank is filled on its own.

        E-mail and address are copied only to a mirror: on another person they would
        grow stale, and they are not his.
        """
        self.ensure_one()
        vals = {
            "name": self.name,
            "phone": self.phone,
            "contact_sequence": 0,
            **typed,
            "parent_id": self.id,
            "type": "contact",
            "is_company": False,
            "active": self.active,
            "company_id": self.company_id.id,
        }
        if same_name(vals["name"], self.name):
            vals.update(self._get_address_values(), email=self.email)
        return vals

    # === DELETION ===#

    @api.ondelete(at_uninstall=False)
    def _unlink_except_owner_of_location(self):
        """:raise UserError: the customer owns a service location"""
        # sudo: who deletes a customer may have no rights on service locations.
        locations = (
            self.env["fsm.location"]
            .sudo()
            .with_context(active_test=False)
            .search(
                ["|", ("owner_id", "in", self.ids), ("partner_id", "in", self.ids)],
                limit=1,
            )
        )
        if locations:
            raise UserError(
                self.env._(
                    "%(customer)s cannot be deleted, because the service location "
                    "%(location)s is his. Archive the customer instead.",
                    customer=locations.owner_id.name,
                    location=locations.name,
                )
            )
