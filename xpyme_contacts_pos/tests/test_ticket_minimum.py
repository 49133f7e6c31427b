from odoo import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTicketMinimum(TillCase):
    """What a till sends under a minimum price has been paid: kept, marked and told.

    ``goods`` cost 52 a piece, and this customer no less than 50.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_price(cls.goods, min_price=50)
        cls.boss = cls.make_user(
            "boss", "point_of_sale.group_pos_user,sales_team.group_sale_manager"
        )
        cls.service = cls.make_article(
            "Descuento", 1, cls.net_tax, type="service", available_in_pos=True
        )

    @classmethod
    def price(cls, price, quantity=1, discount=0.0, **vals):
        """Values of a line at another price."""
        net = round(price * (1 - discount / 100) * quantity, 2)
        return {
            "qty": quantity,
            "price_unit": price,
            "discount": discount,
            "price_subtotal": net,
            "price_subtotal_incl": round(net * 1.21, 2),
            **vals,
        }

    def sell_at(self, price, customer=None, user=None, more=(), **vals):
        """A ticket of ``goods`` at a price, with more lines; paid in cash."""
        lines = [self.price(price, **vals), *more]
        data = self.prepare_ticket(customer, line=lines[0])
        base = data["lines"][0][2]
        data["lines"] += [
            Command.create({**base, "uuid": f"{data['uuid']}-{number}", **line})
            for number, line in enumerate(more)
        ]
        total = round(sum(line["price_subtotal_incl"] for line in lines), 2)
        net = sum(line["price_subtotal"] for line in lines)
        data.update(amount_total=total, amount_tax=total - net, amount_paid=total)
        data["payment_ids"][0][2]["amount"] = total
        return self.send(data, user)

    def assertTold(self, ticket, *words):
        self.assertEqual(ticket.state, "paid")
        self.assertTrue(ticket.sold_under_minimum)
        told = self.get_activities()
        activity = told.filtered(lambda one: one.user_id == self.boss)
        self.assertEqual(len(activity), 1)
        for word in words:
            shown = word if isinstance(word, str) else ticket._format_unit(word)
            self.assertIn(shown, activity.summary)
        told.unlink()

    def assertFine(self, ticket):
        self.assertEqual(ticket.state, "paid")
        self.assertFalse(ticket.sold_under_minimum)
        self.assertFalse(self.get_activities())

    def test_a_price_under_it_is_marked_and_told(self):
        self.assertTold(self.sell_at(49.9), "26-1-000001", "Clavos", 49.9, 50)
        self.assertFine(self.sell_at(50))

    def test_each_manager_is_told_in_their_own_language(self):
        bosses = self.make_bosses()
        self.sell_at(49.9)
        self.assertToldInOwn(bosses, "49.90", "49,90")
        self.assertToldInOwn(bosses, "under the minimum price", "precio mínimo")

    def test_so_is_a_discount_and_whatever_the_line_calls_its_price(self):
        self.assertTold(self.sell_at(52, discount=10), 46.8)
        for kind in ("original", "manual", "automatic"):
            self.assertTold(self.sell_at(40, price_type=kind))

    def test_money_and_price_are_judged_whichever_is_less(self):
        self.assertTold(self.sell_at(52, price_subtotal=10, price_subtotal_incl=12.1))
        cheap = self.price(40)
        self.assertTold(self.sell_at(52, price_unit=cheap["price_unit"]))

    def test_marks_and_links_that_anybody_may_write_excuse_nothing(self):
        sold = self.sell_at(52)
        for link in (
            {"insisted_minimum": True},
            {"combo_parent_id": sold.lines.id},
            {"combo_item_id": self.make_combo(self.taxed_article).combo_item_ids.id},
            {"refunded_orderline_id": sold.lines.id},
        ):
            with self.subTest(next(iter(link))):
                self.assertTold(self.sell_at(40, **link))

    def test_two_signs_make_a_sale(self):
        self.assertTold(self.sell_at(-10, quantity=-1), 10, 50)
        self.assertFine(self.sell_at(-50, quantity=-1))

    def test_what_is_given_again_has_no_minimum_for_no_less(self):
        """Nor is more given again than was brought back, or something else."""
        self.make_price(self.net_article, min_price=90)
        sold = self.sell_at(40, user=self.boss)
        link = {"refunded_orderline_id": sold.lines.id}
        back = self.sell_at(40, quantity=-1, **link)
        link = {"refunded_orderline_id": back.lines.id}
        self.assertTold(self.sell_at(40, product_id=self.net_article.id, **link), 90)
        self.assertTold(self.sell_at(40, quantity=2, **link), 50)
        back = self.sell_at(40, quantity=-2, refunded_orderline_id=sold.lines.id)
        link = {"refunded_orderline_id": back.lines.id}
        self.assertTold(self.sell_at(39, **link), 39, 50)
        self.assertFine(self.sell_at(40, **link))

    def make_combo(self, article):
        item = Command.create({"product_id": article.id})
        return self.env["product.combo"].create(
            {"name": "Lote", "combo_item_ids": [item]}
        )

    def test_what_is_part_of_a_combo_has_the_combos_price(self):
        combo = self.make_combo(self.goods)
        offer = self.make_article(
            "Lote", 40, self.net_tax, type="combo", combo_ids=[Command.set(combo.ids)]
        )
        draft = {"state": "draft", "payment_ids": [], "amount_paid": 0}
        line = {**self.price(0), "product_id": offer.id}
        ticket = self.sell(line=line, **draft)
        part = {
            **self.price(40, product_id=self.goods.id, name="Clavos"),
            "combo_parent_id": ticket.lines.id,
            "combo_item_id": combo.combo_item_ids.id,
        }
        ticket.with_user(self.cashier).write({"lines": [Command.create(part)]})
        ticket.with_user(self.cashier).write({"state": "paid"})
        self.assertFine(ticket)

    def test_a_discount_of_the_whole_ticket_leaves_the_minimums(self):
        off = self.price(-2, product_id=self.service.id)
        self.assertFine(self.sell_at(52, more=[off]))
        off = self.price(-3, product_id=self.service.id)
        self.assertTold(self.sell_at(52, more=[off]), 1)
        other = self.price(10, product_id=self.net_article.id)
        self.assertFine(self.sell_at(52, more=[off, other]))
        for line in (
            self.price(3, quantity=-1, product_id=self.service.id),
            self.price(-3, product_id=self.net_article.id),
        ):
            self.assertTold(self.sell_at(52, more=[line]))

    def test_a_link_to_another_sale_makes_no_refund_of_a_discount(self):
        sold = self.sell_at(52)
        link = {"refunded_orderline_id": sold.lines.id}
        off = self.price(3, quantity=-1, product_id=self.service.id, **link)
        self.assertTold(self.sell_at(52, more=[off]))

    def test_what_is_given_back_takes_nothing_off(self):
        back = self.price(52, quantity=-1, product_id=self.net_article.id)
        self.assertFine(self.sell_at(52, more=[back]))

    def test_a_sales_administrator_may_and_whoever_changes_it_may_not(self):
        self.assertFine(self.sell_at(40, user=self.boss))
        draft = {"state": "draft", "payment_ids": [], "amount_paid": 0}
        line = {**self.price(40), "insisted_minimum": True}
        ticket = self.sell(user=self.boss, line=line, **draft)
        lower = [Command.update(ticket.lines.id, self.price(30))]
        same = [Command.update(ticket.lines.id, self.price(40, quantity=2))]
        ticket = ticket.with_user(self.cashier)
        with self.cr.savepoint() as savepoint:
            ticket.write({"lines": same})
            ticket.write({"state": "paid"})
            self.assertFine(ticket)
            savepoint.rollback()
        ticket.write({"lines": lower})
        self.assertFalse(ticket.lines.insisted_minimum)
        ticket.write({"state": "paid"})
        self.assertTold(ticket)

    def test_whatever_has_it_paid_or_changes_it_then_is_judged(self):
        draft = {"state": "draft", "payment_ids": [], "amount_paid": 0}
        ticket = self.sell(line=self.price(40), **draft)
        self.assertFalse(ticket.sold_under_minimum)
        ticket.with_user(self.cashier).write({"state": "paid"})
        self.assertTold(ticket)
        ticket = self.sell_at(52).with_user(self.cashier)
        ticket.lines.write(self.price(40))
        self.assertTold(ticket)
        other = self.make_customer("Other", vat=False)
        ticket = self.sell_at(40, other).with_user(self.cashier)
        self.assertFine(ticket)
        ticket.write({"partner_id": self.customer.id})
        self.assertTold(ticket)
        ticket = self.sell_at(52).with_user(self.cashier)
        more = {**self.price(40), "product_id": self.goods.id, "name": "Clavos"}
        ticket.write({"lines": [Command.create(more)]})
        self.assertTold(ticket)

    def test_the_till_does_not_say_the_mark(self):
        ticket = self.sell_at(40)
        ticket.with_user(self.cashier).write({"sold_under_minimum": False})
        self.assertTold(ticket)
        self.assertFine(self.sell(sold_under_minimum=True))

    def test_an_order_has_been_judged(self):
        order = self.make_sale(self.goods)
        order.order_line.with_user(self.boss).price_unit = 40
        self.assertEqual(order.order_line.price_unit, 40)
        link = {
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line.id,
        }
        seller = self.make_user(
            "tillseller",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads",
        )
        self.assertTold(self.sell_at(39, user=seller, **link))
        order = order.copy()
        order.order_line.with_user(self.boss).price_unit = 40
        link["sale_order_origin_id"] = order.id
        link["sale_order_line_id"] = order.order_line.id
        self.assertFine(self.sell_at(40, user=seller, **link))

    def test_a_contact_has_the_customers_minimum_and_nobody_has_none(self):
        self.assertTold(self.sell_at(40, self.make_contact(self.customer)))
        self.assertFine(self.sell_at(40, self.Partner))

    def test_a_price_with_tax_is_judged_without(self):
        """50 without tax is 60.50 with."""
        taxes = self.taxed_article.taxes_id
        self.make_price(self.taxed_article, min_price=50)
        line = {
            "product_id": self.taxed_article.id,
            "tax_ids": [Command.set(taxes.ids)],
        }
        amounts = {"price_subtotal": 50, "price_subtotal_incl": 60.5}
        self.assertFine(self.sell_at(60.5, **amounts, **line))
        amounts = {"price_subtotal": 49.59, "price_subtotal_incl": 60}
        self.assertTold(self.sell_at(60, **amounts, **line))

    def test_in_another_currency_it_is_as_much(self):
        """Two of the till's are one of the company's."""
        config = self.make_foreign_till()
        config.open_ui()
        config.current_session_id.set_opening_control(0, None)
        self.patch(type(self), "config", config)
        self.patch(type(self), "cash", self.later)
        self.assertFine(self.sell_at(100))
        self.assertTold(self.sell_at(99))

    def test_a_sale_that_is_given_back_is_not_judged(self):
        sold = self.sell_at(40)
        self.assertTold(sold)
        link = {"refunded_orderline_id": sold.lines.id}
        self.assertFine(self.sell_at(40, quantity=-1, **link))

    def test_what_was_sold_without_connection_too(self):
        data = {"paid_offline": True, "priced_offline": True}
        ticket = self.sell(line=self.price(40), **data)
        self.assertTold(ticket)

    def test_whoever_has_no_minimum_costs_one_query(self):
        other = self.make_customer("Other", vat=False)
        ticket = self.sell(other).with_user(self.cashier)
        ticket._tell_of_minimums()
        self.env.flush_all()
        with self.assertQueryCount(1):
            ticket._tell_of_minimums()
