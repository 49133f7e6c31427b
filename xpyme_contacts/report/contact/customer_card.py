from odoo import api, models


class CustomerCard(models.AbstractModel):
    _inherit = "report.xpyme_contacts.customer_card"

    @api.model
    def _get_sections(self, customer):
        """Add the contacts and the addresses."""
        contacts = customer._get_printed_contacts()._sorted_as_shown()
        addresses = customer.address_ids._filtered_access("read")
        return [
            *super()._get_sections(customer),
            {
                "sequence": 40,
                "title": self.env._("Contacts"),
                "head": self._get_contact_head(),
                "rows": [self._get_contact_row(contact) for contact in contacts],
            },
            {
                "sequence": 50,
                "title": self.env._("Other addresses"),
                "head": self._get_address_head(),
                "rows": [
                    [
                        address.contact_code or "",
                        address.name or "",
                        ", ".join(address._get_address_lines()),
                    ]
                    for address in addresses
                ],
            },
        ]

    @api.model
    def _get_address_head(self):
        return [self.env._("Code"), self.env._("Name"), self.env._("Address")]

    @api.model
    def _get_contact_head(self):
        return [
            self.env._("Contact"),
            self.env._("Position"),
            self.env._("Phones"),
            self.env._("E-mail"),
        ]

    @api.model
    def _get_contact_row(self, contact):
        phones = filter(None, (contact._format_phone(), contact.mobile))
        return [
            contact.name or "",
            contact.function or "",
            " · ".join(phones),
            contact.email or "",
        ]
