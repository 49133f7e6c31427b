from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...models.customer.tax_id import get_tax_id_word

_SHOWN = 40


class ServiceOrderSearch(models.TransientModel):
    """*Buscar ODS*: from what one remembers of a service order to the order itself.

    The list shows what the user may see, by the order's own rules, while he types.
    """

    _name = "xpyme.service.order.search"
    _description = "Find a Service Order"

    order_id = fields.Many2one("fsm.order", string="Order Number")
    customer_id = fields.Many2one(
        "res.partner",
        string="Customer",
        domain=[("is_customer_card", "=", True)],
    )
    vat = fields.Char(string="Tax ID (RUT)")
    person_id = fields.Many2one("fsm.person", string="Technician")
    stage_id = fields.Many2one(
        "fsm.stage", string="State", domain="[('stage_type', '=', 'order')]"
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    text = fields.Char(
        help="Any words of the order's number, description, resolution, customer, tax "
        "ID, technician or address."
    )
    more_filters = fields.Boolean(help="On a telephone: ask for more than words.")
    order_ids = fields.Many2many(
        "fsm.order", string="Orders", compute="_compute_order_ids"
    )
    order_count = fields.Integer(string="Orders Found", compute="_compute_order_ids")

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.company)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """The tax id is called as in the company's country, in the results too."""
        arch, view = super()._get_view(view_id, view_type, **options)
        label = get_tax_id_word(self.env.company.country_id)
        for name in ("vat", "customer_vat"):
            for node in arch.iterfind(f".//field[@name='{name}']"):
                node.set("string", label)
        return arch, view

    @api.depends(
        "order_id",
        "customer_id",
        "vat",
        "person_id",
        "stage_id",
        "date_from",
        "date_to",
        "text",
    )
    def _compute_order_ids(self):
        for search in self:
            domain = search._get_orders_domain()
            search.order_ids = self.env["fsm.order"].search(
                domain, order="request_early desc, id desc", limit=_SHOWN
            )
            search.order_count = (
                len(search.order_ids)
                if len(search.order_ids) < _SHOWN
                else self.env["fsm.order"].search_count(domain)
            )

    def _get_orders_domain(self):
        """Domain of the orders that match everything typed so far."""
        self.ensure_one()
        until = self.date_to and self.date_to + timedelta(days=1)
        typed = (
            ("id", "=", self.order_id.id),
            ("service_customer_id", "child_of", self.customer_id.id),
            ("customer_vat", "ilike", (self.vat or "").strip()),
            ("person_id", "=", self.person_id.id),
            ("stage_id", "=", self.stage_id.id),
            ("request_early", ">=", self.date_from),
            ("request_early", "<", until),
        )
        words = (self._get_word_domain(word) for word in (self.text or "").split())
        return Domain.AND([*(Domain(*c) for c in typed if c[2]), *words])

    @api.model
    def _get_word_domain(self, word):
        """Domain of the orders in which ``word`` stands anywhere."""
        names = [
            "name",
            "description",
            "resolution",
            "service_customer_id.complete_name",
            "person_id.name",
            "location_id.street",
            "location_id.city",
        ]
        if any(character.isdigit() for character in word):
            names.append("customer_vat")
        return Domain.OR(Domain(fname, "ilike", word) for fname in names)

    def action_search(self):
        """The order found, or the list of all that match."""
        orders = self.env["fsm.order"].search(self._get_orders_domain())
        if not orders:
            raise UserError(self.env._("No service order matches. Try fewer words."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_service_order_action"
        )
        if len(orders) == 1:
            return {**action, "views": [(False, "form")], "res_id": orders.id}
        return {**action, "domain": self._get_orders_domain(), "context": {}}
