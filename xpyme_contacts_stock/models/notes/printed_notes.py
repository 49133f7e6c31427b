from collections import OrderedDict, defaultdict

from odoo import models

from odoo.addons.base.models.ir_actions_report import _wkhtml

SLIP = "stock.report_deliveryslip"
VALUED = "xpyme_contacts_stock.report_valued_note"


class IrActionsReport(models.Model):
    """Delivery notes in the format of their customer, wherever Odoo's own would be made
    (seed 004, Factura: Formato Albarán): button, automatic print, portal, e-mail.

    Whoever chooses another format from the menu gets that one.
    """

    _inherit = "ir.actions.report"

    def _get_copied_model(self, report_ref):
        if self._get_report(report_ref).report_name in (SLIP, VALUED):
            return "stock.picking"
        return super()._get_copied_model(report_ref)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        by_format = self._get_notes_by_format(report_ref, res_ids)
        # Debian's wkhtmltopdf refuses several documents at once.
        will_do = len(res_ids or ()) < 2 or _wkhtml().is_patched_qt
        if not by_format or (will_do and not any(by_format)):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        streams = {}
        for report, ids in by_format.items():
            ref = report.report_name if report else report_ref
            streams.update(self._render_notes(ref, data, ids))
        return OrderedDict(
            (note_id, streams[note_id]) for note_id in dict.fromkeys(res_ids)
        )

    def _render_qweb_html(self, report_ref, docids, data=None):
        """Whoever may read a note may print it, as Odoo's portal lets them."""
        printer = self
        if docids and self._get_report(report_ref)._is_delivery_note_format():
            self.env["stock.picking"].browse(docids).check_access("read")
            # sudo: packages and lots stand on paper, and are Inventory's to read.
            printer = self.sudo()
        return super(IrActionsReport, printer)._render_qweb_html(
            report_ref, docids, data=data
        )

    def _get_notes_by_format(self, report_ref, res_ids):
        """``{format: ids of notes}``; without a format of their own: an empty one."""
        found = defaultdict(list)
        if self._get_report(report_ref).report_name == SLIP:
            for note in self.env["stock.picking"].browse(dict.fromkeys(res_ids or ())):
                found[note._get_format()].append(note.id)
        return found

    def _render_notes(self, report_ref, data, ids):
        """``{id: stream}`` of notes of one format, from as few calls as will do."""
        render = super()._render_qweb_pdf_prepare_streams
        streams = {}
        if len(ids) == 1 or _wkhtml().is_patched_qt:
            streams = render(report_ref, dict(data or {}), ids)
        if not streams.keys() >= set(ids):
            # Documents that cannot be told apart in one file.
            for note_id in ids:
                streams.update(render(report_ref, dict(data or {}), [note_id]))
        return {note_id: streams[note_id] for note_id in ids}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_paper_customer(self):
        """Whose card says what the note looks like: who pays for what was ordered,
        wherever it is sent; without an order, who gets it."""
        if not (self._is_delivery_note() or self._is_return_note()):
            return self.partner_id.browse()
        # sudo: who packs need not read orders.
        payer = self.sudo().sale_id.partner_invoice_id.with_env(self.env)
        return (payer or self.partner_id).commercial_partner_id

    def _get_format(self):
        """The report of the customer's own format, or none."""
        return self._get_paper_customer()._get_delivery_report()

    def _get_note_title(self):
        """What the document is called on paper."""
        if self._is_return_note():
            return self.env._("Return")
        return self.picking_type_id._get_code_report_name()

    # === COPIES ===#

    def _get_paper_copies(self):
        """How many copies are printed with this note."""
        self.ensure_one()
        if self.state != "done":
            return 0
        # sudo: a number, of the customer of a note that the user prints.
        return self._get_paper_customer().sudo().delivery_note_copies

    def _get_word_on_copies(self):
        """In the language in which the customer gets the note."""
        return self.with_context(lang=self._get_report_lang()).env._("COPY")
