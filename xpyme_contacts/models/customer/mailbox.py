from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, clean_context, email_normalize, escape_psql

from ...tools.mailboxes import (
    get_forms,
    join_mailboxes,
    read_domains,
    split_mailboxes,
    without_invisible,
)
from ...tools.plain_text import is_ip, normalise_ip
from ...tools.value_rule import ValueRule

# The kinds of mailboxes, and the field that each is typed in.
_MAILBOXES = {"email": "email", "document": "document_email"}
# Each mark and the kind of mailbox that it is about.
_REFUSALS = {"no_mailing": "email", "document_no_mailing": "document"}


class ResPartner(models.Model):
    """What is said of a customer's addresses (seed 004: No Mailing, IP), and the e-mail
    for documents.

    *No Mailing* is said of an address, not of a customer: it is Odoo's list of those
    who want no advertising, shared by all who have the address. It never keeps a
    document back.

    Whoever gets a document by e-mail must be a partner, or Odoo makes one. So the
    address for documents is carried by a hidden child, the **document mailbox**. It is
    no contact, it follows the card, and only the card changes it.
    """

    _inherit = "res.partner"

    no_mailing = fields.Boolean(
        compute="_compute_no_mailing",
        inverse="_inverse_no_mailing",
        search="_search_no_mailing",
        help="Nothing but documents is sent to this e-mail address, whoever has it.",
    )
    document_no_mailing = fields.Boolean(
        string="No Mailing (Documents)",
        compute="_compute_document_no_mailing",
        inverse="_inverse_document_no_mailing",
        search="_search_document_no_mailing",
        help="Nothing but documents is sent to the e-mail for documents.",
    )
    ip_address = fields.Char(
        string="IP",
        # A copy would be refused to whoever may not read it.
        copy=False,
        groups="xpyme_contacts.group_customer_documents",
        help="Internet address (IPv4 or IPv6) of the customer or of the contact's "
        "computer.",
    )

    # === ADDRESSES ===#

    def _get_mailboxes(self):
        """``{partner: {kind: addresses}}``: what counts as an address of each.

        Kinds are ``email`` and ``document``; see ``_read_mailboxes`` for very many.
        """
        return {
            partner: {
                kind: split_mailboxes(partner[fname])[0]
                for kind, fname in _MAILBOXES.items()
            }
            for partner in self
        }

    @api.model
    def _read_mailboxes(self, query, *columns):
        """What ``_get_mailboxes`` answers, and what is wrong, of very many partners.

        Whoever calls has flushed the fields.

        :param query: what ``_search`` answers
        :param columns: SQL of what else is wanted of each partner
        :return: in the order of ``query`` tuples of a partner's id, ``{kind:
            (addresses, wrong pieces)}`` and the columns
        """
        texts = [SQL.identifier(query.table, name) for name in _MAILBOXES.values()]
        rows = self.env.execute_query(
            query.select(SQL.identifier(query.table, "id"), *texts, *columns)
        )
        end = 1 + len(_MAILBOXES)
        found = []
        for row in rows:
            mailboxes = map(split_mailboxes, row[1:end])
            by_kind = dict(zip(_MAILBOXES, mailboxes, strict=True))
            found.append((row[0], by_kind, *row[end:]))
        return found

    @api.model
    def _search_by_mailbox(self, boxes):
        """``{address: customers who have it}``, whichever way it stands in their card.

        :param boxes: normalised addresses
        """
        forms = {form for box in boxes for form in get_forms(box)}
        domain = Domain.OR(
            Domain(fname, "ilike", escape_psql(form))
            for form in forms
            for fname in _MAILBOXES.values()
        )
        domain &= Domain("is_customer_card", "=", True)
        found = defaultdict(self.browse)
        for card, kinds in self.search(domain, order="id")._get_mailboxes().items():
            for box in {box for own in kinds.values() for box in own}.intersection(
                boxes
            ):
                found[box] |= card
        return found

    # === NO MAILING ===#

    @api.depends("email", "is_blacklisted")
    def _compute_no_mailing(self):
        self._compute_refusals("no_mailing")

    @api.depends("document_email")
    def _compute_document_no_mailing(self):
        self._compute_refusals("document_no_mailing")

    def _compute_refusals(self, mark):
        """A box of several addresses is marked where one of them refuses."""
        fname = _MAILBOXES[_REFUSALS[mark]]
        boxes = {partner: split_mailboxes(partner[fname])[0] for partner in self}
        refused = self.env["mail.blacklist"]._filter_refused(
            address for addresses in boxes.values() for address in addresses
        )
        for partner, addresses in boxes.items():
            partner[mark] = bool(refused.intersection(addresses))

    def _inverse_no_mailing(self):
        self._write_refusals("no_mailing")

    def _inverse_document_no_mailing(self):
        self._write_refusals("document_no_mailing")

    def _write_refusals(self, mark):
        """Put the addresses of ``self`` on the list of refusals, or take them off.

        :raise UserError: the mark is set where there is no valid address
        """
        refused, allowed = set(), set()
        for partner, mailboxes in self._get_mailboxes().items():
            kind = _REFUSALS[mark]
            addresses = mailboxes[kind]
            if not addresses:
                # What Odoo can send to can refuse.
                odoos = email_normalize(partner[_MAILBOXES[kind]])
                addresses = [odoos] if odoos else []
            if partner[mark] and not addresses:
                raise UserError(
                    self.env._(
                        "%s has no valid e-mail address that could refuse advertising. "
                        "Type the address first.",
                        partner.display_name,
                    )
                )
            (refused if partner[mark] else allowed).update(addresses)
        self.env["mail.blacklist"]._write_refused(refused, allowed - refused)
        # Whoever else has one of the addresses shows the mark too.
        self.env["res.partner"].invalidate_model([*_REFUSALS, "is_blacklisted"])

    @api.model
    def _search_no_mailing(self, operator, value):
        self._check_field_access(self._fields["no_mailing"], "read")
        return self._search_refusals(operator, "no_mailing")

    @api.model
    def _search_document_no_mailing(self, operator, value):
        self._check_field_access(self._fields["document_no_mailing"], "read")
        return self._search_refusals(operator, "document_no_mailing")

    @api.model
    def _search_refusals(self, operator, mark):
        """Whose box has an address that refuses, whichever of several it is.

        Odoo's own search knows the first address of a box.
        """
        if operator not in ("in", "not in"):
            return NotImplemented
        kind = _REFUSALS[mark]
        listed = Domain("is_blacklisted", "=", True)
        if kind == "document":
            listed &= Domain("is_document_mailbox", "=", True)
            listed = Domain("child_ids", "any", listed)
        found = listed | Domain("id", "in", self._search_several(kind))
        return found if operator == "in" else ~found

    @api.model
    def _search_several(self, kind):
        """Ids of those with several addresses in a box, one of which refuses."""
        # sudo: what is found is judged with the rights of whoever searches.
        partners = self.sudo().with_context(active_test=False)
        partners.flush_model(list(_MAILBOXES.values()))
        query = partners._search([(_MAILBOXES[kind], "like", "@%@")])
        boxes = {row[0]: row[1][kind][0] for row in partners._read_mailboxes(query)}
        refused = self.env["mail.blacklist"]._filter_refused(
            address for addresses in boxes.values() for address in addresses
        )
        return [key for key, found in boxes.items() if refused.intersection(found)]

    @api.model
    def _get_value_rules(self):
        fnames = ("email", "document_email", "ip_address", *_REFUSALS)
        rule = ValueRule("_complete_mailboxes_vals", fnames)
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_mailboxes_vals(self, vals_list, partners):
        for vals in vals_list:
            self._complete_mailbox_vals(vals, partners)

    @api.model
    def _complete_mailbox_vals(self, vals, partners):
        """Clean what was typed; ``vals`` are changed.

        An empty mark that comes together with a new address is not about that one:
        only somebody who has seen it refuse can take the refusal back.
        """
        for fname in _MAILBOXES.values():
            if vals.get(fname):
                vals[fname] = read_domains(without_invisible(vals[fname]))
        if "document_email" in vals:
            vals["document_email"] = (vals["document_email"] or "").strip() or False
        if "ip_address" in vals:
            vals["ip_address"] = normalise_ip(vals["ip_address"]) or False
        for mark, kind in _REFUSALS.items():
            if mark not in vals or vals[mark]:
                continue
            fname = _MAILBOXES[kind]
            if partners is None or (
                fname in vals and any(p[fname] != vals[fname] for p in partners)
            ):
                del vals[mark]

    # === CHECKS ===#

    @api.constrains("ip_address")
    def _check_ip_address(self):
        """:raise ValidationError: neither an IPv4 nor an IPv6 address"""
        # sudo: also checked when somebody creates a customer who may not see it.
        for partner in self.sudo().filtered("ip_address"):
            if not is_ip(partner.ip_address):
                raise ValidationError(
                    self.env._(
                        "%(ip)s is not an IP address. It is written like 192.168.1.20 "
                        "or 2001:db8::1.",
                        ip=partner.ip_address,
                    )
                )

    document_email = fields.Char(
        string="E-mail for Documents",
        inverse="_inverse_document_email",
        tracking=True,
        help="Quotations and invoices are sent here. Left empty, they go to the e-mail "
        "of the customer.",
    )
    is_document_mailbox = fields.Boolean(
        string="Document Mailbox",
        readonly=True,
        copy=False,
        help="Hidden address that carries a customer's e-mail for documents.",
    )

    # === THE HIDDEN CHILD ===#

    def _inverse_document_email(self):
        self._keep_document_mailboxes()

    def _search_document_mailboxes(self):
        """The document mailboxes below ``self``, the one in use first."""
        # sudo: whose card one may write, his mailbox one may keep.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        return partners.search(
            [("parent_id", "in", self.ids), ("is_document_mailbox", "=", True)],
            order="active desc, id",
        )

    def _keep_document_mailboxes(self):
        """Make, follow and archive the mailboxes of ``self``, one for each.

        Called after the customers' e-mail for documents, name, place or archiving has
        changed. A mailbox is never deleted while its customer stays: messages tell
        what was sent to it.
        """
        found = self._search_document_mailboxes()
        mailboxes = found.grouped("parent_id")
        missing, changes = {}, {}
        for customer in self:
            vals = customer._prepare_document_mailbox_vals()
            known = mailboxes.get(customer, self.browse())
            if vals["active"] and not known:
                missing[customer] = vals
            for mailbox in known:
                used = mailbox == known[0] and vals["active"]
                wanted = vals if used else {"active": False}
                changes[mailbox] = {k: v for k, v in wanted.items() if mailbox[k] != v}
        for changed, vals in found._group_changes(changes):
            # What core's write asks about each is asked for all of them at once.
            changed.with_prefetch(found._ids)._write_followed(vals)
        if missing:
            self._create_document_mailboxes(missing)

    def _follow_document_mailboxes(self, vals):
        """After ``write``: the mailboxes follow their customers' name and state."""
        if {"name", "active", "parent_id", "is_company"} & vals.keys():
            self.filtered("document_email")._keep_document_mailboxes()

    @api.model
    def _create_document_mailboxes(self, vals_by_customer):
        # What the caller's screen or import says is about the customer.
        env = self.env(context=clean_context(self.env.context))
        # sudo: as in _search_document_mailboxes.
        partners = env["res.partner"].sudo()
        partners = partners.with_context(
            res_partner_search_mode=False,
            import_file=False,
            tracking_disable=True,
            _partners_skip_fields_sync=True,
        )
        return partners.create(
            [
                {
                    **vals,
                    "parent_id": customer.id,
                    "company_id": customer.company_id.id,
                    "type": "contact",
                    "is_company": False,
                }
                for customer, vals in vals_by_customer.items()
            ]
        )

    def _prepare_document_mailbox_vals(self):
        """Values of this customer's mailbox; it is in use only on his own card."""
        self.ensure_one()
        addresses = self._get_mailboxes()[self]["document"]
        own = self.commercial_partner_id == self
        # In the customer's language, whoever saves.
        told = self.with_context(lang=self.lang or self.env.lang)
        return {
            "name": told.env._("%s (documents)", self.name or ""),
            "email": join_mailboxes(addresses),
            "active": bool(addresses) and own and self.active,
            "is_document_mailbox": True,
        }

    # === DOCUMENTS ===#

    def _get_document_mailboxes(self):
        """``{customer: mailbox}`` of the customers ``self`` who have one in use."""
        # sudo: whoever sends a customer's document may know where to.
        return (
            self.env["res.partner"]
            .sudo()
            .search([("parent_id", "in", self.ids), ("is_document_mailbox", "=", True)])
            .sudo(self.env.su)
            .grouped("parent_id")
        )

    @api.model
    def _address_documents(self, documents, recipients):
        """Send documents to their customers' mailboxes; ``recipients`` are changed.

        :param documents: records with a ``partner_id``
        :param recipients: what ``_message_add_default_recipients`` answered
        """
        customers = documents.partner_id.commercial_partner_id
        mailboxes = customers._get_document_mailboxes() if customers else {}
        for document in documents:
            mailbox = mailboxes.get(document.partner_id.commercial_partner_id)
            if mailbox:
                recipients[document.id].update(partners=mailbox[:1], email_to_lst=[])
        return recipients

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        domain = self._without_document_mailboxes(domain)
        return super().name_search(name, domain, operator, limit)

    @api.model
    def web_search_read(self, domain, *args, **kwargs):
        domain = self._without_document_mailboxes(domain)
        return super().web_search_read(domain, *args, **kwargs)

    @api.model
    def web_read_group(self, domain, *args, **kwargs):
        domain = self._without_document_mailboxes(domain)
        return super().web_read_group(domain, *args, **kwargs)

    @api.model
    def _without_document_mailboxes(self, domain):
        """What a person searches in: no mailboxes, unless asked for or known by id."""
        domain = Domain(domain or Domain.TRUE)
        named = {condition.field_expr for condition in domain.iter_conditions()}
        if {"id", "is_document_mailbox"} & named:
            return domain
        return domain & Domain("is_document_mailbox", "=", False)

    # === CHECKS ===#

    @api.constrains("document_email")
    def _check_document_email(self):
        """:raise ValidationError: not an address, or not on a customer's own card"""
        for partner in self.filtered("document_email"):
            addresses, wrong = split_mailboxes(partner.document_email)
            if wrong or not addresses:
                raise ValidationError(
                    self.env._(
                        "The e-mail for documents of %(customer)s is not valid: "
                        "%(address)s. It is written like invoices@example.com.",
                        customer=partner.name,
                        address=", ".join(wrong) or partner.document_email,
                    )
                )
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s belongs to %(customer)s: the e-mail for documents "
                        "stands on the customer's card.",
                        contact=partner.name,
                        customer=partner.commercial_partner_id.name,
                    )
                )

    @api.constrains("is_document_mailbox", "email", "active", "parent_id")
    def _check_document_mailbox(self):
        """:raise ValidationError: a mailbox in use differs from its customer's card"""
        for mailbox in self.filtered("is_document_mailbox").filtered("active"):
            boxes = mailbox.parent_id._get_mailboxes().values()
            expected = [join_mailboxes(box["document"]) for box in boxes]
            if not any(expected) or mailbox.email not in expected:
                raise ValidationError(
                    self.env._(
                        "%s is kept by the customer's card: change the e-mail for "
                        "documents there.",
                        mailbox.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_document_mailbox(self):
        """:raise UserError: a mailbox in use is deleted without its customer"""
        for mailbox in self.filtered("is_document_mailbox").filtered("active"):
            if mailbox.parent_id - self:
                raise UserError(
                    self.env._(
                        "%s is kept by the customer's card: empty the e-mail for "
                        "documents there.",
                        mailbox.name,
                    )
                )
