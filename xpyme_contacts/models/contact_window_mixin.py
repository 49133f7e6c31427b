from odoo import models
from odoo.exceptions import UserError


class ContactWindowMixin(models.AbstractModel):
    """The window *Contactos* (seed 000): opened, printed and taken away as vCards."""

    _name = "xpyme.contact.window.mixin"
    _description = "Window of a Customer's Contacts"

    def action_open_contacts(self):
        """The contacts window of the customer whom ``self`` belongs to."""
        self.ensure_one()
        customer = self.commercial_partner_id
        title = self.env._("Contacts of %s", customer.name)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_contact_action"
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": customer._get_contacts_domain(),
            # Nothing of the caller's context: its defaults are for a customer.
            "context": {
                "default_parent_id": customer.id,
                "default_type": "contact",
                "default_company_id": customer.company_id.id,
            },
        }

    def action_print_contacts(self):
        """A PDF of the contacts of the customers ``self``, or of the contacts."""
        partners = self or self._get_customer_of_window()
        report = self.env.ref("xpyme_contacts.xpyme_contact_sheet_action")
        # The sheet has no document layout that an administrator would have to choose.
        return report.report_action(partners, config=False)

    def action_download_contact_vcards(self):
        """One vCard file with the contacts ``self``, or those of the customers."""
        self._check_export_allowed()
        partners = self or self._get_customer_of_window()
        ids = ",".join(map(str, partners._get_printed_contacts().ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/xpyme_contacts/vcard?ids={ids}",
            "target": "download",
        }

    def _get_customer_of_window(self):
        """The customer whose contacts window is open, for a button without selection.

        :raise UserError: nothing is selected in a list of several customers
        """
        customer = self.browse(self.env.context.get("default_parent_id"))
        if not customer:
            raise UserError(self.env._("Select the contacts first."))
        return customer

    def _get_printed_contacts(self):
        """The contacts a printout of ``self`` shows: of customers theirs, else they."""
        customers = self.filtered(lambda p: p.commercial_partner_id == p)
        contacts = self.search(customers._get_contacts_domain())
        return (self - customers) | contacts
