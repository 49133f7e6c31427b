from contextlib import contextmanager

from odoo import api, fields, models, tools
from odoo.tools import clean_context

from ...tools.inner import FIRST_CONTACT, heard
from ...tools.names import same_name
from ...tools.plain_text import storable
from ...tools.row_locks import touch
from ...tools.value_rule import ValueRule

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


class ResPartner(models.Model):
    """The contacts of a customer (seed 000), and the first of them on the card.

    *Contacts* are the children of type contact of a customer card. A new card always
    gets one; the rest is up to the user.
    """

    _inherit = "res.partner"
    child_ids = fields.One2many(context={"active_test": False, **CHILD_CONTEXT})
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
        readonly=False,
        help="Name of the first contact of the list. Left empty on a new customer, the "
        "contact takes the customer's name.",
    )
    contact_phone = fields.Char(
        string="Contact's Phone",
        compute="_compute_first_contact",
        readonly=False,
        help="Direct phone of the main contact. It never follows the customer's phone.",
    )
    contact_function = fields.Char(
        string="Contact's Position",
        compute="_compute_first_contact",
        readonly=False,
        help="Position of the main contact in the customer's company.",
    )

    @api.depends("contact_ids")
    def _compute_contact_count(self):
        for partner in self:
            partner.contact_count = len(partner.contact_ids)

    @api.depends(
        "active",
        "contact_ids.active",
        "contact_ids.name",
        "contact_ids.phone",
        "contact_ids.function",
        "contact_ids.contact_sequence",
    )
    def _compute_first_contact(self):
        for partner, first in self._get_first_contacts().items():
            for fname, contact_fname in _FIRST_CONTACT_FIELDS.items():
                partner[fname] = first[contact_fname]

    # === WHO IS WHO ===#

    def _get_first_contacts(self):
        """``{customer: first contact}``; no more is read than the card shows."""
        self.with_context(active_test=False).contact_ids.fetch(
            ["active", "contact_sequence", *_FIRST_CONTACT_FIELDS.values()]
        )
        return {partner: partner._get_first_contact() for partner in self}

    def _get_first_contact(self):
        """The first contact in the order of the grid.

        Who was archived with their customer is still theirs.
        """
        self.ensure_one()
        contacts = self.with_context(active_test=False).contact_ids
        active = contacts.filtered("active")
        first = (active if self.active else active or contacts)._sorted_as_shown()[:1]
        return first.with_env(self.env)

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
    def _get_value_rules(self):
        rule = ValueRule("_leave_first_contact_vals", tuple(_FIRST_CONTACT_FIELDS))
        return [*super()._get_value_rules(), rule]

    @api.model
    def _leave_first_contact_vals(self, vals_list, partners):
        """What is typed for a main contact waits until the card is there."""
        if partners is None:
            for vals in vals_list:
                for fname in _FIRST_CONTACT_FIELDS:
                    vals.pop(fname, None)

    @api.model
    def _get_outcome_rules(self):
        rule = ("_followed_by_first_contact", tuple(_FIRST_CONTACT_FIELDS))
        return [*super()._get_outcome_rules(), rule]

    @contextmanager
    def _followed_by_first_contact(self, vals):
        """What is typed for a main contact is whose who is the first afterwards.

        Nothing else is written on him: what the card showed beside it may be of who was
        the first before.
        """
        typed = {}
        for fname in _FIRST_CONTACT_FIELDS.keys() & vals.keys():
            # As core asks of what it gets to see itself.
            self._check_field_access(self._fields[fname], "write")
            typed[_FIRST_CONTACT_FIELDS[fname]] = str(vals.pop(fname) or "").strip()
        yield
        self._write_first_contacts(typed)

    def _write_first_contacts(self, typed):
        """Write on the first contact of each customer, or make him.

        A blank name keeps the one he has: a contact is deleted in his list.
        """
        typed = {name: text or False for name, text in typed.items()}
        if not typed.get("name"):
            typed.pop("name", None)
        changes, missing = {}, {}
        for partner, first in self._get_first_contacts().items():
            if first:
                changes[first] = {k: v for k, v in typed.items() if v != first[k]}
            elif partner.is_customer_card and any(typed.values()):
                missing[partner] = typed
        for contacts, vals in self._group_changes(changes):
            contacts.write(vals)
        if missing:
            self.browse().union(*missing)._add_first_contacts(missing)

    def _complete_new(self, vals_list):
        """Contacts take what is their customer's; cards get a contact."""
        super()._complete_new(vals_list)
        if contacts := self.filtered("parent_id"):
            touch(contacts._get_customers_followed())
            contacts._filtered_mirrors()._become_mirrors()
        cards = self.filtered("is_customer_card")
        if not cards or heard(self.env.context, "xpyme_without_first_contact"):
            return
        without, given, defaults = {}, {}, self._get_new_defaults()
        for card, vals in zip(self, vals_list, strict=True):
            if card.is_customer_card:
                typed = self._get_typed_first_contact({**defaults, **vals})
                (given if card.contact_ids else without)[card] = typed
        self._create_first_contacts(without)
        for card, typed in given.items():
            if typed:
                card._add_typed_first_contact(typed)

    @api.model
    def _get_typed_first_contact(self, vals):
        """The main contact's own values in a new card's ``vals``, blanks left out."""
        typed, given = {}, _FIRST_CONTACT_FIELDS.keys() & vals.keys()
        if not given:
            return typed
        for fname in given:
            typed[_FIRST_CONTACT_FIELDS[fname]] = vals[fname]
        typed = storable(typed, self._fields)
        stripped = {name: str(value or "").strip() for name, value in typed.items()}
        return {name: text for name, text in stripped.items() if text}

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

        They get at once what core would write on each of them afterwards.

        :param typed_by_card: ``{card: values typed for its main contact}``
        """
        # What the caller's screen or import says about the customer is not meant for
        # his contact: without this he would be made a customer, or a company, himself.
        env = self.env(context=clean_context(self.env.context))
        partners = env["res.partner"].with_context(
            res_partner_search_mode=False,
            import_file=False,
            _partners_skip_fields_sync=True,
            # A contact made with the card has no history of its own yet.
            mail_notrack=True,
            **FIRST_CONTACT,
        )
        # sudo: what the customer has is the contact's, whether or not the user may
        # read it.
        vals_list = [
            card.sudo()._prepare_first_contact_vals(typed)
            for card, typed in typed_by_card.items()
        ]
        return partners._create_with_unseen(vals_list).with_env(self.env)

    @api.model
    def _create_with_unseen(self, vals_list):
        """Create as the user, whose own defaults go no further than their rights.

        :param vals_list: what the user may not write in it is written as superuser
        """
        self._complete_name_vals(vals_list, None)
        unseen = self._get_unseen_names()
        unseen_list = [
            {name: vals.pop(name) for name in unseen & vals.keys()}
            for vals in vals_list
        ]
        contacts = self.create(vals_list)
        # sudo: the customer's terms, which follow the contact anyway.
        contacts = contacts.sudo()
        unseen = dict(zip(contacts, unseen_list, strict=True))
        for alike, vals in contacts._group_changes(unseen):
            alike.write(vals)
        return contacts

    @api.model
    @tools.ormcache("self.env.uid", "self.env.su")
    def _get_unseen_names(self):
        """Names of commercial fields that the user may not write on a new contact."""
        if self.env.su:
            return frozenset()
        links = self._get_partner_links()
        return frozenset(
            name
            for name in self._commercial_fields()
            if name in links or not self._has_field_access(self._fields[name], "write")
        )

    def _add_first_contacts(self, typed_by_card):
        """The same for customers who have been there for longer.

        Other sessions may be changing them, other companies know them.
        """
        touch(self)
        contacts = self._create_first_contacts(typed_by_card)
        names = self._company_dependent_commercial_fields()
        # sudo: as core does, of companies where the user does not work.
        companies = self.env["res.company"].sudo()
        for company in companies.search([("id", "!=", self.env.company.id)]):
            there = contacts.sudo().with_company(company)
            terms = {
                contact: contact.parent_id._convert_fields_to_values(names)
                for contact in there
            }
            for alike, vals in there._group_changes(terms):
                alike.write(vals)
        return contacts

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
            **self._get_commercial_values(),
            "parent_id": self.id,
            "type": "contact",
            "is_company": False,
            "company_id": self.company_id.id,
        }
        if self.lang:
            vals["lang"] = self.lang
        is_mirror = same_name(vals["name"], self.name)
        if is_mirror:
            # Nobody else comes back with an archived customer, or leaves with him.
            vals["active"] = self.active
            vals["email"] = self.email
        if is_mirror or self._keeps_native_address():
            vals.update(self._get_address_values())
        return vals
