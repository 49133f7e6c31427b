from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.mailboxes import split_mailboxes
from ..tools.plain_text import is_ip, normalise_ip

# Each mark and the field with the addresses that it is about.
_REFUSALS = {"no_mailing": "email", "document_no_mailing": "document_email"}


class CustomerMailboxMixin(models.AbstractModel):
    """What is said of a customer's addresses (seed 004: No Mailing, IP).

    *No Mailing* is said of an address, not of a customer: it is Odoo's list of those
    who want no advertising, shared by all who have the address. It never keeps a
    document back.
    """

    _name = "xpyme.customer.mailbox.mixin"
    _description = "Mailboxes of a Customer"

    no_mailing = fields.Boolean(
        compute="_compute_no_mailing",
        inverse="_inverse_no_mailing",
        search="_search_no_mailing",
        help="Nothing but documents is sent to this e-mail address, whoever has it.",
    )
    document_no_mailing = fields.Boolean(
        string="No Mailing (Documents)",
        compute="_compute_address_summary",
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

    # === NO MAILING ===#

    @api.depends("is_blacklisted")
    def _compute_no_mailing(self):
        for partner in self:
            partner.no_mailing = partner.is_blacklisted

    def _inverse_no_mailing(self):
        self._write_refusals("no_mailing")

    def _inverse_document_no_mailing(self):
        self._write_refusals("document_no_mailing")

    def _write_refusals(self, mark):
        """Put the addresses of ``self`` on the list of refusals, or take them off.

        :raise UserError: the mark is set where there is no valid address
        """
        refused, allowed = set(), set()
        for partner in self:
            addresses = split_mailboxes(partner[_REFUSALS[mark]])[0]
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
        if operator not in ("in", "not in"):
            return NotImplemented
        return [("is_blacklisted", operator, value)]

    @api.model
    def _search_document_no_mailing(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        refusing = [("is_document_mailbox", "=", True), ("is_blacklisted", "=", True)]
        return [("child_ids", "any" if operator == "in" else "not any", refusing)]

    @api.model
    def _complete_mailbox_vals(self, vals, partners=None):
        """Clean what was typed; ``vals`` are changed.

        An empty mark that comes together with a new address is not about that one:
        only somebody who has seen it refuse can take the refusal back.
        """
        if "document_email" in vals:
            vals["document_email"] = (vals["document_email"] or "").strip() or False
        if "ip_address" in vals:
            vals["ip_address"] = normalise_ip(vals["ip_address"]) or False
        for mark, fname in _REFUSALS.items():
            if mark not in vals or vals[mark]:
                continue
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
