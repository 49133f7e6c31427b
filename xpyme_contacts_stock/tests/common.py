from odoo import Command

from odoo.addons.xpyme_contacts_billing.tests.common import sell_in_own_currency
from odoo.addons.xpyme_contacts_pricing.tests.common import PriceCase


class StockCase(PriceCase):
    """A customer with an address and a contact, goods in stock, and who sells them.

    ``goods``: 10 a piece, no tax, plenty of it; ``scarce``: none is left.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sell_in_own_currency(cls.env)
        cls.company = cls.env.company
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.address = cls.Partner.create(
            {"name": "Obra", "parent_id": cls.customer.id, "type": "delivery"}
        )
        cls.contact = cls.make_contact(cls.customer)
        cls.goods = cls.make_goods("Tornillos")
        cls.scarce = cls.make_goods("Raros", stock=0)
        cls.salesperson = cls.make_user(
            "seller", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        cls.packer = cls.make_user("packer", "stock.group_stock_user")
        cls.shopkeeper = cls.make_user(
            "shopkeeper",
            "sales_team.group_sale_salesman_all_leads,stock.group_stock_user",
        )

    @classmethod
    def make_goods(cls, name, stock=1000, **vals):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "list_price": 10,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
                **vals,
            }
        )
        if stock:
            cls.env["stock.quant"]._update_available_quantity(
                product, cls.warehouse.lot_stock_id, stock
            )
        return product

    @classmethod
    def make_warehouse(cls, code):
        return cls.env["stock.warehouse"].create(
            {"name": f"Almacén {code}", "code": code, "company_id": cls.company.id}
        )

    @classmethod
    def make_route(cls, code):
        return cls.env["xpyme.customer.route"].create(
            {"name": f"Ruta {code}", "code": code}
        )

    @classmethod
    def make_carrier(cls, name="Transportes Ter", price=4.0, **vals):
        product = cls.env["product.product"].create(
            {"name": f"Portes {name}", "type": "service", "taxes_id": [Command.clear()]}
        )
        return cls.env["delivery.carrier"].create(
            {"name": name, "product_id": product.id, "fixed_price": price, **vals}
        )

    @classmethod
    def order(cls, *lines, customer=None, user=None, **vals):
        """A confirmed order; a line is a pair of article and quantity, or values."""
        sale = cls.env["sale.order"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "order_line": [
                    Command.create(
                        line
                        if isinstance(line, dict)
                        else {"product_id": line[0].id, "product_uom_qty": line[1]}
                    )
                    for line in lines or [(cls.goods, 1)]
                ],
                **vals,
            }
        )
        sale.action_confirm()
        return sale

    @classmethod
    def deliver(cls, order, *quantities):
        """Deliver so much of the lines of an order's open note; the note, done.

        Without quantities: all. What is left goes into a note of its own.
        """
        note = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
            and p.location_dest_id.usage == "customer"
        )
        moves = note.move_ids.sorted("id")
        for move, quantity in zip(moves, quantities or moves, strict=True):
            asked = move.product_uom_qty if not quantities else quantity
            move.quantity = asked
            move.picked = bool(asked)
        note._action_done()
        return note

    @classmethod
    def bring_back(cls, note, *quantities):
        """The customer brings so much back, to be credited; the note of it, done."""
        wizard = cls.env["stock.return.picking"].with_context(
            active_id=note.id, active_ids=note.ids, active_model="stock.picking"
        )
        wizard = wizard.create({"picking_id": note.id})
        for line, quantity in zip(wizard.product_return_moves, quantities, strict=True):
            line.write({"quantity": quantity, "to_refund": True})
        back = note.browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back._action_done()
        return back

    @classmethod
    def make_direct_note(cls, partner=None, user=None, quantity=1, **vals):
        """Goods that leave without an order."""
        stock, customers = (
            cls.warehouse.lot_stock_id,
            cls.env.ref("stock.stock_location_customers"),
        )
        move = {
            "product_id": cls.goods.id,
            "product_uom_qty": quantity,
            "location_id": stock.id,
            "location_dest_id": customers.id,
        }
        return (
            cls.env["stock.picking"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "partner_id": (partner or cls.customer).id,
                    "picking_type_id": cls.warehouse.out_type_id.id,
                    "location_id": stock.id,
                    "location_dest_id": customers.id,
                    "move_ids": [Command.create(move)],
                    **vals,
                }
            )
        )
