from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.mail import html_to_inner_content

from ...tools.notices import BLOCKED, COMMENT, DEREGISTERED, Entry, Notice

_COMMENT_LENGTH = 200


class ResPartner(models.Model):
    """What is told of a customer who enters a document (seed 004: the notices).

    The risk is that of the document's company, in its currency, whatever companies the
    user has switched on.
    """

    _inherit = "res.partner"

    # === ENTRY ===#

    def get_document_entry(self, company_id, model):
        """What a document of ``model`` in a company must know of this customer.

        For the clients of other documents too (the till); plain values, for JSON.

        :return: ``{"blocked", "action", "notices", "risk"}``; ``action`` is the
            strongest thing that happens, and ``risk`` is False for users who may not
            see what customers owe
        :raise AccessError: the user does not work in the company
        """
        self.ensure_one()
        self.check_access("read")
        company = self.env["res.company"].browse(company_id)
        self._check_works_in(company)
        customer = self.commercial_partner_id
        entry = customer._get_notice_entries(company)[customer.id]
        entry = entry._replace(policy=self._get_notice_policy(company, model))
        return customer._prepare_document_entry(entry, model)

    def _prepare_document_entry(self, entry, model):
        """What ``get_document_entry`` answers; a room adds what it knows."""
        notices = self._get_notices(entry)
        # sudo: whether a customer is blocked is told to whoever makes their documents.
        blocked = self.sudo().is_blocked
        action = "tell" if notices else "none"
        if blocked and self._get_risk_stages(model):
            action = "block"
        return {
            "blocked": blocked,
            "action": action,
            "notices": [notice.text for notice in notices],
            "risk": False,
        }

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
    def _get_risk_stages(self, model):
        """The stages that a document of ``model`` goes through; none: it only tells."""
        stages = {"sale.order": ("quotation", "order"), "account.move": ("invoice",)}
        return stages.get(model, ())

    @api.model
    def _get_notice_policy(self, _company, _model):
        """What a document of a model does about limits: tell, unless a room knows."""
        return "tell"

    def _get_notice_entries(self, company):
        """``{customer_id: Entry}`` of the customers ``self`` in a company."""
        return {customer.id: Entry(company) for customer in self}

    # === NOTICES ===#

    @api.model
    def _get_notice_sources(self):
        """What is told of customers: strength and method; addons append to it.

        The method is called with an :class:`Entry` and returns sentences.
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
        # card's accounting fields; the risk is in the entry only if he may see it.
        customer = self.sudo()
        return [
            Notice(strength, text)
            for strength, method in sorted(self._get_notice_sources())
            for text in getattr(customer, method)(entry)
        ]

    def _get_blocked_notices(self, _entry):
        if not self.is_blocked:
            return []
        return [
            self.env._(
                "%s is blocked (Baja): no sales document can be made for him.",
                self.name,
            )
        ]

    def _get_deregistration_notices(self, _entry):
        notice = self._get_deregistration_notice()
        return [notice] if notice else []

    def _get_comment_notices(self, entry):
        """*Observaciones*, if the company wants them: as text, on one line."""
        if not entry.company.sudo().show_customer_comments or not self.comment:
            return []
        text = html_to_inner_content(self.comment)
        if len(text) > _COMMENT_LENGTH:
            text = text[: _COMMENT_LENGTH - 1].rstrip() + "…"
        return [text] if text else []
