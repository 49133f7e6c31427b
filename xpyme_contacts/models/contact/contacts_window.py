from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.value_rule import ValueRule


class ResPartner(models.Model):
    """The window *Contactos* (seed 000): its order, printout and vCards.

    Screens, printouts and the card's *first contact* take this one order: by place,
    then by age, where no place is place 0. So does the web client while it drags: it
    counts from 0 and cannot tell it from no place, which PostgreSQL would put last.
    """

    _inherit = "res.partner"

    contact_sequence = fields.Integer(
        string="Place in the List",
        help="Place of the contact in his customer's list; the first one is the "
        "customer's main contact.",
    )

    def _sorted_as_shown(self):
        """Contacts in the order of the grid; those not saved yet are the youngest."""
        youngest = float("inf")
        return self.sorted(lambda c: (c.contact_sequence, c._origin.id or youngest))

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == "contact_sequence":
            place = self._field_to_sql(alias, field_name, query)
            return SQL("COALESCE(%s, 0) %s", place, direction)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # === NEW CONTACTS ===#

    @api.model
    def _propose_on_screen(self, values, fields_list):
        proposed = super()._propose_on_screen(values, fields_list)
        parent_id = self.env.context.get("default_parent_id")
        if parent_id and "contact_sequence" in set(fields_list) - values.keys():
            place = self._get_ends_of_lists({parent_id}).get(parent_id, 0)
            proposed["contact_sequence"] = place
        return proposed

    @api.model
    def _get_value_rules(self):
        rule = ValueRule("_complete_contact_place_vals", ("parent_id",))
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_contact_place_vals(self, vals_list, partners):
        """A new contact goes to the end of a list once dragged; a given place stays."""
        if partners is not None:
            return
        context = self.env.context
        unplaced = [
            (vals, parent_id)
            for vals in vals_list
            if "contact_sequence" not in vals
            and (parent_id := vals.get("parent_id", context.get("default_parent_id")))
            and vals.get("type", context.get("default_type", "contact")) == "contact"
        ]
        ends = self._get_ends_of_lists({parent_id for _vals, parent_id in unplaced})
        for vals, parent_id in unplaced:
            vals["contact_sequence"] = ends.get(parent_id, 0)

    @api.model
    def _get_ends_of_lists(self, parent_ids):
        """``{id of the customer: first free place}``, of those whose lists have places.

        In an undragged list everybody stands by age; there no place is needed.
        """
        if not parent_ids:
            return {}
        # sudo: contacts whom the user does not see have their places, too.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        last = partners._read_group(
            [("parent_id", "in", list(parent_ids)), ("contact_sequence", ">", 0)],
            ["parent_id"],
            ["contact_sequence:max"],
        )
        return {parent.id: place + 1 for parent, place in last}

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
            # Nothing of the caller's context: its defaults are for a customer, and its
            # mode shows and makes customers.
            "context": {
                "res_partner_search_mode": False,
                "default_parent_id": customer.id,
                "default_type": "contact",
                "default_company_id": customer.company_id.id,
            },
        }

    def action_print_contacts(self):
        """A PDF of the contacts of the customers ``self``, or of the contacts."""
        partners = self or self._get_customer_of_window()
        partners.check_access("read")
        report = self.env.ref("xpyme_contacts.xpyme_contact_sheet_action")
        # The sheet has no document layout that an administrator would have to choose.
        return report.report_action(partners, data={}, config=False)

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
