from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

# Each shop: who brings its goods and for how much, its second warehouse, and the
# customer with an invoice for each note, with their format and copies; whose order has
# left, and whose is still to leave.
_SHOPS = {
    "company_onyar": ("Transportes Ter", 6, "Nave de Salt", "SALT", "cala", "ter_blau"),
    "company_biobio": (
        "Fletes Biobío",
        4500,
        "Bodega San Pedro",
        "SANP",
        "nunez",
        "copihues",
    ),
}
_WAITING = {"company_onyar": ("can_prova", "optica"), "company_biobio": ("penon",)}
_SAMPLE = {"company_onyar": "barretina", "company_biobio": "sonrisa"}


class Demo(models.AbstractModel):
    """The shops deliver: what has left, what is to leave, and a sample."""

    _inherit = "xpyme.demo"

    @api.model
    def _load_deliveries(self):
        for name, (carrier, price, warehouse, code, apart, large) in _SHOPS.items():
            shop = self._in_shop(name)
            carrier = shop._make_carrier(carrier, price)
            second = shop._make_warehouse(warehouse, code)
            apart, large = (shop._ref(f"customer_{key}") for key in (apart, large))
            apart.write(
                {
                    "invoice_grouping_mode": "per_delivery",
                    "delivery_report_id": shop.env.ref(
                        "xpyme_contacts_stock.valued_note_report"
                    ).id,
                    "delivery_note_copies": 1,
                }
            )
            large.sale_warehouse_id = second
            (apart | large).property_delivery_carrier_id = carrier
            shop._deliver_twice(name, apart)
            shop._deliver(shop._make_ordered(name, large, "cemento", 40), 40, days=3)
            for buyer in _WAITING[name]:
                customer = shop._ref(f"customer_{buyer}")
                shop._make_ordered(name, customer, "silicona", 12)
            shop._give_sample(name)

    @api.model
    def _make_carrier(self, name, price):
        freight = self.env["product.product"].create(
            {
                "name": f"Portes {name}",
                "type": "service",
                "sale_ok": False,
                "purchase_ok": False,
                "company_id": self.env.company.id,
            }
        )
        return self.env["delivery.carrier"].create(
            {
                "name": name,
                "product_id": freight.id,
                "fixed_price": price,
                "free_over": True,
                "amount": price * 50,
                "company_id": self.env.company.id,
            }
        )

    @api.model
    def _make_warehouse(self, name, code):
        company = self.env.company
        return self.env["stock.warehouse"].create(
            {
                "name": name,
                "code": code,
                "company_id": company.id,
                "partner_id": company.partner_id.id,
            }
        )

    @api.model
    def _make_ordered(self, name, customer, article, quantity):
        """A confirmed order of the shop."""
        line = {
            "product_id": self._get_article(name, article).id,
            "product_uom_qty": quantity,
        }
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": self.env.company.id,
                "user_id": self._get_seller(name, customer).id,
                "order_line": [Command.create(line)],
            }
        )
        order.action_confirm()
        order.date_order = fields.Datetime.now() - relativedelta(days=8)
        return order

    @api.model
    def _deliver(self, order, quantity, days):
        """So much of an order left some days ago; the rest is to leave."""
        note = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        note.move_ids.write({"quantity": quantity, "picked": True})
        note._action_done()
        note.date_done = fields.Datetime.now() - relativedelta(days=days)
        return note

    @api.model
    def _deliver_twice(self, name, customer):
        """Two notes of one order, to be invoiced apart."""
        order = self._make_ordered(name, customer, "ampolleta", 40)
        self._deliver(order, 15, days=6)
        self._deliver(order, 25, days=2)

    @api.model
    def _give_sample(self, name):
        """Goods that left without an order."""
        domain = [("code", "=", "outgoing"), ("company_id", "=", self.env.company.id)]
        leaving = self.env["stock.picking.type"].search(domain, limit=1)
        customers = self.env.ref("stock.stock_location_customers")
        way = {
            "location_id": leaving.default_location_src_id.id,
            "location_dest_id": customers.id,
        }
        article = self._get_article(name, "llave")
        move = {"product_id": article.id, "product_uom_qty": 1, **way}
        note = self.env["stock.picking"].create(
            {
                "partner_id": self._ref(f"customer_{_SAMPLE[name]}").id,
                "picking_type_id": leaving.id,
                "origin": "Muestra",
                "move_ids": [Command.create(move)],
                **way,
            }
        )
        note.action_confirm()
        note.move_ids.write({"quantity": 1, "picked": True})
        note._action_done()
