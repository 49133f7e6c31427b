from odoo import Command, api, fields, models


class ContactCreation(models.TransientModel):
    """Gives a first contact to customers who have none, after showing which.

    Installing on a living database creates nothing; this list action does, for the
    customers chosen.
    """

    _name = "xpyme.contact.creation"
    _description = "Create Missing Contacts"
    _technicians_only_read = True

    line_ids = fields.One2many(
        "xpyme.contact.creation.line", "wizard_id", string="Contacts to Create"
    )
    skipped_count = fields.Integer(
        string="Left Out",
        readonly=True,
        help="Records of the selection that have a contact already, or are no "
        "customer's card.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        chosen = self.env["res.partner"].browse(self.env.context.get("active_ids", []))
        cards = chosen.filtered("is_customer_card")
        contacts = self.env["res.partner"].search(cards._get_contacts_domain())
        missing = cards - contacts.parent_id
        values["line_ids"] = [Command.create({"partner_id": c.id}) for c in missing]
        values["skipped_count"] = len(chosen - missing)
        return values

    def action_create(self):
        """Create the contacts listed and open them."""
        cards = self.line_ids.partner_id.filtered("is_customer_card")
        cards -= self.env["res.partner"].search(cards._get_contacts_domain()).parent_id
        contacts = cards._add_first_contacts({card: {} for card in cards})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_contact_action"
        )
        return {**action, "domain": [("id", "in", contacts.ids)]}


class ContactCreationLine(models.TransientModel):
    _name = "xpyme.contact.creation.line"
    _description = "Missing Contact"
    _technicians_only_read = True

    wizard_id = fields.Many2one(
        "xpyme.contact.creation", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    contact_address = fields.Char(related="partner_id.contact_address")
