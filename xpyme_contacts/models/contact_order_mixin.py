from odoo import api, fields, models
from odoo.tools import SQL


class ContactOrderMixin(models.AbstractModel):
    """The order of a customer's contacts, as the user drags them (seed 000).

    Screens, printouts and the card's *first contact* take this one order: by place,
    then by age, where no place is place 0. So does the web client while it drags: it
    counts from 0 and cannot tell it from no place, which PostgreSQL would put last.
    """

    _name = "xpyme.contact.order.mixin"
    _description = "Order of a Customer's Contacts"

    contact_sequence = fields.Integer(
        string="Place in the List",
        help="Place of the contact in his customer's list; the first one is the "
        "customer's main contact.",
    )

    def _sorted_as_shown(self):
        """Contacts in the order of the grid; those not saved yet are the youngest."""
        youngest = float("inf")
        return self.sorted(lambda c: (c.contact_sequence, c._origin.id or youngest))

    def _order_by_place(self, alias, direction, query):
        """SQL of the order by place."""
        place = self._field_to_sql(alias, "contact_sequence", query)
        return SQL("COALESCE(%s, 0) %s", place, direction)

    # === NEW CONTACTS ===#

    @api.model
    def _complete_contact_place_vals(self, vals_list):
        """Before ``create``: a new contact goes to the end of a list once dragged.

        :param vals_list: changed in place; a place given is kept
        """
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
    def _get_default_place(self):
        """Place of the row that a customer's window of contacts adds."""
        parent_id = self.env.context.get("default_parent_id")
        return self._get_ends_of_lists({parent_id} - {None, False}).get(parent_id, 0)

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
