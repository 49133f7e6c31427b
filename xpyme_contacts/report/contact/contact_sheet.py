from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools.pagination import count_lines, paginate

# What fits on an A4 page at 8.5 pt: 20 rows of two lines, with either wkhtmltopdf.
_ROWS_PER_PAGE = 20
_LINES_PER_PAGE = 44
# Pixels that come out as 8.5 pt; the unpatched build shrinks everything by a quarter.
FONT_PX = {True: 11, False: 15}


class ContactSheet(models.AbstractModel):
    """The printed contacts of one or many customers (seed 000: *Imprimir*).

    Read with the user's own rights: who may not read a contact does not print it.
    """

    _name = "report.xpyme_contacts.contact_sheet"
    _description = "Contact Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        partners = self.env["res.partner"].browse(docids)
        pages = [
            {"customer": customer, "contacts": chunk}
            for customer, contacts in self._get_contacts_by_customer(partners)
            for chunk in self._paginate(contacts)
        ]
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": partners,
            "pages": pages,
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
        heights = [
            count_lines(
                (
                    (contact.name, 27),
                    (contact.function, 18),
                    (
                        "\n".join(
                            filter(None, (contact._format_phone(), contact.mobile))
                        ),
                        19,
                    ),
                    (contact.email, 25),
                    (self._get_address(contact), 24),
                )
            )
            for contact in contacts
        ]
        return paginate(contacts, heights, _ROWS_PER_PAGE, _LINES_PER_PAGE)

    @api.model
    def _get_address(self, contact):
        """The contact's address in one line."""
        shown = contact._get_address_shown()
        town = " ".join(filter(None, (shown.zip, shown.city)))
        return ", ".join(filter(None, (shown.street, shown.street2, town)))
