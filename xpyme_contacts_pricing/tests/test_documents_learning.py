from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceLearning(PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.customer_price_learning = "always"
        cls.set_up_invoices()

    def sell(self, price, product=None, tariff=None, confirm=True, **vals):
        product = product or self.net_article
        order = self.make_sale(
            {"product_id": product.id, "price_unit": price, **vals},
            pricelist_id=(tariff or self.tariff_1).id,
        )
        if confirm:
            order.action_confirm()
        return order

    def get_price(self, product=None):
        return self.env["xpyme.customer.price"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("product_id", "=", (product or self.net_article).id),
            ]
        )

    def test_a_typed_price_becomes_the_customers_in_that_tariff_only(self):
        self.make_price(price_1=11)
        self.sell(9.5, tariff=self.tariff_2)
        price = self.get_price()
        self.assertEqual((price.price_1, price.price_2, price.price_3), (11, 9.5, 0))
        self.assertAlmostEqual(price.pvp_2, 9.5 * 1.21)
        self.assertEqual(price.origin, "document")
        self.assertTrue(price.updated_on)
        self.assertEqual(price.typed_sides, "nn----")
        again = self.make_sale(self.net_article, pricelist_id=self.tariff_2.id)
        self.assertPrice(again.order_line, 9.5)

    def test_an_article_with_tax_inside_learns_the_price_with_tax(self):
        self.sell(24, self.taxed_article)
        price = self.get_price(self.taxed_article)
        self.assertEqual(price.pvp_1, 24)
        self.assertEqual(price.typed_sides[0], "t")

    def test_a_dozen_in_another_currency_is_learnt_per_unit(self):
        abroad = self.make_tariff(3, currency_id=self.make_currency(2).id)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.sell(240, tariff=abroad, product_uom_id=dozen.id)
        self.assertAlmostEqual(self.get_price().price_3, 10)

    def test_what_is_not_learnt(self):
        self.sell(9.5, confirm=False)
        self.sell(0)
        self.sell(100)
        self.sell(9.5, product_uom_qty=-1)
        self.assertFalse(self.get_price())
        self.env.company.customer_price_learning = "never"
        self.sell(9.5)
        self.assertFalse(self.get_price())

    def test_undo_puts_the_old_price_back(self):
        self.make_price(pvp_1=24.2)
        self.sell(9.5)
        change = self.get_price().change_ids
        self.assertEqual(len(change), 1)
        change.action_undo()
        price = self.get_price()
        self.assertEqual(price.pvp_1, 24.2)
        self.assertAlmostEqual(price.price_1, 20)
        self.assertEqual(price.typed_sides, "t-----")
        self.assertTrue(change.undone)

    def test_undo_of_a_first_price_leaves_none(self):
        self.sell(9.5)
        self.get_price().change_ids.action_undo()
        self.assertEqual(self.get_price().price_1, 0)
        self.assertPrice(self.make_sale(self.net_article).order_line, 100)

    def test_a_price_that_changed_since_is_not_undone(self):
        self.sell(9.5)
        price = self.get_price()
        price.price_1 = 8
        with self.assertRaises(UserError):
            price.change_ids.action_undo()

    def test_asking_before_learning(self):
        self.env.company.customer_price_learning = "ask"
        order = self.sell(9.5, confirm=False)
        action = order.with_context(validate_analytic=True).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.get_price())
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertAlmostEqual(wizard.line_ids.pvp, 9.5 * 1.21)
        wizard.action_learn()
        self.assertEqual(self.get_price().price_1, 9.5)

    def test_unticked_prices_are_not_kept(self):
        self.env.company.customer_price_learning = "ask"
        order = self.sell(9.5, confirm=False)
        action = order.with_context(validate_analytic=True).action_confirm()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.line_ids.is_chosen = False
        wizard.action_learn()
        self.assertFalse(self.get_price())

    def confirm_and_ask(self, orders):
        action = orders.with_context(validate_analytic=True).action_confirm()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_prices_of_several_customers_go_to_each_his_own(self):
        self.env.company.customer_price_learning = "ask"
        other = self.make_customer("Otra", vat=False)
        orders = self.sell(9.5, confirm=False)
        self.assertEqual(self.confirm_and_ask(orders).partner_id, self.customer)
        orders = self.sell(9.5, confirm=False) | self.make_sale(
            {"product_id": self.taxed_article.id, "price_unit": 55}, customer=other
        )
        wizard = self.confirm_and_ask(orders)
        self.assertFalse(wizard.partner_id)
        wizard.action_learn()
        self.assertEqual(self.customer.customer_price_ids.product_id, self.net_article)
        self.assertEqual(other.customer_price_ids.product_id, self.taxed_article)

    def test_no_price_is_learnt_into_a_company_of_others(self):
        company = self.env["res.company"].create({"name": "Otra tienda"})
        line = {
            "partner_id": self.customer.id,
            "product_id": self.net_article.id,
            "company_id": company.id,
            "tariff": 1,
            "side": "n",
            "price": 1,
            "pvp": 1.21,
        }
        learning = self.env["xpyme.price.learning"].with_user(self.make_salesperson())
        wizard = learning.create({"line_ids": [(0, 0, line)]})
        with self.assertRaises(AccessError):
            wizard.action_learn()
        prices = self.env["xpyme.customer.price"]
        self.assertFalse(prices.search([("company_id", "=", company.id)]))

    def test_a_program_is_not_asked(self):
        self.env.company.customer_price_learning = "ask"
        self.assertTrue(self.sell(9.5, confirm=False).action_confirm())
        self.assertFalse(self.get_price())

    def make_lines(self, *lines):
        """Quantities and prices of the same article."""
        return [
            {"product_id": self.net_article.id, "product_uom_qty": qty, "price_unit": p}
            for qty, p in lines
        ]

    def test_of_two_lines_the_larger_quantity_holds(self):
        """A sample after a hundred teaches nothing; of two equal ones the last."""
        dozen = self.env.ref("uom.product_uom_dozen").id
        lines = self.make_lines((100, 70), (1, 0.01))
        self.make_sale(*lines).action_confirm()
        self.assertEqual(self.get_price().price_1, 70)
        self.make_sale(*self.make_lines((1, 9), (1, 8))).action_confirm()
        self.assertEqual(self.get_price().price_1, 8)
        few, many = self.make_lines((10, 7), (1, 72))
        self.make_sale({**many, "product_uom_id": dozen}, few).action_confirm()
        self.assertEqual(self.get_price().price_1, 6)

    def test_only_the_line_that_counts_is_asked_about(self):
        self.env.company.customer_price_learning = "ask"
        order = self.make_sale(*self.make_lines((100, 70), (1, 0.01)))
        self.assertEqual(self.confirm_and_ask(order).line_ids.price, 70)

    # --- the same net again

    def assertSoldAgain(self, sold, **vals):
        """The next order costs what was sold."""
        again = self.make_sale(self.net_article, **vals).order_line
        self.assertAlmostEqual(again._get_net_price(), sold)

    def test_the_tariffs_own_discount_goes_into_the_price(self):
        """It does not act on special prices."""
        rule = {"compute_price": "percentage", "percent_price": 20}
        tariff = self.make_tariff(rules=[rule])
        order = self.sell(95, tariff=tariff)
        self.assertPrice(order.order_line, 95, 20)
        self.assertEqual(self.get_price().price_1, 76)
        self.assertSoldAgain(76, pricelist_id=tariff.id)

    def test_an_increase_that_reaches_special_prices_is_taken_out(self):
        self.env.company.increase_special_prices = True
        self.customer.price_increase = 3
        self.sell(95)
        self.assertSoldAgain(95)
        self.env.company.increase_special_prices = False
        self.sell(94)
        self.assertEqual(self.get_price().price_1, 94)

    def test_a_discount_typed_beside_a_typed_price_goes_into_it(self):
        self.sell(80, discount=10)
        self.assertEqual(self.get_price().price_1, 72)
        self.assertSoldAgain(72)

    def test_discounts_that_act_again_do_not_go_into_the_price(self):
        self.env["xpyme.customer.family.discount"].create(
            {"partner_id": self.customer.id, "categ_id": self.family.id, "discount": 5}
        )
        self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "Feria", "percent": 10}
        )
        order = self.sell(80)
        self.assertPrice(order.order_line, 80, 14.5)
        self.assertEqual(self.get_price().price_1, 80)
        self.sell(85.5, discount=0)
        self.assertAlmostEqual(self.get_price().price_1, 100)
        self.assertSoldAgain(85.5)
        self.sell(80, discount=100)
        self.assertSoldAgain(85.5)

    def test_a_discount_that_nobody_sees_goes_into_the_price(self):
        """Without discounts in lines the engine's are in the price."""
        group = self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user")._remove_group(group)
        self.env["xpyme.customer.family.discount"].create(
            {"partner_id": self.customer.id, "categ_id": self.family.id, "discount": 5}
        )
        self.sell(76)
        self.assertEqual(self.get_price().price_1, 80)
        self.assertSoldAgain(76)

    def test_a_price_typed_under_another_fiscal_position(self):
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        self.make_tax(
            "0 inside",
            0,
            "tax_included",
            fiscal_position_ids=[(4, position.id)],
            original_tax_ids=[(4, self.included_tax.id)],
        )
        order = self.make_sale(
            {"product_id": self.taxed_article.id, "price_unit": 50, "discount": 10},
            fiscal_position_id=position.id,
        )
        order.action_confirm()
        self.assertAlmostEqual(self.get_price(self.taxed_article).pvp_1, 45 * 1.21)
        again = self.make_sale(self.taxed_article, fiscal_position_id=position.id)
        self.assertAlmostEqual(again.order_line._get_net_price(), 45)

    def test_what_costs_the_same_already_teaches_nothing(self):
        rule = {"compute_price": "percentage", "percent_price": 20}
        tariff = self.make_tariff(rules=[rule])
        self.sell(95, tariff=tariff)
        self.sell(95, tariff=tariff, discount=20)
        self.assertEqual(len(self.get_price().change_ids), 1)

    def test_a_technicians_document_teaches_nothing(self):
        technician = self.make_technician(
            ("sales_team.group_sale_salesman_all_leads", "base.group_partner_manager")
        )
        for mode in ("always", "ask"):
            self.env.company.customer_price_learning = mode
            order = self.sell(9.5, confirm=False).with_user(technician)
            order = order.with_context(validate_analytic=True)
            self.assertNotIsInstance(order.sudo().action_confirm(), dict)
            self.assertFalse(self.get_price())

    # --- only what was typed

    def test_an_automatic_price_is_not_learnt_when_the_card_changed_since(self):
        order = self.make_sale(self.net_article)
        self.net_article.list_price = 110
        order.action_confirm()
        self.assertPrice(order.order_line, 100)
        self.assertFalse(self.get_price())

    def test_a_copy_of_an_old_order_does_not_bring_its_special_price_back(self):
        price = self.make_price(price_1=90)
        order = self.make_sale(self.net_article)
        order.action_confirm()
        price.price_1 = 95
        order.copy().action_confirm()
        self.assertEqual(price.price_1, 95)
        self.assertFalse(price.change_ids)

    def test_a_copy_teaches_nothing_but_what_is_typed_in_it(self):
        order = self.sell(9.5)
        self.get_price().price_1 = 12
        order.copy().copy().action_confirm()
        self.assertEqual(self.get_price().price_1, 12)
        copy = order.copy()
        copy.order_line.price_unit = 8
        copy.action_confirm()
        self.assertEqual(self.get_price().price_1, 8)

    def test_another_tariff_without_updated_prices_teaches_nothing(self):
        price = self.make_price(price_1=90, price_2=80)
        order = self.make_sale(self.net_article)
        order.pricelist_id = self.tariff_2
        order.action_confirm()
        self.assertPrice(order.order_line, 90)
        self.assertEqual(price.price_2, 80)

    # --- direct invoices

    def invoice(self, *lines, **vals):
        invoice = self.make_invoice(*lines, **vals)
        invoice.action_post()
        return invoice

    def test_a_price_typed_in_an_invoice_is_learnt_and_its_number_is_told(self):
        invoice = self.invoice({"product_id": self.net_article.id, "price_unit": 77})
        price = self.get_price()
        self.assertEqual(price.price_1, 77)
        self.assertEqual(price.change_ids.source, invoice.display_name)
        self.assertIn(invoice.name, price.change_ids.source)

    def test_a_price_typed_later_in_an_invoice_is_learnt(self):
        invoice = self.make_invoice(self.net_article)
        invoice.invoice_line_ids.price_unit = 77
        invoice.action_post()
        self.assertEqual(self.get_price().price_1, 77)

    def test_a_price_typed_on_the_screen_of_an_invoice_is_learnt(self):
        view = "account.view_move_form"
        with Form(self.make_invoice(), view=view) as form:
            with form.invoice_line_ids.new() as line:
                line.product_id = self.net_article
                self.assertEqual(line.automatic_price, 100)
                line.price_unit = 77
            with form.invoice_line_ids.new() as line:
                line.product_id = self.taxed_article
        form.record.action_post()
        self.assertEqual(self.get_price().price_1, 77)
        self.assertFalse(self.get_price(self.taxed_article))

    def test_a_price_typed_for_an_article_without_one_is_learnt(self):
        self.net_article.list_price = 0
        self.invoice({"product_id": self.net_article.id, "price_unit": 77})
        self.assertEqual(self.get_price().price_1, 77)

    def test_an_automatic_price_of_an_invoice_is_not_learnt_when_it_changed_since(self):
        invoice = self.make_invoice(self.net_article)
        self.net_article.list_price = 110
        invoice.action_post()
        copy = invoice.copy()
        self.assertPrice(copy.invoice_line_ids, 100)
        copy.action_post()
        self.assertFalse(self.get_price())

    def test_credit_notes_teach_no_price(self):
        price = self.make_price(price_1=90)
        invoice = self.invoice(self.net_article)
        price.price_1 = 95
        self.reverse(invoice).action_post()
        vals = {"product_id": self.net_article.id, "price_unit": 3}
        self.invoice(vals, move_type="out_refund")
        self.assertEqual(price.price_1, 95)
        self.assertFalse(price.change_ids)

    def test_a_copy_of_an_orders_invoice_teaches_nothing(self):
        """Nobody typed the price of the order, which was the special price then."""
        price = self.make_price(price_1=90)
        order = self.make_sale(self.net_article)
        order.action_confirm()
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.action_post()
        price.price_1 = 80
        copy = invoice.copy()
        self.assertPrice(copy.invoice_line_ids, 90)
        copy.action_post()
        self.assertEqual(price.price_1, 80)
        self.assertFalse(price.change_ids)
        typed = self.invoice({"product_id": self.net_article.id, "price_unit": 77})
        self.assertEqual(price.price_1, 77)
        price.price_1 = 79
        typed.copy().action_post()
        self.assertEqual(price.price_1, 79)

    def debit(self, invoice, *lines):
        """A draft debit note, as the screen makes it."""
        if "account.debit.note" not in self.env:
            self.skipTest("without debit notes")
        wizard = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"reason": "Diferencia"})
        note = self.env["account.move"].browse(wizard.create_debit()["res_id"])
        note.invoice_line_ids = [(0, 0, line) for line in lines]
        return note

    def test_a_debit_note_teaches_nothing(self):
        price = self.make_price(price_1=90)
        invoice = self.invoice(self.net_article)
        for mode in ("always", "ask"):
            self.env.company.customer_price_learning = mode
            vals = {"product_id": self.net_article.id, "price_unit": 5}
            note = self.debit(invoice, vals).with_context(validate_analytic=True)
            self.assertFalse(note.invoice_line_ids._get_learnable_prices())
        self.assertEqual(price.price_1, 90)

    def test_the_invoice_of_a_ticket_teaches_nothing(self):
        with self.as_ticket():
            invoice = self.make_invoice(
                {"product_id": self.net_article.id, "price_unit": 77}
            )
            invoice.action_post()
        self.assertFalse(self.get_price())

    def test_an_invoice_from_before_the_addon_teaches_nothing(self):
        invoice = self.make_invoice(
            {"product_id": self.net_article.id, "price_unit": 9}
        )
        self.forget_automatic_price(invoice)
        invoice.action_post()
        self.assertFalse(self.get_price())

    def test_invoices_posted_from_the_list_teach_as_well(self):
        """Also by the wizard that asks about a date to come."""
        tomorrow = fields.Date.add(fields.Date.today(), days=1)
        line = {"product_id": self.net_article.id, "price_unit": 77}
        invoice = self.make_invoice(line)
        invoice.action_validate_moves_with_confirmation()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(self.get_price().price_1, 77)
        line["price_unit"] = 66
        invoice = self.make_invoice(line, invoice_date=tomorrow)
        wizard = self.env["validate.account.move"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"force_post": True}).validate_move()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(self.get_price().price_1, 66)
        self.assertEqual(len(self.get_price().change_ids), 2)

    def test_a_raised_price_is_not_what_is_asked(self):
        self.env.company.customer_price_learning = "ask"
        price = self.make_price(price_1=100, min_price=60)
        line = {"product_id": self.net_article.id, "price_unit": 70}
        invoice = self.make_invoice(line, invoice_date="2026-01-10")
        groups = "sales_team.group_sale_salesman,account.group_account_invoice"
        clerk = self.make_user("oficina", groups)
        price.min_price = 90
        invoice = invoice.with_user(clerk).with_context(validate_analytic=True)
        action = invoice.action_post()
        question = self.env["xpyme.price.learning"].browse(action["res_id"])
        self.assertEqual(question.line_ids.price, 90)

    def test_no_price_under_zero_is_learnt(self):
        """Whatever a window is told by a program."""
        question = self.env["xpyme.price.learning"].create({})
        self.env["xpyme.price.learning.line"].create(
            {
                "learning_id": question.id,
                "partner_id": self.customer.id,
                "product_id": self.net_article.id,
                "company_id": self.env.company.id,
                "tariff": 1,
                "side": "n",
                "price": -5,
                "pvp": -6.05,
            }
        )
        with self.assertRaisesRegex(ValidationError, "under zero"):
            question.action_learn()
