from odoo import api, fields, models

from ..tools.plain_text import storable
from .customer_contact_mixin import CHILD_CONTEXT
from .customer_risk_query_mixin import FIGURES
from .customer_search_mixin import search_index
from .mirror_contact_mixin import MIRROR_UNLOCKED
from .sessions import touch

# Views without buttons that would refuse.
_TECHNICIAN_VIEWS = {
    "form": "xpyme_contacts.xpyme_contact_view_form_technician",
    "list": "xpyme_contacts.xpyme_contact_view_list",
}
_PERSONAL = "xpyme_contacts.group_customer_documents"


class ResPartner(models.Model):
    """The hub: which concerns a partner has, and every override of a base hook.

    A mixin's override of a hook that ``res.partner`` itself defines would never be
    called, so the mixins only add names and the hooks call them here.
    """

    _name = "res.partner"
    _inherit = [
        "res.partner",
        "xpyme.customer.contact.mixin",
        "xpyme.mirror.contact.mixin",
        "xpyme.contact.order.mixin",
        "xpyme.contact.detail.mixin",
        "xpyme.contact.window.mixin",
        "xpyme.customer.tax.id.mixin",
        "xpyme.customer.import.mixin",
        "xpyme.customer.code.mixin",
        "xpyme.alternative.code.mixin",
        "xpyme.customer.search.mixin",
        "xpyme.contact.code.mixin",
        "xpyme.customer.file.mixin",
        "xpyme.postal.code.mixin",
        "xpyme.customer.sales.mixin",
        "xpyme.customer.followup.mixin",
        "xpyme.customer.service.mixin",
        "xpyme.customer.mailbox.mixin",
        "xpyme.document.mailbox.mixin",
        "xpyme.customer.personal.mixin",
        "xpyme.customer.exposure.mixin",
        "xpyme.customer.risk.query.mixin",
        "xpyme.customer.risk.explanation.mixin",
        "xpyme.customer.risk.mixin",
        "xpyme.customer.notice.mixin",
        "xpyme.customer.offer.mixin",
        "xpyme.customer.consent.mixin",
        "xpyme.partner.tracking.mixin",
        "xpyme.technician.guard",
    ]

    _rec_names_search = [
        "complete_name",
        "email",
        "ref",
        "vat",
        "company_registry",
        "trade_name",
        "contact_code",
    ]

    child_ids = fields.One2many(context={"active_test": False, **CHILD_CONTEXT})

    # Personal data, of OCA's. A copy would be refused to whoever may not read it.
    id_numbers = fields.One2many(groups=_PERSONAL)
    birthdate_date = fields.Date(groups=_PERSONAL, copy=False)
    age = fields.Integer(groups=_PERSONAL)

    _search_idx = models.Index(search_index)
    # Core's field, for risk managers without accounting rights too.
    credit_limit = fields.Float(
        tracking=True,
        groups="account.group_account_invoice,account.group_account_readonly,"
        "xpyme_contacts.group_risk_manager",
    )

    _mirror_contact_idx = models.Index("(parent_id) WHERE is_mirror_contact")
    _customer_code_unique = models.UniqueIndex(
        "(customer_code, coalesce(company_id, 0)) WHERE customer_code > 0",
        "This customer code has just been given to another customer. Choose another "
        "one, or press the button beside it for the first free code.",
    )
    _contact_code_unique = models.UniqueIndex(
        "(parent_id, (type = 'contact'), lower(contact_code))"
        " WHERE contact_code IS NOT NULL AND parent_id IS NOT NULL",
        "This code has just been given to another contact or address of the customer. "
        "Choose another one.",
    )

    # === ORM ===#

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("res_partner_search_mode") == "customer":
            values.setdefault("customer_flag", True)
        if "registration_date" in fields_list:
            self._complete_registration_vals(values)
        if "contact_sequence" in fields_list:
            values.setdefault("contact_sequence", self._get_default_place())
        return values

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [storable(vals, self._fields) for vals in vals_list]
        typed_list = [self._pop_first_contact_vals(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("customer_flag"):
                vals["customer_rank"] = vals.get("customer_rank") or 1
            self._complete_registration_vals(vals)
            self.browse()._check_risk_limit_vals(vals)
            self._normalise_tax_id_vals(vals)
            self._complete_customer_file_vals(vals)
            self._complete_mailbox_vals(vals)
            self._complete_contact_detail_vals(vals)
        self._complete_company_vals(vals_list)
        self._complete_postal_code_vals(vals_list)
        self._complete_contact_code_vals(vals_list)
        self._complete_contact_place_vals(vals_list)
        self._complete_code_vals(vals_list)
        partners = super().create(vals_list)
        partners._give_missing_codes()
        touch(partners._get_customers_followed())
        partners._complete_contacts(typed_list)
        return partners

    def write(self, vals):
        self._check_risk_limit_vals(vals)
        if len(self) > 1 and self._writes_names_apart(vals):
            return all(partner.write(vals) for partner in self)
        vals = self._complete_written_vals(vals)
        if "company_id" in vals:
            self._take_archived_along(vals["company_id"])
        touched = self._with_touched(vals)
        if not self._get_mirror_triggers() & vals.keys():
            return super(ResPartner, touched).write(vals)
        self._meet_sessions_of_customers(vals)
        followers = self._search_mirrors()
        mirrors = self._filtered_mirrors()
        values_before, names_before = self._get_mirror_values(), self.mapped("name")
        # What core's write asks about each partner is asked for all of them at once.
        partners = touched.with_prefetch((self | followers)._ids)
        result = super(ResPartner, partners).write(vals)
        self._follow_customers(vals, mirrors, followers)
        if "name" in vals and any(partner.customer_rank for partner in self):
            self.env["fsm.location"]._follow_names(self, names_before)
        self._follow_document_mailboxes(vals)
        self._release_moved_addresses(vals)
        self._check_mirror_lock(values_before)
        return result

    def _track_prepare(self, fields_iter):
        return super()._track_prepare(self._get_fields_to_track(fields_iter))

    def _complete_written_vals(self, vals):
        """``vals`` as stored: the tax id, a natural person's name, a code's town."""
        vals = storable(vals, self._fields)
        self._normalise_tax_id_vals(vals, self[:1])
        self._complete_customer_file_vals(vals, self[:1])
        self._complete_postal_code_vals([vals], self)
        self._judge_contact_code_vals(vals)
        self._judge_code_vals(vals)
        self._complete_mailbox_vals(vals, self)
        self._complete_contact_detail_vals(vals, self)
        return vals

    def _write_free_code(self, code):
        """Write a code that the register has just given: it needs no judgement."""
        return super().write({"ref": code})

    def _write_mirrored(self, vals):
        """Write what mirrors take from their customers, past the lock.

        In the manner of core's ``_update_address``: no history on each mirror, the
        customer's card tells it, and no sync of the contact's own.
        """
        # sudo: a mirror may be a user's partner, which a salesperson may not write; the
        # values are those of the customer that he has just been allowed to write.
        mirrors = self.sudo().with_context(tracking_disable=True, **MIRROR_UNLOCKED)
        return super(ResPartner, mirrors).write(vals)

    def unlink(self):
        followers = self._search_mirrors() | self._search_document_mailboxes()
        return super(ResPartner, self | followers.with_env(self.env)).unlink()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for partner, vals in zip(self, vals_list, strict=True):
            if partner.is_customer_card:
                vals.setdefault("customer_rank", partner.customer_rank)
            if partner._is_numbered():
                vals["ref"] = (default or {}).get("ref")
        return vals_list

    @api.model
    def load(self, fields, data):  # pylint: disable=redefined-outer-name
        return self._load_customers(super().load, fields, data)

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Whoever is found by a code stands first: a scanner takes the first one."""
        domain = self._without_document_mailboxes(domain)
        search = super().name_search
        return self._search_codes_first(search, name, domain, operator, limit)

    @api.model
    def _search_display_name(self, operator, value):
        return self._search_by_index(super()._search_display_name, operator, value)

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        if view_type in _TECHNICIAN_VIEWS and self.env.user._is_service_technician():
            view_id = self.env.ref(_TECHNICIAN_VIEWS[view_type]).id
        return super().get_view(view_id, view_type, **options)

    @api.model
    def web_search_read(self, domain, *args, **kwargs):
        domain = self._without_document_mailboxes(domain)
        return super().web_search_read(domain, *args, **kwargs)

    @api.model
    def web_read_group(self, domain, *args, **kwargs):
        domain = self._without_document_mailboxes(domain)
        return super().web_read_group(domain, *args, **kwargs)

    def _phone_get_number_fields(self):
        """The second telephone is found like the others; it is written to last."""
        return [*super()._phone_get_number_fields(), "phone2"]

    def _compute_same_vat_partner_id(self):
        cards = self._filtered_named_by_tax_id()
        cards._set_core_tax_id_notice()
        return super(ResPartner, self - cards)._compute_same_vat_partner_id()

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in FIGURES:
            return self._order_by_risk(alias, field_name, direction, query)
        if field_name == "contact_sequence":
            return self._order_by_place(alias, direction, query)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # === SYNCHRONISATION ===#

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            *self._get_customer_file_commercial_fields(),
            # Core leaves it out: an invoice to an address of the customer had none.
            "property_inbound_payment_method_line_id",
        ]

    def _fields_sync(self, values):
        """A customer's contact takes his commercial fields, and nothing goes up.

        His address is his own; a mirror's comes in ``write`` and ``create``.
        """
        if self._is_mirror_unlocked():
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

    def _prepare_display_address(self, without_company=False):
        shown = super(ResPartner, self._get_address_shown())
        return shown._prepare_display_address(without_company)

    def _load_records_write(self, values):
        changed = self._get_changed_import_vals(values)
        return super()._load_records_write(changed) if changed else None

    def _load_records_create(self, vals_list):
        """Core's import writes the parent's address over the children's own."""
        own = [self._is_contact_of_card_vals(vals) for vals in vals_list]
        if not any(own):
            return super()._load_records_create(vals_list)
        contacts = self._load_contacts(
            [vals for vals, is_own in zip(vals_list, own, strict=True) if is_own]
        )
        contacts._clean_properties()
        others = super()._load_records_create(
            [vals for vals, is_own in zip(vals_list, own, strict=True) if not is_own]
        )
        queues = {True: iter(contacts), False: iter(others)}
        return self.browse([next(queues[is_own]).id for is_own in own])

    # === TECHNICIANS ===#

    @api.model
    def _find_or_create_from_emails(self, emails, *args, **kwargs):
        if not self.env.su and self.env.user._is_service_technician():
            kwargs["no_create"] = True
        return super()._find_or_create_from_emails(emails, *args, **kwargs)

    def signup_get_auth_param(self):
        """Core writes the portal invitation as superuser."""
        self._refuse_technician()
        return super().signup_get_auth_param()

    def _can_be_edited_by_current_customer(self, **kwargs):
        if self.env.user._is_service_technician():
            return False
        return super()._can_be_edited_by_current_customer(**kwargs)

    def _get_vcard_file(self):
        self._check_export_allowed()
        return super()._get_vcard_file()

    def _build_vcard(self):
        return self._complete_vcard(super()._build_vcard())
