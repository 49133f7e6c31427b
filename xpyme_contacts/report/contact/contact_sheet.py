from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools.pagination import FONT_PX, count_lines, pack, paginate

# What fits on an A4 page at 8.5 pt with either wkhtmltopdf, in lines of text: small
# customers share a page. What a customer's head takes of it, and a row beside its text.
_LINES_ON_PAPER = 62
_HEAD_LINES = 7
_ROW_EDGE = 0.5


class ContactSheet(models.AbstractModel):
    """The printed contacts of one or many customers (seed 000: *Imprimir*).

    Read with the user's own rights: who may not read a contact does not print it.
    """

    _name = "report.xpyme_contacts.contact_sheet"
    _description = "Contact Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        partners = self.env["res.partner"].browse(docids)
        partners = partners.exists()._filtered_access("read")
        blocks = [
            {"customer": customer, "contacts": chunk}
            for customer, contacts in self._get_contacts_by_customer(partners)
            for chunk in self._paginate(contacts)
        ]
        heights = [
            _HEAD_LINES + sum(self._get_heights(block["contacts"])) for block in blocks
        ]
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": partners,
            "pages": pack(blocks, heights, _LINES_ON_PAPER),
            "company": self.env.company,
            "today": format_date(self.env, fields.Date.context_today(self)),
            "font_size": FONT_PX[_wkhtml().is_patched_qt],
            "get_address": self._get_address,
        }

    @api.model
    def _get_contacts_by_customer(self, partners):
        """Pairs of customer and contacts, in the customers' order, blanks included."""
        contacts = partners._get_printed_contacts()
        by_customer = contacts.grouped("commercial_partner_id")
        customers = partners.commercial_partner_id
        return [
            (
                customer,
                by_customer.get(customer, contacts.browse())._sorted_as_shown(),
            )
            for customer in customers
        ]

    @api.model
    def _paginate(self, contacts):
        heights = self._get_heights(contacts)
        rows = len(contacts)
        return paginate(contacts, heights, rows, _LINES_ON_PAPER - _HEAD_LINES)

    @api.model
    def _get_heights(self, contacts):
        """The lines that each of the contacts takes."""
        return [
            _ROW_EDGE
            + count_lines(
                (
                    (contact.name, 26),
                    (contact.function, 17),
                    (
                        "\n".join(
                            filter(None, (contact._format_phone(), contact.mobile))
                        ),
                        19,
                    ),
                    ((contact.email or "").replace("@", "\n@"), 28),
                    (self._get_address(contact), 21),
                )
            )
            for contact in contacts
        ]

    @api.model
    def _get_address(self, contact):
        """The contact's address in one line."""
        shown = contact._get_address_shown()
        town = " ".join(filter(None, (shown.zip, shown.city)))
        return ", ".join(filter(None, (shown.street, shown.street2, town)))
