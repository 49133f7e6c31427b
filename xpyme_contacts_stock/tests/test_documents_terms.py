from odoo import Command
from odoo.tests import Form, tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestDocumentsTerms(StockCase):
    """Almacén, Transportista and Ruta by address, contact and customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own, cls.other = cls.make_warehouse("OWN"), cls.make_warehouse("OTH")
        cls.ter = cls.make_carrier("Transportes Ter")
        cls.fluvia = cls.make_carrier("Transportes Fluvià")
        cls.north, cls.south = cls.make_route("N"), cls.make_route("S")
        cls.customer.write(
            {
                "sale_warehouse_id": cls.own.id,
                "property_delivery_carrier_id": cls.ter.id,
                "customer_route_id": cls.north.id,
            }
        )

    def make_quotation(self, **vals):
        return (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create({"partner_id": self.customer.id, **vals})
        )

    def assertTerms(self, order, warehouse, carrier, route):
        self.assertEqual(order.warehouse_id, warehouse)
        self.assertEqual(order.carrier_id, carrier)
        self.assertEqual(order.customer_route_id, route)

    def test_they_are_the_customers_also_for_a_contact(self):
        for partner in (self.customer, self.contact, self.address):
            order = self.make_quotation(partner_id=partner.id)
            self.assertTerms(order, self.own, self.ter, self.north)

    def test_an_address_or_a_contact_may_have_its_own(self):
        self.address.write(
            {
                "sale_warehouse_id": self.other.id,
                "property_delivery_carrier_id": self.fluvia.id,
                "delivery_route_id": self.south.id,
            }
        )
        order = self.make_quotation(partner_shipping_id=self.address.id)
        self.assertTerms(order, self.other, self.fluvia, self.south)
        self.contact.sale_warehouse_id = self.other
        order = self.make_quotation(
            partner_id=self.contact.id, partner_shipping_id=self.customer.id
        )
        # The address where the goods go is asked first, and is the customer's own.
        self.assertEqual(order.warehouse_id, self.own)

    def test_a_warehouse_that_no_order_can_use_is_passed_over(self):
        other = self.env["res.company"].create({"name": "Otra Tienda"})
        foreign = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_partner SET sale_warehouse_id = jsonb_build_object(%s, %s)"
            " WHERE id = %s",
            [str(self.company.id), foreign.id, self.customer.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.customer.sale_warehouse_id, foreign)
        self.assertEqual(self.make_quotation().warehouse_id, self.warehouse)
        self.customer.sale_warehouse_id = self.own
        self.own.active = False
        self.assertEqual(self.make_quotation().warehouse_id, self.warehouse)

    def test_what_is_chosen_by_hand_stays_when_lines_come(self):
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            self.assertEqual(form.carrier_id, self.ter)
            form.carrier_id = self.fluvia
            form.warehouse_id = self.other
            form.customer_route_id = self.south
            with form.order_line.new() as line:
                line.product_id = self.goods
        self.assertTerms(form.record, self.other, self.fluvia, self.south)

    def test_another_customer_brings_another_carrier_or_none(self):
        order = self.make_quotation()
        order.partner_id = self.make_customer("Otro S.A.", vat=self.OTHER_RUT)
        self.assertFalse(order.carrier_id)
        self.assertFalse(order.customer_route_id)

    def test_freight_in_the_order_keeps_its_carrier(self):
        order = self.make_quotation()
        order.set_delivery_line(self.fluvia, 4)
        order.partner_shipping_id = self.address
        self.assertEqual(order.carrier_id, self.fluvia)

    def test_a_carrier_that_does_not_reach_the_address_is_not_taken(self):
        self.ter.country_ids = self.spain
        self.assertFalse(self.make_quotation().carrier_id)

    def test_they_hold_for_a_quotation_that_was_sent(self):
        lines = [Command.create({"product_id": self.goods.id})]
        order = self.make_quotation(order_line=lines)
        order.action_quotation_sent()
        order.partner_shipping_id = self.address
        self.assertTerms(order, self.own, self.ter, self.north)
        order.action_confirm()
        note = order.sudo().picking_ids
        self.assertEqual(note.picking_type_id.warehouse_id, self.own)

    def test_one_that_no_order_can_use_is_passed_over_when_sent(self):
        self.own.active = False
        order = self.make_quotation()
        order.action_quotation_sent()
        order.partner_shipping_id = self.address
        self.assertEqual(order.warehouse_id, self.warehouse)

    def test_they_hold_in_each_company(self):
        other = self.env["res.company"].create({"name": "Otra Tienda"})
        self.env.user.company_ids += other
        elsewhere = self.env["stock.warehouse"].create(
            {"name": "Almacén OT2", "code": "OT2", "company_id": other.id}
        )
        self.customer.with_company(other).sale_warehouse_id = elsewhere
        orders = self.env["sale.order"].with_company(other)
        order = orders.create({"partner_id": self.customer.id, "company_id": other.id})
        order.action_quotation_sent()
        order.partner_shipping_id = self.address
        self.assertEqual(order.warehouse_id, elsewhere)

    def test_a_confirmed_order_is_not_touched(self):
        order = self.order()
        self.customer.sale_warehouse_id = self.other
        order.partner_shipping_id = self.address
        self.assertTerms(order, self.own, self.ter, self.north)

    def test_who_is_no_customer_keeps_odoos_way(self):
        person = self.Partner.create({"name": "Nadie"})
        person.property_delivery_carrier_id = self.ter
        order = self.make_quotation(partner_id=person.id)
        self.assertFalse(order.carrier_id)

    def test_the_note_takes_carrier_route_and_contact_of_the_order(self):
        self.address.delivery_route_id = self.south
        order = self.order(
            partner_shipping_id=self.address.id, contact_id=self.contact.id
        )
        note = order.picking_ids
        self.assertEqual(note.carrier_id, self.ter)
        self.assertEqual(note.customer_route_id, self.south)
        self.assertEqual(note.contact_id, self.contact)
        self.assertTrue(note.name.startswith("OWN/OUT/"))

    def test_goods_for_somebody_else_have_no_contact_of_the_customer(self):
        stranger = self.Partner.create({"name": "Obra de otro"})
        order = self.order(partner_shipping_id=stranger.id, contact_id=self.contact.id)
        self.assertFalse(order.picking_ids.contact_id)

    def test_notes_are_grouped_by_the_route_they_leave_on(self):
        self.address.delivery_route_id = self.south
        orders = self.order(partner_shipping_id=self.customer.id)
        orders |= self.order(partner_shipping_id=self.address.id)
        groups = self.env["stock.picking"]._read_group(
            [("sale_id", "in", orders.ids)], ["customer_route_id"], ["__count"]
        )
        self.assertEqual(dict(groups), {self.north: 1, self.south: 1})

    def test_a_delivered_note_keeps_the_route_that_it_left_on(self):
        order = self.order((self.goods, 2))
        note = self.deliver(order, 1)
        rest = order.picking_ids - note
        order.customer_route_id = self.south
        self.assertEqual(note.customer_route_id, self.north)
        self.assertEqual(rest.customer_route_id, self.south)
