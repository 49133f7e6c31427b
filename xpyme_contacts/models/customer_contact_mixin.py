from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, clean_context, email_normalize

from ..tools.names import same_name

# Keys that RPC cannot forge: JSON carries no such object, so a client's context never
# holds it.
_SENTINEL = object()
WITHOUT_FIRST_CONTACT = {"xpyme_without_first_contact": _SENTINEL}
MIRROR_UNLOCKED = {"xpyme_mirror_unlocked": _SENTINEL}

_FIRST_CONTACT_FIELDS = {
    "contact_name": "name",
    "contact_phone": "phone",
    "contact_function": "function",
}


def _email_key(email):
    return email_normalize(email) or email or False


class CustomerContactMixin(models.AbstractModel):
    """The contacts of a customer (seed 000): the first one, and the mirror.

    A *customer card* is a commercial entity with a customer rank that is no user's or
    company's partner, no address and no service location. Its *contacts* are its
    children of type contact. The contact named like the customer is his *mirror*: its
    e-mail and address are the customer's. Nobody else follows, and nobody ever changes
    the customer.
    """

    _name = "xpyme.customer.contact.mixin"
    _description = "Contacts of a Customer"

    # === FIELDS ===#

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
    is_mirror_contact = fields.Boolean(
        string="Mirror Contact",
        compute="_compute_is_mirror_contact",
        store=True,
        help="Contact with the name of his customer: e-mail and address come from the "
        "customer's card.",
    )
    is_email_mirrored = fields.Boolean(compute="_compute_mirrored")
    is_address_mirrored = fields.Boolean(compute="_compute_mirrored")
    mirror_origin = fields.Char(
        string="Origin",
        compute="_compute_mirrored",
        help="Where the e-mail and the address of this contact come from.",
    )
    contact_ids = fields.One2many(
        "res.partner",
        "parent_id",
        string="Customer's Contacts",
        domain=[("type", "=", "contact"), ("is_company", "=", False)],
    )
    address_ids = fields.One2many(
        "res.partner",
        "parent_id",
        string="Addresses",
        domain=[("type", "in", ("invoice", "delivery", "other"))],
    )
    contact_count = fields.Integer(
        string="Number of Contacts", compute="_compute_contact_count"
    )
    contact_sequence = fields.Integer(
        string="Place in the List",
        help="Place of the contact in his customer's list; the first one is the "
        "customer's main contact.",
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
        "user_ids",
    )
    def _compute_is_customer_card(self):
        cards = self.filtered(
            lambda p: p.commercial_partner_id == p
            and p.type in (False, "contact")
            and not p.fsm_location
            and (p.customer_rank > 0 or p.customer_flag and not p._origin)
        )
        excluded_ids = cards._get_ids_of_users_and_companies()
        for partner in self:
            partner.is_customer_card = (
                partner in cards and partner._origin.id not in excluded_ids
            )

    @api.depends("name", "parent_id.name", "type", "is_company")
    def _compute_is_mirror_contact(self):
        for partner in self:
            partner.is_mirror_contact = (
                bool(partner.parent_id)
                and partner.type == "contact"
                and not partner.is_company
                and same_name(partner.name, partner.parent_id.name)
            )

    @api.depends("is_mirror_contact", "parent_id.is_customer_card")
    @api.depends_context("company", "lang")
    def _compute_mirrored(self):
        mirrors = self._filtered_mirrors()
        with_user = mirrors._filtered_with_user()
        for partner in self:
            mirrored = partner in mirrors
            partner.is_email_mirrored = mirrored and partner not in with_user
            partner.is_address_mirrored = (
                mirrored and not partner._keeps_native_address()
            )
            partner.mirror_origin = mirrored and self.env._("From the customer's card")

    def _compute_contact_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                self._get_contacts_domain(), ["parent_id"], ["__count"]
            )
        )
        for partner in self:
            partner.contact_count = counts.get(partner._origin, 0)

    @api.depends(
        "contact_ids.name",
        "contact_ids.phone",
        "contact_ids.function",
        "contact_ids.contact_sequence",
    )
    def _compute_first_contact(self):
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

    def _get_ids_of_users_and_companies(self):
        """Ids of those among ``self`` that are a user's or a company's partner.

        In SQL: whoever asks may see neither all users nor all companies.
        """
        if not self.ids:
            return set()
        self.env["res.users"].flush_model(["partner_id"])
        self.env["res.company"].flush_model(["partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM res_users WHERE partner_id = ANY(%(ids)s)
                UNION SELECT partner_id FROM res_company WHERE partner_id = ANY(%(ids)s)
                """,
                ids=self.ids,
            )
        )
        return {partner_id for (partner_id,) in rows}

    def _filtered_with_user(self):
        """Those whom a user logs in as, archived users included."""
        if not self:
            return self
        # sudo: whoever edits a contact may not see every user; only the fact is used.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        partner_ids = users.search([("partner_id", "in", self.ids)]).partner_id._ids
        return self.filtered(lambda p: p._origin.id in partner_ids)

    def _filtered_mirrors(self):
        """The mirror contacts of customer cards."""
        return self.filtered(
            lambda p: p.is_mirror_contact and p.parent_id.is_customer_card
        )

    def _keeps_native_address(self):
        """Whether the contact's company keeps Odoo's own address rule."""
        self.ensure_one()
        # sudo: one setting of the company, not the company's data.
        return (self.company_id or self.env.company).sudo().contacts_follow_address

    def _has_own_address(self):
        """Whether Odoo would tie this contact's address to a customer's, and we do not.

        So for any child of type contact below a customer card, and for a customer card
        that hangs from another partner.
        """
        self.ensure_one()
        if not self.parent_id or self.type != "contact":
            return False
        above = (
            self.commercial_partner_id,
            self.parent_id,
            self.parent_id.commercial_partner_id,
        )
        return (
            any(partner.is_customer_card for partner in above)
            and not self._keeps_native_address()
        )

    @api.model
    def _is_contact_of_card_vals(self, vals):
        """Whether a child to be created from ``vals`` keeps an address of his own."""
        if not vals.get("parent_id") or vals.get("type", "contact") != "contact":
            return False
        parent = self.browse(vals["parent_id"])
        return (
            parent.is_customer_card
            or parent.commercial_partner_id.is_customer_card
            or bool(vals.get("customer_flag") or vals.get("customer_rank"))
        )

    def _get_first_contact(self):
        """The first contact in the order of the grid."""
        self.ensure_one()
        return self.contact_ids.filtered("active")._sorted_as_shown()[:1]

    def _sorted_as_shown(self):
        """Contacts in the order of the grid: as dragged, unplaced ones last, by age."""
        last = float("inf")
        return self.sorted(lambda c: (c.contact_sequence or last, c._origin.id or last))

    def _get_contacts_domain(self):
        """Domain of the contacts of the customers ``self``."""
        return [
            ("parent_id", "in", self.ids),
            ("type", "=", "contact"),
            ("is_company", "=", False),
        ]

    def _search_mirrors(self):
        """The mirrors of the customers ``self``, archived ones included."""
        cards = self.filtered("is_customer_card")
        if not cards:
            return cards
        return (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search_fetch(
                [("parent_id", "in", cards.ids), ("is_mirror_contact", "=", True)],
                ["parent_id", "company_id", *self._get_mirrored_fields()],
            )
            .with_env(self.env)
        )

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
            self._create_first_contacts({self: {**typed, "contact_sequence": 1}})

    @api.model
    def _create_first_contacts(self, typed_by_card):
        """One contact per customer card, in one batch.

        :param typed_by_card: ``{card: values typed for its main contact}``
        """
        # What the caller's screen or import says about the customer is not meant for
        # his contact: without this he would be made a customer, or a company, himself.
        context = {
            key: value
            for key, value in clean_context(self.env.context).items()
            if key
            not in (
                "res_partner_search_mode",
                "import_file",
                "_partners_skip_fields_sync",
            )
        }
        return (
            self.env["res.partner"]
            .with_context(context)
            .create(
                [
                    card._prepare_first_contact_vals(typed)
                    for card, typed in typed_by_card.items()
                ]
            )
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
            **typed,
            "parent_id": self.id,
            "type": "contact",
            "is_company": False,
            "company_id": self.company_id.id,
        }
        if same_name(vals["name"], self.name):
            vals.update(self._get_address_values(), email=self.email)
        return vals

    # === MIRROR ===#

    @api.model
    def _get_technician_view_id(self, view_type):
        """Views without buttons that would refuse; None for any other user."""
        xmlid = {
            "form": "xpyme_contacts.xpyme_contact_view_form_technician",
            "list": "xpyme_contacts.xpyme_contact_view_list",
        }.get(view_type)
        if xmlid and self.env.user._is_service_technician():
            return self.env.ref(xmlid).id
        return None

    @api.model
    def _get_mirrored_fields(self):
        """What a mirror takes from his customer: the e-mail and the whole address."""
        return ["email", *self._address_fields()]

    @api.model
    def _get_mirror_triggers(self):
        """The fields whose change may concern a mirror; all others cost nothing."""
        return {
            "name",
            "parent_id",
            "type",
            "is_company",
            "active",
            "customer_rank",
            *self._get_mirrored_fields(),
        }

    def _is_mirror_unlocked(self):
        """Whether our own code is writing on mirrors; no client can say so."""
        return self.env.context.get("xpyme_mirror_unlocked") is _SENTINEL

    def _get_mirror_values(self):
        """``{mirror: {field: value}}`` of what is locked on the mirrors in ``self``."""
        if self._is_mirror_unlocked():
            return {}
        mirrors = self._filtered_mirrors()
        return {
            mirror: {fname: mirror[fname] for fname in mirror._get_locked_fields()}
            for mirror in mirrors
        }

    def _get_locked_fields(self):
        """The fields of this mirror that only his customer's card changes."""
        self.ensure_one()
        locked = ["email"] if self.is_email_mirrored else []
        return locked + (self._address_fields() if self.is_address_mirrored else [])

    def _check_mirror_lock(self, values_before):
        """After ``write``: what was locked is the customer's value, or as it was.

        Looking at the outcome, aliases (``zip_id``, street parts) and one2many commands
        are judged like a plain write, and a contact renamed away is free at once.

        :param values_before: ``_get_mirror_values()`` from before the write
        :raise UserError: a mirror's own e-mail or address was changed
        """
        for mirror, before in values_before.items():
            if not mirror._filtered_mirrors():
                continue
            for fname, value in before.items():
                allowed = (value, mirror.parent_id[fname])
                if not mirror._is_mirrored_value(fname, allowed):
                    raise UserError(
                        self.env._(
                            "%(field)s of the contact %(contact)s comes from the "
                            "customer's card, because both have the same name. Change "
                            "it on the card, or give the contact another name first.",
                            field=self._fields[fname]._description_string(self.env),
                            contact=mirror.name,
                        )
                    )

    def _is_mirrored_value(self, fname, allowed):
        """Whether the mirror's value is one of ``allowed``, an e-mail in any writing.

        Granting portal access writes the address in small letters.
        """
        self.ensure_one()
        value = self[fname]
        if fname == "email":
            return _email_key(value) in map(_email_key, allowed)
        return value in allowed

    def _follow_customers(self, vals, mirrors_before):
        """After ``write``: bring the mirrors concerned up to date.

        :param vals: the values written on ``self``
        :param mirrors_before: those in ``self`` that were mirrors before
        """
        # 1. From UPSTREAM: who has just become a mirror takes what is the customer's.
        (self._filtered_mirrors() - mirrors_before)._become_mirrors()
        # 2. To UPSTREAM: nothing, ever.
        # 3. To DOWNSTREAM: the customer's mirrors follow, emptied fields included.
        address = self._address_fields()
        fnames = ["email"] * ("email" in vals)
        fnames += address * any(fname in vals for fname in address)
        renamed = "name" in vals or "customer_rank" in vals
        if not (fnames or renamed or "active" in vals):
            return
        mirrors = self._search_mirrors()
        if renamed:
            mirrors._become_mirrors()
        if fnames:
            mirrors._take_from_customer(lambda customer: fnames)
        if any(fname in vals for fname in address):
            self.env["fsm.location"]._follow_customers(
                self.filtered("is_customer_card")
            )
        if "active" in vals:
            mirrors.filtered(lambda m: m.active != vals["active"])._write_mirrored(
                {"active": vals["active"]}
            )

    def _become_mirrors(self):
        """Take from the customer what he has; what he lacks, the mirror keeps.

        Values that give way are noted in the mirror's chatter.
        """

        def filled(customer):
            address = customer._address_fields() if customer._get_address_values() else []
            return ["email"] * bool(customer.email) + address

        before = {mirror: mirror._describe_mirrored() for mirror in self}
        for mirror in self._take_from_customer(filled):
            if before[mirror]:
                mirror._message_log(
                    body=self.env._(
                        "Named like his customer, this contact now takes e-mail and "
                        "address from the customer's card. Before: %(values)s",
                        values=before[mirror],
                    )
                )

    def _describe_mirrored(self):
        """The contact's own e-mail and address in one line; '' when he has none."""
        self.ensure_one()
        places = (self.zip, self.city, self.state_id.name, self.country_id.name)
        return ", ".join(filter(None, (self.email, self.street, self.street2, *places)))

    def _take_from_customer(self, get_fnames):
        """Write each customer's values on his mirrors, equal changes together.

        :param get_fnames: the fields to take, by customer
        :return: the mirrors that changed
        """
        changes = defaultdict(self.browse)
        with_user = self._filtered_with_user()
        for mirror in self:
            customer = mirror.parent_id
            own = {"email"} if mirror in with_user else set()
            own.update(self._address_fields() * mirror._keeps_native_address())
            change = tuple(
                (fname, self._fields[fname].convert_to_write(customer[fname], customer))
                for fname in get_fnames(customer)
                if fname not in own and mirror[fname] != customer[fname]
            )
            if change:
                changes[change] |= mirror
        for change, mirrors in changes.items():
            mirrors._write_mirrored(dict(change))
        return self.browse().union(*changes.values())

    # === COMMERCIAL FIELDS ===#

    @api.constrains(lambda self: self._synced_commercial_fields())
    def _check_commercial_fields_of_contact(self):
        """:raise ValidationError: a contact gets a tax id or tariff not his customer's

        Odoo would write it upward, on the customer and on everybody else of his.
        """
        for contact in self:
            customer = contact.commercial_partner_id
            if customer == contact or not customer.is_customer_card:
                continue
            for fname in self._synced_commercial_fields():
                if contact[fname] and contact[fname] != customer[fname]:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of the contact %(contact)s is the one of his "
                            "customer %(customer)s: change it on the customer's card.",
                            field=self._fields[fname]._description_string(self.env),
                            contact=contact.name,
                            customer=customer.name,
                        )
                    )

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
                    "%(customer)s has the service location %(location)s. Delete the "
                    "location first, or archive the customer.",
                    customer=locations.owner_id.name,
                    location=locations.name,
                )
            )

    # === ACTIONS ===#

    def action_open_contacts(self):
        """The contacts window of the customer whom ``self`` belongs to."""
        self.ensure_one()
        customer = self.commercial_partner_id
        title = self.env._("Contacts of %s", customer.name)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_contact_action"
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": customer._get_contacts_domain(),
            # Nothing of the caller's context: its defaults are for a customer.
            "context": {
                "default_parent_id": customer.id,
                "default_type": "contact",
                "default_company_id": customer.company_id.id,
            },
        }

    def action_print_contacts(self):
        """The contacts of the customers ``self``, or the contacts ``self``, as a PDF."""
        partners = self or self._get_customer_of_window()
        report = self.env.ref("xpyme_contacts.xpyme_contact_sheet_action")
        return report.report_action(partners)

    def action_download_contact_vcards(self):
        """One vCard file with the contacts ``self``, or those of the customers."""
        self._check_export_allowed()
        partners = self or self._get_customer_of_window()
        ids = ",".join(map(str, partners._get_printed_contacts().ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/xpyme_contacts/vcard?ids={ids}",
            "target": "download",
        }

    def _get_customer_of_window(self):
        """The customer whose contacts window is open, for a button without selection.

        :raise UserError: nothing is selected in a list of several customers
        """
        customer = self.browse(self.env.context.get("default_parent_id"))
        if not customer:
            raise UserError(self.env._("Select the contacts first."))
        return customer

    def _get_printed_contacts(self):
        """The contacts a printout of ``self`` shows: of customers theirs, else they."""
        customers = self.filtered(lambda p: p.commercial_partner_id == p)
        contacts = self.search(customers._get_contacts_domain())
        return (self - customers) | contacts
