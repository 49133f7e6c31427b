from odoo import api, fields, models
from odoo.tools import format_date, format_time
from odoo.tools.mail import html_to_inner_content

# How much of the description stands in a list, in characters.
_SUMMARY = 120


class FsmOrder(models.Model):
    """What one needs on the way to a customer: when, whom, what, where, the telephone.

    The same few fields head the order's form, its list and its cards.
    """

    _inherit = "fsm.order"

    display_name = fields.Char(
        related=None, compute="_compute_display_name", string="Order"
    )
    visit_when = fields.Char(
        string="When",
        compute="_compute_visit_when",
        help="The hour of today's appointment; of another day's, the day too.",
    )
    visit_summary = fields.Char(
        string="What",
        compute="_compute_visit_summary",
        help="The beginning of the description.",
    )
    visit_address = fields.Char(
        string="Address",
        compute="_compute_visit_place",
        help="Where the work is done, in one line.",
    )
    visit_phone = fields.Char(
        string="Telephone",
        compute="_compute_visit_place",
        exportable=False,
        help="Who answers for the visit: the place's own telephone, else the "
        "customer's, else their first contact's.",
    )
    map_url = fields.Char(related="location_id.map_url", exportable=False)

    @api.depends("name", "service_customer_id.name")
    def _compute_display_name(self):
        # sudo: whoever may read an order sees whom it is for.
        for order in self.sudo():
            names = (order.name, order.service_customer_id.name)
            order.display_name = " · ".join(filter(None, names))

    @api.depends("scheduled_date_start")
    @api.depends_context("lang", "tz")
    def _compute_visit_when(self):
        today = fields.Date.context_today(self)
        for order in self:
            start = order.scheduled_date_start
            if not start:
                order.visit_when = False
                continue
            local = fields.Datetime.context_timestamp(order, start)
            hour = format_time(self.env, local.time(), time_format="HH:mm")
            day = format_date(self.env, local.date(), date_format="EEE d MMM")
            order.visit_when = hour if local.date() == today else f"{day}, {hour}"

    @api.depends("description")
    def _compute_visit_summary(self):
        for order in self:
            words = html_to_inner_content(order.description or "")
            if len(words) > _SUMMARY:
                words = f"{words[:_SUMMARY].rsplit(' ', 1)[0]}…"
            order.visit_summary = words or False

    @api.depends(
        "location_id.street",
        "location_id.street2",
        "location_id.zip",
        "location_id.city",
        "location_id.phone",
        "location_id.follows_customer",
        "service_customer_id.phone",
        "service_customer_id.mobile",
    )
    def _compute_visit_place(self):
        # sudo: an order shows its place and customer to whoever may read the order.
        for order in self.sudo():
            place = order.location_id
            town = " ".join(filter(None, (place.zip, place.city)))
            lines = (place.street, place.street2, town)
            order.visit_address = ", ".join(filter(None, lines)) or False
            order.visit_phone = order._get_visit_phone()

    def _get_visit_phone(self):
        """The number to call about the visit; False where nobody has one."""
        self.ensure_one()
        place, customer = self.location_id, self._get_service_customer()
        # What a location that follows its customer was given once may be old.
        own = not place.follows_customer and place.phone
        known = own or customer.phone or customer.mobile
        if known or not customer:
            return known or place.phone
        contact = customer._get_first_contact()
        return contact.mobile or contact.phone or place.phone
