from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools.address_labels import LABEL_HEIGHT, LABEL_WIDTH, font_size, sheets

# Pixels of a millimetre as measured on paper, by whether wkhtmltopdf's Qt is patched:
# each build shrinks a page in its own way.
_PX_OF_MM = {True: 3.816, False: 5.071}


class CustomerLabels(models.AbstractModel):
    """Address labels (seed 004: *Etiqueta*): A4 sheets of 3 by 8 labels."""

    _name = "report.xpyme_contacts.customer_labels"
    _description = "Address Labels"

    @api.model
    def _get_report_values(self, docids, data=None):
        partners = self.env["res.partner"].browse(docids)
        partners = partners.filtered(lambda p: not p.is_document_mailbox)
        px_of_mm = _PX_OF_MM[_wkhtml().is_patched_qt]

        def px(millimetres):
            return int(millimetres * px_of_mm)

        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": partners,
            "sheets": sheets(partner._get_label_lines() for partner in partners),
            "px": px,
            "font_size": font_size,
            "width": px(LABEL_WIDTH),
            "height": px(LABEL_HEIGHT),
        }
