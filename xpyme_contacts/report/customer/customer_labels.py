from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools.address_labels import MAX_LINES, SHEETS, USUAL

# Pixels of a millimetre as measured on paper, by whether wkhtmltopdf's Qt is patched:
# each build shrinks a page in its own way.
_PX_OF_MM = {True: 3.816, False: 5.071}


class CustomerLabels(models.AbstractModel):
    """Address labels (seed 004: *Etiqueta*): sheets of A4."""

    _name = "report.xpyme_contacts.customer_labels"
    _description = "Address Labels"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        partners = self.env["res.partner"].browse(docids or data.get("ids")).exists()
        partners = partners._filtered_access("read")
        partners = partners.filtered(lambda p: not p.is_document_mailbox)
        labels = {partner: partner._get_label_lines() for partner in partners}
        lost = [partner.display_name for partner, lines in labels.items() if not lines]
        labels = [lines for lines in labels.values() if lines]
        if lost:
            labels.append([self.env._("Without address, left out:"), *lost][:MAX_LINES])
        sheet = SHEETS.get(data.get("sheet"), SHEETS[USUAL])
        px_of_mm = _PX_OF_MM[_wkhtml().is_patched_qt]

        def px(millimetres):
            return int(millimetres * px_of_mm)

        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": partners,
            "sheets": sheet.lay_out(labels, data.get("start") or 1),
            "sheet": sheet,
            "px": px,
        }
