from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date
from odoo.tools.mail import html_to_inner_content

from ...tools.notices import BLOCKED, COMMENT, DEREGISTERED, Notice, spoken

_COMMENT_LENGTH = 200


class ResPartner(models.Model):
    """What is told of a customer who enters a document (seed 004: the notices)."""

    _inherit = "res.partner"

    # === ENTRY ===#

    def get_document_entry(self, company_id, model):
        """What a document of ``model`` in a company must know of this customer.

        For the clients of other documents too (the till); plain values, for JSON.

        :return: see :meth:`_prepare_document_entry`
        :raise AccessError: the user does not work in the company
        """
        self.ensure_one()
        self.check_access("read")
        company = self.env["res.company"].browse(company_id)
        self._check_works_in(company)
        customer = self.commercial_partner_id
        entry = customer._get_notice_entries(company, model)[customer.id]
        return customer._prepare_document_entry(entry, model)

    @api.model
    def _check_works_in(self, company):
        """:raise AccessError: the user does not work in the company"""
        if self.env.user.share or company not in self.env.user.company_ids:
            raise AccessError(
                self.env._(
                    "You do not work in this company: choose one of yours to see what "
                    "is told of its customers."
                )
            )

    @api.model
    def _get_document_stages(self, model):
        """The stages that a document of ``model`` goes through; none: it only tells."""
        stages = {"sale.order": ("quotation", "order"), "account.move": ("invoice",)}
        return stages.get(model, ())

    def _get_notice_entries(self, company, model=None):
        """What notices go by, for each of the customers ``self``.

        :param company: the document's; its settings and currency hold, whatever
            companies the user has switched on
        :param model: the document's, where all that is known of it is its model
        :return: ``{customer_id: entry}``; an entry is a dictionary with ``company``,
            to which rooms and addons add what their sources need
        """
        return {customer.id: {"company": company} for customer in self}

    def _prepare_document_entry(self, entry, model):
        """The plain values that clients get, to which rooms and addons add theirs.

        :return: ``{"blocked": bool, "action": str, "notices": [str]}``; ``action`` is
            the strongest thing that happens, one of ``ACTIONS``
        """
        notices = self._get_notices(entry)
        # sudo: whether customers are blocked is told to whoever makes their documents.
        blocked = self.sudo().is_blocked
        action = "tell" if notices else "none"
        if blocked and self._get_document_stages(model):
            action = "block"
        return {
            "blocked": blocked,
            "action": action,
            "notices": spoken(notices),
        }

    # === NOTICES ===#

    @api.model
    def _get_notice_sources(self):
        """What is told of customers: strength and method; rooms and addons add to it.

        The method is called with an entry (see :meth:`_get_notice_entries`) and
        returns sentences without the customer's name, or pairs of sentence and aside
        (see :class:`Notice`).
        """
        return [
            (BLOCKED, "_get_blocked_notices"),
            (DEREGISTERED, "_get_deregistration_notices"),
            (COMMENT, "_get_comment_notices"),
        ]

    def _get_notices(self, entry):
        """The :class:`Notice` list of one customer, strongest first."""
        self.ensure_one()
        # sudo: told to whoever makes the customer's documents, who may not read the
        # card's accounting fields; an entry holds only what this user may know.
        customer = self.sudo()
        return [
            Notice(strength, text, customer.name, aside)
            for strength, method in sorted(self._get_notice_sources())
            for said in getattr(customer, method)(entry)
            for text, aside in [(said, "") if isinstance(said, str) else said]
        ]

    def _get_blocked_notices(self, _entry):
        if not self.is_blocked:
            return []
        return [self.env._("Blocked (Baja): no sales document can be made for them.")]

    def _get_deregistration_notices(self, _entry):
        date = self.deregistration_date
        if not date:
            return []
        told = format_date(self.env, date)
        if date > fields.Date.context_today(self):
            return [self.env._("Will be deregistered from %s on.", told)]
        return [self.env._("Deregistered since %s.", told)]

    def _get_comment_notices(self, entry):
        """*Observaciones*, if the company wants them: as text, on one line."""
        if not entry["company"].sudo().show_customer_comments or not self.comment:
            return []
        text = html_to_inner_content(self.comment)
        if len(text) > _COMMENT_LENGTH:
            text = text[: _COMMENT_LENGTH - 1].rstrip() + "…"
        return [text] if text else []
