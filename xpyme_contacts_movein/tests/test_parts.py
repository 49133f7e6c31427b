from odoo.addons.xpyme_contacts_movein.tools.targets import KINDS

from .common import MoveinCase

CONTACT = ("Cliente", "Nombre", "Teléfono", "Cargo", "Email")
ADDRESS = ("Cliente", "Código", "Dirección", "C.P.", "Población", "Tipo")


class TestMoveinParts(MoveinCase):
    """What belongs to customers comes in beside them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        job = cls.move_in(
            ("A15", "Acme S.L."), headings=("Código", "Nombre"), codes="new"
        )
        cls.customer = job.row_ids.partner_id

    # === CONTACTS ===#

    def test_contact_is_the_customers_of_the_same_program(self):
        job = self.move_in(
            ("A15", "Ana Soto", "912345678", "Gerente", "ana@example.com"),
            headings=CONTACT,
            kind="contacts",
        )
        contact = job.row_ids.partner_id
        self.assertEqual(contact.parent_id, self.customer)
        self.assertEqual(contact.function, "Gerente")
        self.assertFalse(contact.is_customer_card)

    def test_customer_is_found_by_code_and_by_tax_id_too(self):
        known = self.make_customer("Otra", ref="888", vat="B58378431")
        job = self.move_in(
            ("888", "", "Ana Soto"),
            ("", "B-58378431", "Juan Díaz"),
            headings=("Cliente", "NIF", "Nombre"),
            kind="contacts",
            source="eurowin",
        )
        self.assertEqual(job.row_ids.partner_id.parent_id, known)

    def test_code_of_a_program_with_new_codes_is_nobody_elses(self):
        self.make_customer("Otra", ref="888")
        job = self.judge(("888", "Ana Soto"), headings=CONTACT[:2], kind="contacts")
        self.assertEqual(job.row_ids.verdict, "reject")
        self.assertIn("from this program", job.row_ids.reason)

    def test_code_of_a_customer_who_was_left_out_is_nobody_elses(self):
        self.make_customer("Otra", ref="888")
        left = self.move_in(
            ("888", "Bar Luna"), headings=("Código", "Nombre"), source="eurowin"
        )
        self.assertEqual(left.row_ids.verdict, "reject")
        job = self.judge(
            ("888", "Luna Jefa"),
            headings=CONTACT[:2],
            kind="contacts",
            source="eurowin",
        )
        self.assertEqual(job.row_ids.verdict, "reject")

    def test_code_of_one_customer_and_tax_id_of_nobody_is_asked(self):
        known = self.make_customer("Otra", ref="888", vat="B58378431")
        headings = ("Cliente", "NIF", "Nombre")
        for source in ("eurowin", "visionwin"):
            with self.subTest(source):
                code = "A15" if source == "visionwin" else "888"
                self.customer.vat = "B58378431"
                job = self.judge(
                    (code, "A58818501", "Ana Soto"),
                    headings=headings,
                    kind="contacts",
                    source=source,
                )
                row = job.row_ids
                self.assertEqual((row.verdict, row.state), ("near", "left"))
                self.assertIn("another tax ID", row.reason)
        row.action_take_in()
        job.action_run()
        self.assertEqual(row.partner_id.parent_id, self.customer)
        self.assertFalse(known.contact_ids & row.partner_id)

    def test_contact_named_like_the_customer_is_the_mirror(self):
        before = len(self.customer.contact_ids)
        job = self.judge(
            ("A15", "ACME  s.l.", "912345678", "Dueño", ""),
            headings=CONTACT,
            kind="contacts",
        )
        self.assertEqual(job.row_ids.verdict, "mirror")
        job.action_run()
        self.assertEqual(len(self.customer.contact_ids), before)
        self.assertEqual(self.get_mirror(self.customer).function, "Dueño")
        job.action_undo()
        self.assertFalse(self.get_mirror(self.customer).function)

    def test_contact_of_nobody_is_rejected(self):
        job = self.judge(
            ("Z9", "Ana", "", "", ""),
            ("", "Eva", "", "", ""),
            headings=CONTACT,
            kind="contacts",
        )
        self.assertEqual(self.get_verdicts(job), ["reject", "reject"])
        self.assertIn("Z9", job.row_ids[0].reason)
        self.assertIn("whose it is", job.row_ids[1].reason)

    def test_contacts_of_the_same_file_are_the_same(self):
        rows = [("A15", "Ana Soto", "1", "", ""), ("A15", "Eva Soto", "2", "", "")]
        self.move_in(*rows, headings=CONTACT, kind="contacts")
        again = self.judge(*rows, headings=CONTACT, kind="contacts")
        self.assertEqual(self.get_verdicts(again), ["same", "same"])

    # === ADDRESSES ===#

    def test_address_without_a_country_is_in_its_cards(self):
        self.customer.country_id = self.chile
        job = self.move_in(
            ("A15", "1", "Muelle 9", "", "Talca", "Entrega"),
            headings=ADDRESS,
            kind="addresses",
        )
        address = job.row_ids.partner_id
        self.assertEqual(address.type, "delivery")
        self.assertEqual(address.country_id, self.chile)
        self.assertEqual(address.parent_id, self.customer)

    def test_order_to_an_address_without_a_country_keeps_its_tax(self):
        positions = self.env["account.fiscal.position"]
        positions.search([]).auto_apply = False
        abroad = {"name": "Abroad", "auto_apply": True, "sequence": 9}
        home = {"name": "Spain", "auto_apply": True, "country_id": self.spain.id}
        home, _abroad = positions.create([{**home, "sequence": 1}, abroad])
        tax = self.env["account.tax"].create(
            {"name": "21 %", "amount": 21, "fiscal_position_ids": home.ids}
        )
        product = self.env["product.product"].create(
            {"name": "Clavos", "list_price": 100, "taxes_id": tax.ids}
        )
        job = self.move_in(
            ("A15", "1", "Muelle 9", "28921", "Alcorcón", "Entrega"),
            headings=ADDRESS,
            kind="addresses",
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "partner_shipping_id": job.row_ids.partner_id.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        self.assertEqual(order.fiscal_position_id, home)
        self.assertEqual(order.amount_total, 121)

    def test_unknown_kinds_of_addresses_are_other_ones(self):
        job = self.move_in(
            ("A15", "1", "Muelle 9", "", "Talca", "Almacén"),
            ("A15", "2", "Muelle 8", "", "Talca", "Facturación"),
            headings=ADDRESS,
            kind="addresses",
        )
        self.assertEqual(job.row_ids.partner_id.mapped("type"), ["other", "invoice"])

    # === KINDS OF OTHER ADDONS ===#

    def test_kinds_are_those_that_can_be_stored(self):
        kinds = dict(self.env["xpyme.movein"]._get_kinds())
        for kind in KINDS:
            model = self.env["xpyme.movein"]._get_kind_model(kind)
            self.assertEqual(kind in kinds, model in self.env)

    def _skip_without(self, model):
        if model not in self.env:
            self.skipTest(f"{model} is not installed")

    def test_price_of_an_unknown_article_is_rejected_alone(self):
        self._skip_without("xpyme.customer.price")
        article = self.env["product.product"].create(
            {"name": "Clavo", "default_code": "CL-1", "type": "consu"}
        )
        rows = [("A15", "CL-1", "12,50"), ("A15", "NADA", "1")]
        job = self.move_in(
            *rows, headings=("Cliente", "Artículo", "Precio"), kind="prices"
        )
        self.assertEqual(self.get_verdicts(job), ["create", "reject"])
        price = self.customer.customer_price_ids
        self.assertEqual((price.product_id, price.price_1), (article, 12.5))
        job.action_undo()
        self.assertFalse(self.customer.customer_price_ids)

    def test_discount_of_a_family_comes_in(self):
        self._skip_without("xpyme.customer.family.discount")
        family = self.env["product.category"].create({"name": "Ferretería"})
        job = self.move_in(
            ("A15", "FERRETERIA", "7,5"),
            headings=("Cliente", "Familia", "Dto"),
            kind="family_discounts",
        )
        discount = self.customer.family_discount_ids
        self.assertEqual((discount.categ_id, discount.discount), (family, 7.5))
        self.assertEqual(job.row_ids.state, "done")

    def test_leave_comes_in(self):
        self._skip_without("xpyme.customer.leave")
        self.move_in(
            ("A15", "01/08/2026", "31/08/2026", "Vacaciones"),
            headings=("Cliente", "Desde", "Hasta", "Motivo"),
            kind="leaves",
        )
        self.assertEqual(str(self.customer.leave_ids.date_to), "2026-08-31")
