from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools.pagination import FONT_PX, count_lines, paginate

# What fits on an A4 page on its side at 8.5 pt, with either wkhtmltopdf.
_ROWS_PER_PAGE = 26
_LINES_PER_PAGE = 36


class CustomerList(models.AbstractModel):
    """The printed list of customers (seed 004: *Listado*).

    Read with the user's own rights: who may not read a customer does not print them.
    """

    _name = "report.xpyme_contacts.customer_list"
    _description = "Customer List"

    @api.model
    def _get_report_values(self, docids, data=None):
        partners = self.env["res.partner"].browse(docids).exists()
        partners = partners.filtered(lambda p: not p.is_document_mailbox)
        rows = [self._prepare_row(p) for p in partners._filtered_access("read")]
        heights = [self._count_row_lines(row) for row in rows]
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": partners,
            "columns": self._get_columns(),
            "count": len(rows),
            "pages": paginate(rows, heights, _ROWS_PER_PAGE, _LINES_PER_PAGE),
            "font_size": FONT_PX[_wkhtml().is_patched_qt],
            "company": self.env.company,
            "today": format_date(self.env, fields.Date.context_today(self)),
        }

    @api.model
    def _get_columns(self):
        """What a row tells: name in the row, title, width in per cent and in
        characters; addons add theirs."""
        widths = {
            "code": (6, 8),
            "name": (21, 30),
            "vat": (9, 14),
            "address": (23, 34),
            "phones": (12, 18),
            "email": (18, 28),
            "representative": (11, 16),
        }
        titles = {
            "code": self.env._("Code"),
            "name": self.env._("Name"),
            "vat": self._get_tax_id_label(),
            "address": self.env._("Address"),
            "phones": self.env._("Phones"),
            "email": self.env._("E-mail"),
            "representative": self.env._("Representative"),
        }
        return [(name, titles[name], *width) for name, width in widths.items()]

    @api.model
    def _get_tax_id_label(self):
        return self.env.company.country_id.vat_label or self.env._("Tax ID")

    @api.model
    def _prepare_row(self, partner):
        """The texts of a row; several lines of one text are broken by line ends."""
        town = " ".join(filter(None, (partner.zip, partner.city)))
        street = ", ".join(filter(None, (partner.street, partner.street2)))
        return {
            "code": partner.ref or "",
            "name": _lines(partner.name or partner.display_name, partner.trade_name),
            "vat": partner._format_tax_id(),
            "address": _lines(street, town),
            "phones": _lines(partner.phone, partner.mobile),
            "email": partner.email or "",
            # sudo: the representative's name, as every screen shows it.
            "representative": partner.sudo().user_id.name or "",
        }

    @api.model
    def _count_row_lines(self, row):
        return count_lines(
            (row[name], width) for name, _title, _share, width in self._get_columns()
        )


def _lines(*texts):
    return "\n".join(filter(None, texts))
