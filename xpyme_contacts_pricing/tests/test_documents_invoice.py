from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PriceCase

VIEW = "account.view_move_form"


@tagged("post_install", "-at_install")
class TestPriceInvoices(PriceCase):
    """Automatic prices of a direct invoice follow what it says; typed ones stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_invoices()
        cls.price = cls.make_price(price_1=90)
        cls.other = cls.make_customer("Otra", vat=False)
        cls.env["xpyme.customer.discount"].create(
            {"partner_id": cls.other.id, "name": "Dto. 10", "percent": 10}
        )

    def set_rule(self, **vals):
        rule = {"compute_price": "fixed", "fixed_price": 80, **vals}
        self.tariff_1.item_ids = [Command.clear(), Command.create(rule)]

    def typed_line(self, price=77, **vals):
        return {"product_id": self.net_article.id, "price_unit": price, **vals}

    # --- quantity

    def test_the_price_follows_the_quantity_as_in_an_order(self):
        self.price.unlink()
        self.set_rule(min_quantity=10)
        order = self.make_sale(
            {"product_id": self.net_article.id, "product_uom_qty": 10}
        )
        self.assertPrice(order.order_line, 80)
        with Form(self.make_invoice(), view=VIEW) as form:
            with form.invoice_line_ids.new() as line:
                line.product_id = self.net_article
                self.assertEqual(line.price_unit, 100)
                line.quantity = 10
                self.assertEqual(line.price_unit, 80)
        shown = form.record.invoice_line_ids
        self.assertPrice(shown, 80)
        written = self.make_invoice(self.net_article).invoice_line_ids
        written.quantity = 10
        self.assertPrice(written, 80)
        with Form(written.move_id, view=VIEW) as form:
            with form.invoice_line_ids.edit(0) as line:
                line.quantity = 5
        self.assertPrice(written, 100)
        self.assertEqual(written.automatic_price, 100)

    def test_a_typed_price_stays_when_the_quantity_changes(self):
        self.set_rule(min_quantity=10)
        self.price.unlink()
        invoice = self.make_invoice(self.typed_line(discount=3))
        line = invoice.invoice_line_ids
        line.quantity = 10
        self.assertPrice(line, 77, 3)
        with Form(invoice, view=VIEW) as form, form.invoice_line_ids.edit(0) as shown:
            shown.quantity = 20
        self.assertPrice(line, 77, 3)

    def test_a_discount_that_came_with_the_quantity_stays(self):
        self.price.unlink()
        self.set_rule(min_quantity=10)
        line = self.make_invoice(self.net_article).invoice_line_ids
        line.write({"quantity": 10, "discount": 7})
        self.assertPrice(line, 80, 7)

    # --- customer, date, currency

    def test_prices_follow_the_customer_of_an_invoice(self):
        invoice = self.make_invoice(self.net_article)
        line = invoice.invoice_line_ids
        self.assertPrice(line, 90)
        invoice.partner_id = self.other
        self.assertPrice(line, 100, 10)
        with Form(invoice, view=VIEW) as form:
            form.partner_id = self.customer
            with form.invoice_line_ids.edit(0) as shown:
                self.assertEqual((shown.price_unit, shown.discount), (90, 0))
        self.assertPrice(line, 90)

    def test_a_customer_who_is_chosen_after_the_articles_gets_his_prices(self):
        for first in (self.other, self.env["res.partner"]):
            moves = self.env["account.move"].with_context(
                default_move_type="out_invoice", default_journal_id=self.journal.id
            )
            with Form(moves, view=VIEW) as form:
                form.partner_id = first
                with form.invoice_line_ids.new() as line:
                    line.product_id = self.net_article
                    self.assertEqual(line.price_unit, 100)
                with form.invoice_line_ids.new() as line:
                    line.product_id = self.net_article
                    line.price_unit = 77
                form.partner_id = self.customer
            automatic, typed = form.record.invoice_line_ids
            self.assertPrice(automatic, 90)
            self.assertPrice(typed, 77)

    def test_prices_follow_the_date_of_an_invoice(self):
        self.price.unlink()
        self.set_rule(date_end=fields.Datetime.to_datetime("2026-01-15"))
        invoice = self.make_invoice(
            self.net_article, self.typed_line(), invoice_date="2026-01-10"
        )
        automatic, typed = invoice.invoice_line_ids
        self.assertPrice(automatic, 80)
        invoice.invoice_date = "2026-02-10"
        self.assertPrice(automatic, 100)
        with Form(invoice, view=VIEW) as form:
            form.invoice_date = "2026-01-12"
        self.assertPrice(automatic, 80)
        self.assertPrice(typed, 77)

    def test_a_rule_of_a_day_holds_on_that_day_where_the_user_is(self):
        """A day has no hour; in UTC its first hours are the day before in Chile."""
        self.price.unlink()
        for zone, begins, ends in (
            ("America/Santiago", "2026-11-26 03:00:00", "2026-11-27 02:59:59"),
            ("Europe/Madrid", "2026-11-25 23:00:00", "2026-11-26 22:59:59"),
        ):
            self.set_rule(
                date_start=fields.Datetime.to_datetime(begins),
                date_end=fields.Datetime.to_datetime(ends),
            )
            for day, price in (("25", 100), ("26", 80), ("27", 100)):
                moves = self.env["account.move"].with_context(tz=zone)
                invoice = moves.create(
                    {
                        "move_type": "out_invoice",
                        "partner_id": self.customer.id,
                        "journal_id": self.journal.id,
                        "invoice_date": f"2026-11-{day}",
                        "invoice_line_ids": [(0, 0, self._line_vals(self.net_article))],
                    }
                )
                self.assertPrice(invoice.invoice_line_ids, price)

    def test_prices_follow_the_currency_of_an_invoice(self):
        invoice = self.make_invoice(self.net_article, self.typed_line())
        automatic, typed = invoice.invoice_line_ids
        own = invoice.currency_id
        currency = self.make_currency(2)
        invoice.currency_id = currency
        self.assertPrice(automatic, 180)
        self.assertPrice(typed, 77)
        self.env.user.group_ids += self.env.ref("base.group_multi_currency")
        with Form(invoice, view=VIEW) as form:
            form.currency_id = own
        self.assertPrice(automatic, 90)
        self.assertPrice(typed, 77)

    # --- where nothing of the customer acts

    def test_an_articles_own_price_stays_as_odoo_leaves_it(self):
        """Odoo changes no price with the currency, the date or the quantity."""
        plain = self.make_customer("Nadie", vat=False)
        invoice = self.make_invoice(
            self.net_article, partner_id=plain.id, invoice_date="2026-01-10"
        )
        line = invoice.invoice_line_ids
        self.assertFalse(line.has_customer_price)
        self.net_article.list_price = 110
        self.env.user.group_ids += self.env.ref("base.group_multi_currency")
        currency = self.make_currency(2)
        invoice.currency_id = currency
        invoice.invoice_date = "2026-02-10"
        line.quantity = 3
        self.assertPrice(line, 100)
        with Form(invoice, view=VIEW) as form:
            form.currency_id = self.env.company.currency_id
            form.invoice_date = "2026-03-10"
            with form.invoice_line_ids.edit(0) as shown:
                shown.quantity = 4
                self.assertEqual(shown.price_unit, 100)
        self.assertPrice(line, 100)
        invoice.partner_id = self.make_customer("Nadie más", vat=False)
        self.assertPrice(line, 100)

    def test_an_articles_own_price_stays_beside_a_special_one(self):
        invoice = self.make_invoice(self.net_article, self.taxed_article)
        invoice.currency_id = self.make_currency(2)
        special, own = invoice.invoice_line_ids
        self.assertPrice(special, 180)
        self.assertPrice(own, 121)

    def test_a_customers_price_makes_way_for_the_articles_own(self):
        """Also on the screen of an invoice that is not saved yet."""
        plain = self.make_customer("Nadie", vat=False)
        moves = self.env["account.move"].with_context(
            default_move_type="out_invoice", default_journal_id=self.journal.id
        )
        with Form(moves, view=VIEW) as form:
            form.partner_id = self.customer
            with form.invoice_line_ids.new() as line:
                line.product_id = self.net_article
                self.assertEqual(line.price_unit, 90)
            form.partner_id = plain
            with form.invoice_line_ids.edit(0) as line:
                self.assertEqual(line.price_unit, 100)
        line = form.record.invoice_line_ids
        self.assertFalse(line.has_customer_price)
        self.assertPrice(line, 100)
        line.move_id.partner_id = self.customer
        self.assertPrice(line, 90)
        self.assertTrue(line.has_customer_price)
        line.move_id.partner_id = plain
        self.assertPrice(line, 100)

    def test_a_price_written_along_with_another_customer_stays(self):
        invoice = self.make_invoice(self.net_article)
        line = invoice.invoice_line_ids
        vals = {"price_unit": 50, "discount": 5}
        invoice.write(
            {
                "partner_id": self.other.id,
                "invoice_line_ids": [Command.update(line.id, vals)],
            }
        )
        self.assertPrice(line, 50, 5)

    def test_posting_prices_nothing_anew(self):
        invoice = self.make_invoice(self.net_article)
        self.price.price_1 = 95
        invoice.action_post()
        self.assertPrice(invoice.invoice_line_ids, 90)

    def test_the_credit_note_of_an_invoice_gives_back_what_was_paid(self):
        invoice = self.make_invoice(self.net_article, invoice_date="2026-01-10")
        invoice.action_post()
        self.price.price_1 = 95
        refund = self.reverse(invoice)
        refund.invoice_date = "2026-02-10"
        refund.invoice_line_ids.quantity = 0.5
        self.assertPrice(refund.invoice_line_ids, 90)

    def test_an_invoice_from_before_the_addon_keeps_its_prices(self):
        invoice = self.make_invoice(self.net_article, self.typed_line(0))
        self.forget_automatic_price(invoice)
        invoice.partner_id = self.other
        invoice.invoice_line_ids.quantity = 4
        self.assertEqual(invoice.invoice_line_ids.mapped("price_unit"), [90, 0])

    # --- taxes of the fiscal position

    def test_an_automatic_price_waits_for_the_taxes_of_another_fiscal_position(self):
        """Odoo's button updates them, and takes the included tax out of the price."""
        position = self.env["account.fiscal.position"].create({"name": "Exento"})
        self.make_tax(
            "0",
            0,
            fiscal_position_ids=position.ids,
            original_tax_ids=self.included_tax.ids,
        )
        self.make_price(self.taxed_article, pvp_1=60.5)
        invoice = self.make_invoice(self.taxed_article, partner_id=self.other.id)
        line = invoice.invoice_line_ids
        self.assertPrice(line, 121, 10)
        invoice.write(
            {"partner_id": self.customer.id, "fiscal_position_id": position.id}
        )
        self.assertPrice(line, 121)
        invoice.action_update_fpos_values()
        self.assertPrice(line, 50)
        self.assertEqual(invoice.amount_total, 50)
        self.env.company.customer_price_learning = "always"
        invoice.action_post()
        self.assertFalse(self.customer.customer_price_ids.change_ids)

    # --- discount of the invoice and minimum price

    def test_the_minimum_holds_with_any_discount_of_an_invoice(self):
        self.price.write({"price_1": 100, "min_price": 60})
        small, big = self.env["xpyme.customer.discount"].create(
            [
                {"partner_id": self.customer.id, "name": f"Dto. {p}", "percent": p}
                for p in (10, 50)
            ]
        )
        order = self.make_sale(self.net_article, customer_discount_id=big.id)
        self.assertPrice(order.order_line, 60)
        invoice = self.make_invoice(self.net_article, customer_discount_id=small.id)
        line = invoice.invoice_line_ids
        self.assertPrice(line, 100, 10)
        for discount, price, percent in ((big, 60, 0), (small, 100, 10)):
            invoice.customer_discount_id = discount
            self.assertPrice(line, price, percent)
        for discount, price, percent in ((big, 60, 0), (small, 100, 10)):
            with Form(invoice, view=VIEW) as form:
                form.customer_discount_id = discount
                with form.invoice_line_ids.edit(0) as shown:
                    self.assertEqual(
                        (shown.price_unit, shown.discount), (price, percent)
                    )
            self.assertPrice(line, price, percent)

    def test_a_typed_price_stays_with_another_discount_of_the_invoice(self):
        discounts = self.env["xpyme.customer.discount"].create(
            [
                {"partner_id": self.customer.id, "name": f"Dto. {p}", "percent": p}
                for p in (10, 50)
            ]
        )
        invoice = self.make_invoice(self.typed_line())
        invoice.customer_discount_id = discounts[0]
        self.assertPrice(invoice.invoice_line_ids, 77, 10)

    # --- the discount of a typed price

    def test_a_typed_price_keeps_the_discount_that_the_minimum_takes_away(self):
        """As in an order: the minimum acts on the automatic price."""
        self.price.write({"price_1": 50, "min_price": 45})
        discount = self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "Dto. 20", "percent": 20}
        )
        typed = self.make_invoice(self.typed_line(80))
        self.assertEqual(typed.customer_discount_id, discount)
        written = self.make_invoice(self.net_article)
        self.assertPrice(written.invoice_line_ids, 45)
        written.invoice_line_ids.price_unit = 80
        shown = self.make_invoice(self.net_article)
        with Form(shown, view=VIEW) as form, form.invoice_line_ids.edit(0) as line:
            line.price_unit = 80
            self.assertEqual(line.discount, 20)
        late = self.make_invoice(self.typed_line(80), customer_discount_id=False)
        self.assertPrice(late.invoice_line_ids, 80)
        late.customer_discount_id = discount
        for invoice in (typed, written, shown, late):
            self.assertPrice(invoice.invoice_line_ids, 80, 20)
        written.invoice_line_ids.discount = 0
        written.invoice_line_ids.price_unit = 90
        self.assertPrice(written.invoice_line_ids, 90)

    # --- minimum price

    def make_clerk(self):
        groups = "sales_team.group_sale_salesman,account.group_account_invoice"
        return self.make_user("oficina", groups)

    def test_a_journal_in_another_currency_brings_its_minimum(self):
        self.price.min_price = 60
        invoice = self.make_invoice(self.typed_line(70)).with_user(self.make_clerk())
        journal = self.journal.copy({"currency_id": self.make_currency(2).id})
        invoice.journal_id = journal
        self.assertEqual(invoice.currency_id, journal.currency_id)
        self.assertPrice(invoice.invoice_line_ids, 120)

    def test_the_exchange_rate_of_another_date_brings_its_minimum(self):
        self.price.min_price = 60
        currency = self.make_currency(2)
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "rate": 4,
                "name": "2026-02-01",
                "company_id": self.env.company.root_id.id,
            }
        )
        invoice = self.make_invoice(
            self.typed_line(130), currency_id=currency.id, invoice_date="2026-01-10"
        ).with_user(self.make_clerk())
        self.assertPrice(invoice.invoice_line_ids, 130)
        invoice.invoice_date = "2026-02-10"
        self.assertPrice(invoice.invoice_line_ids, 240)

    def test_a_minimum_agreed_since_the_draft_raises_it_when_it_is_posted(self):
        self.price.min_price = 60
        invoice = self.make_invoice(self.typed_line(70), invoice_date="2026-01-10")
        invoice = invoice.with_user(self.make_clerk())
        self.price.min_price = 90
        invoice.action_post()
        self.assertPrice(invoice.invoice_line_ids, 90)
        self.assertIn("minimum price", str(invoice.message_ids.mapped("body")))

    def test_a_link_to_an_order_that_was_taken_away_excuses_nothing(self):
        order = self.make_sale(self.typed_line(70))
        order.action_confirm()
        order.order_line.qty_delivered = 1
        self.price.min_price = 90
        invoice = order._create_invoices().with_user(self.make_clerk())
        self.assertPrice(invoice.invoice_line_ids, 70)
        invoice.invoice_date = "2026-01-10"
        order.order_line.invoice_lines = [Command.clear()]
        invoice.action_post()
        self.assertPrice(invoice.invoice_line_ids, 90)
