from collections import namedtuple
from contextlib import contextmanager

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...tools.inner import heard
from ...tools.names import same_name
from ...tools.row_locks import lock, touch

# What the mirrors of the partners written were before.
Before = namedtuple("Before", "mirrors followers names")
# What one person has once: where two contacts differ in it they are two.
_TELLING_APART = (
    *("contact_code", "function", "email", "comment", "gender", "birthdate_date"),
    *("phone", "phone_extension", "phone2", "mobile", "fax", "stated_age"),
)


def _email_key(email):
    return email_normalize(email) or email or False


class ResPartner(models.Model):
    """The contact named like his customer: the *mirror* (seed 000).

    His e-mail and address are the customer's, locked on him and following the card.
    Nobody else follows a customer, and no contact ever changes his customer.
    """

    _inherit = "res.partner"

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

    _mirror_contact_idx = models.Index("(parent_id) WHERE is_mirror_contact")

    @api.depends("name", "parent_id.name", "type", "is_company", "is_document_mailbox")
    def _compute_is_mirror_contact(self):
        for partner in self:
            partner.is_mirror_contact = (
                bool(partner.parent_id)
                and partner.type == "contact"
                and not partner.is_company
                and not partner.is_document_mailbox
                and same_name(partner.name, partner.parent_id.name)
            )

    @api.depends("is_mirror_contact", "is_user_partner", "parent_id.is_customer_card")
    @api.depends_context("company", "lang")
    def _compute_mirrored(self):
        mirrors = self._filtered_mirrors()
        for partner in self:
            mirrored = partner in mirrors
            partner.is_email_mirrored = mirrored and partner._takes("email")
            partner.is_address_mirrored = mirrored and partner._takes("street")
            partner.mirror_origin = mirrored and self.env._("From the customer's card")

    def action_open_mirrored_card(self):
        """The card that a mirror contact's e-mail and address come from."""
        self.ensure_one()
        return self.commercial_partner_id.get_formview_action()

    # === WHO IS WHO ===#

    def _filtered_mirrors(self):
        """The mirror contacts of customer cards."""
        return self.filtered("is_mirror_contact").filtered("parent_id.is_customer_card")

    def _search_mirrors(self):
        """The mirrors of the customers among ``self``, archived ones included."""
        found = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("parent_id", "in", self.ids), ("is_mirror_contact", "=", True)])
            .with_env(self.env)
        )
        # Read together: one statement for the customers and for their mirrors.
        cards = (self | found).filtered("is_customer_card")
        return found.filtered(lambda m: m.parent_id in cards)

    def _is_same_person(self, other):
        """Whether merging two contacts of one name would lose nothing.

        What only one of them says is taken over; two users stay two people.
        """
        self.ensure_one()
        # sudo: personal data tells people apart for whoever may not see it.
        mine, others = self.sudo(), other.sudo()
        users = (mine | others).with_context(active_test=False).user_ids
        return len(users) < 2 and not any(
            mine[fname] and others[fname] and mine[fname] != others[fname]
            for fname in (*_TELLING_APART, *mine._address_fields())
        )

    def _takes(self, fname):
        """Whether this mirror takes a field from his customer."""
        self.ensure_one()
        if fname == "email":
            return not self.is_user_partner
        return not self._keeps_native_address()

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
            or self._will_be_customer(vals)
        )

    # === ORM ===#

    @api.model
    def _get_outcome_rules(self):
        """The innermost: whoever judges a customer sees the contacts up to date."""
        return [
            *super()._get_outcome_rules(),
            ("_followed_by_archived", ("company_id",)),
            ("_followed_by_contacts", self._get_mirror_triggers()),
        ]

    @contextmanager
    def _followed_by_contacts(self, vals):
        """Within it ``vals`` are written on customers and contacts; mirrors follow."""
        self._meet_sessions_of_customers(vals)
        before = Before(
            self._filtered_mirrors(),
            self._search_mirrors(),
            {partner: partner.name for partner in self},
        )
        locked = self._get_mirror_values()
        yield before.followers
        self._follow_customers(vals, before)
        self._follow_document_mailboxes(vals)
        self._release_moved_addresses(vals)
        self._check_mirror_lock(locked)

    def unlink(self):
        followers = self._search_mirrors() | self._search_document_mailboxes()
        return super(ResPartner, self | followers.with_env(self.env)).unlink()

    # === CORE'S SYNCHRONISATION ===#

    def _fields_sync(self, values):
        """A customer's contact takes the commercial fields, and nothing goes up.

        The contact's own address stays; a mirror's comes in ``write`` and ``create``.
        """
        if heard(self.env.context, "xpyme_mirror_unlocked"):
            return None
        if not self._has_own_address():
            return super()._fields_sync(values)
        if values.get("parent_id"):
            # sudo: as core does, the tree may hold partners of another salesperson.
            self.sudo()._commercial_sync_from_company()
        return self._children_sync(values)

    def _commercial_sync_to_descendants(self, fields_to_sync=None):
        """With nothing to sync core still dates, and so locks, every contact."""
        if fields_to_sync is None or fields_to_sync:
            return super()._commercial_sync_to_descendants(fields_to_sync)
        return None

    def _update_address(self, vals):
        followers = self.filtered(lambda partner: not partner._has_own_address())
        return super(ResPartner, followers)._update_address(vals)

    # === THE LOCK ===#

    @api.model
    def _get_mirrored_fields(self):
        """What a mirror takes from his customer: the e-mail and the whole address."""
        return ["email", *self._address_fields()]

    @api.model
    @tools.ormcache()
    def _get_mirror_triggers(self):
        """The fields whose change may concern a mirror; all others cost nothing."""
        return frozenset(
            ["active", *self._get_identity_fields(), *self._get_mirrored_fields()]
        )

    @api.model
    def _get_identity_fields(self):
        """The fields that decide who is a mirror of whom."""
        return {"name", "parent_id", "type", "is_company", "customer_rank"}

    def _get_mirror_values(self):
        """``{mirror: {field: value}}`` of what is locked on the mirrors in ``self``."""
        if heard(self.env.context, "xpyme_mirror_unlocked"):
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
        # The portal sends '' for what is left blank.
        return (value or False) in [other or False for other in allowed]

    # === SESSIONS ===#

    def _meet_sessions_of_customers(self, vals):
        """Before customers change, or contacts may become their mirrors."""
        lock(self.filtered("is_customer_card"))
        if {"name", "parent_id", "type", "is_company"} & vals.keys():
            followed = self._get_customers_followed()
            touch(followed | self.browse(vals.get("parent_id") or []))

    def _get_customers_followed(self):
        """The customers whose mirrors the contacts ``self`` are or may become."""
        contacts = self.filtered(lambda p: p.parent_id and p.type == "contact")
        return contacts.parent_id.filtered("is_customer_card")

    # === FOLLOWING ===#

    def _follow_customers(self, vals, before):
        """After ``write``: bring whoever follows ``self`` up to date.

        :param vals: the values written on ``self``
        :param before: which mirrors were in ``self``, which were of ``self``, and the
            names of ``self``
        """
        mirrors_before, followers = before.mirrors, before.followers
        written = map(self._fields.get, vals)
        if any(f.type == "one2many" and f.comodel_name == self._name for f in written):
            # The rows of the card's lists are saved with it, and may be deleted.
            followers = followers.exists()
        followers = followers.filtered(
            lambda m: m.is_mirror_contact and m.parent_id in self
        )
        # 1. From UPSTREAM: who has just become a mirror takes what is the customer's.
        if "parent_id" in vals:
            mirrors_before = self.browse()
        (self._filtered_mirrors() - mirrors_before)._become_mirrors()
        # 2. To UPSTREAM: nothing, ever.
        # 3. To DOWNSTREAM: the customer's mirrors follow, emptied fields included.
        if self._get_identity_fields() & vals.keys():
            followers = self._search_mirrors()
            followers._become_mirrors()
        address = self._address_fields()
        fnames = ["email"] * ("email" in vals)
        fnames += address * any(fname in vals for fname in address)
        if fnames:
            followers._take_from_customer(lambda customer: fnames)
        if "active" in vals:
            followers.filtered(lambda m: m.active != vals["active"])._write_followed(
                {"active": vals["active"]}
            )

    @contextmanager
    def _followed_by_archived(self, vals):
        """Odoo takes only active children to another company."""
        company_id = vals["company_id"]
        # sudo: as core writes on the children, whoever may see them.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        archived = partners.search(
            [
                ("parent_id", "in", self.ids),
                ("active", "=", False),
                ("company_id", "!=", company_id),
            ]
        )
        if archived:
            archived._write_followed({"company_id": company_id})
        yield

    def _become_mirrors(self):
        """Take from the customer what he has; what he lacks, the mirror keeps.

        A country alone, which each new card has, is no address. Values that give way
        are noted in the mirror's chatter.
        """

        def filled(customer):
            address = customer._address_fields()
            known = any(customer[name] for name in address if name != "country_id")
            return ["email"] * bool(customer.email) + address * known

        if not self:
            return
        before = {mirror: mirror._describe_mirrored() for mirror in self}
        changed = self._take_from_customer(filled) | self._leave_alternative_addresses()
        for mirror in changed:
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
        shown = self._get_address_shown()
        places = (shown.zip, shown.city, shown.state_id.name, shown.country_id.name)
        lines = (self.email, shown.street, shown.street2, *places)
        return ", ".join(filter(None, lines))

    def _take_from_customer(self, get_fnames):
        """Write each customer's values on his mirrors, equal changes together.

        :param get_fnames: the fields to take, by customer
        :return: the mirrors that changed
        """
        changes = {}
        for mirror in self:
            customer = mirror.parent_id
            changes[mirror] = {
                fname: self._fields[fname].convert_to_write(customer[fname], customer)
                for fname in get_fnames(customer)
                if mirror[fname] != customer[fname] and mirror._takes(fname)
            }
        for mirrors, vals in self._group_changes(changes):
            mirrors._write_followed(vals)
        return self.filtered(changes.get)
