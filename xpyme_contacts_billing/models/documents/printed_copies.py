from odoo import models

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.addons.xpyme_contacts.tools.inner import heard

from ...tools.paper_copies import bind


class _Rendered:
    """Takes along, in a context, each document that was rendered: ``{id: bytes}``.

    An object, so no client can send one.
    """

    def __init__(self):
        self.documents = {}


class IrActionsReport(models.Model):
    """Who prints invoices gets the copies that the customers want, marked as such (seed
    004, Factura: Copias Factura). What is mailed, sent or stored is the original.
    """

    _inherit = "ir.actions.report"

    def _get_copied_model(self, report_ref):
        """The model of the documents that are printed with copies, or None.

        Its records answer ``_get_paper_copies()`` and ``_get_word_on_copies()``.
        """
        return "account.move" if self._is_invoice_report(report_ref) else None

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        ids = [res_ids] if isinstance(res_ids, int) else list(res_ids or ())
        is_printed = heard(self.env.context, "xpyme_on_paper")
        model = self._get_copied_model(report_ref) if is_printed and ids else None
        if not model:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        rendered = _Rendered()
        report = self.with_context(xpyme_rendered=rendered)
        content, kind = super(IrActionsReport, report)._render_qweb_pdf(
            report_ref, res_ids=res_ids, data=data
        )
        documents = self.env[model].browse(rendered.documents)
        copies = {document: document._get_paper_copies() for document in documents}
        if kind != "pdf" or not any(copies.values()):
            return content, kind
        bound = bind(
            (rendered.documents[document.id], number, document._get_word_on_copies())
            for document, number in copies.items()
        )
        return bound, kind

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        rendered = self.env.context.get("xpyme_rendered")
        if not isinstance(rendered, _Rendered):
            return super()._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        ids = [res_ids] if isinstance(res_ids, int) else list(dict.fromkeys(res_ids))
        streams, kind = {}, "pdf"
        # Debian's wkhtmltopdf refuses several documents at once.
        if len(ids) == 1 or _wkhtml().is_patched_qt:
            streams, kind = super()._pre_render_qweb_pdf(report_ref, ids, data=data)
        if kind == "pdf" and not streams.keys() >= set(ids):
            streams, kind = self._render_apart(report_ref, ids, data)
        if kind != "pdf":
            return streams, kind
        # What core adds to documents that it had to render apart is all of them again.
        streams = {res_id: streams[res_id] for res_id in ids}
        for res_id, stream in streams.items():
            rendered.documents[res_id] = stream["stream"].getvalue()
        return streams, kind

    def _render_apart(self, report_ref, ids, data):
        streams = {}
        for res_id in ids:
            found, kind = super()._pre_render_qweb_pdf(report_ref, [res_id], data=data)
            if kind != "pdf":
                return super()._pre_render_qweb_pdf(report_ref, ids, data=data)
            streams.update(found)
        return streams, "pdf"


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_paper_copies(self):
        """How many copies are printed with this document."""
        self.ensure_one()
        if self.move_type not in ("out_invoice", "out_refund"):
            return 0
        # sudo: a number, of the customer of an invoice that the user prints.
        customer = self.commercial_partner_id.sudo()
        return customer.invoice_copies if self.state == "posted" else 0

    def _get_word_on_copies(self):
        """In the language in which the customer gets the document."""
        lang = self.partner_id.lang or self.env.lang
        return self.with_context(lang=lang).env._("COPY")
