from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PriceCase

ADDON = "xpyme_contacts_pricing"


@tagged("post_install", "-at_install")
class TestPriceRights(PriceCase):
    """Prices and discounts are seen and changed by who sells to the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Otra tienda"})
        cls.stranger = cls.make_user(
            "ajena", "sales_team.group_sale_salesman_all_leads"
        )
        cls.stranger.write(
            {
                "company_ids": [Command.set(cls.other_company.ids)],
                "company_id": cls.other_company.id,
            }
        )
        cls.bare = cls.make_user("bare", "base.group_user")
        cls.salesperson = cls.make_user(
            "vendedora", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        cls.manager = cls.make_user("jefa", "sales_team.group_sale_manager")
        cls.customer.company_id = cls.env.company
        cls.family_discount = cls.env["xpyme.customer.family.discount"].create(
            {
                "partner_id": cls.customer.id,
                "categ_id": cls.family.id,
                "discount": 12,
            }
        )
        cls.discount = cls.env["xpyme.customer.discount"].create(
            {"partner_id": cls.customer.id, "name": "Feria", "percent": 5}
        )

    # --- companies

    def get_stored_models(self):
        """Models of the addon in the database with a link to a customer."""
        for name, model in self.env.items():
            if model._original_module == ADDON and model._auto:
                if any(
                    field.comodel_name == "res.partner" and field.store
                    for field in model._fields.values()
                ):
                    yield name, model

    def test_every_model_with_a_customer_has_a_rule_for_all(self):
        """Of the customer's company, or of the window's owner."""
        found = dict(self.get_stored_models())
        self.assertIn("xpyme.customer.discount", found)
        for name, model in found.items():
            rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
            rules = rules.filtered(lambda rule: not rule.groups)
            wanted = "create_uid" if model._transient else "partner_id.company_id"
            self.assertIn(wanted, " ".join(rules.mapped("domain_force")), name)

    def test_every_window_has_an_owner(self):
        windows = [
            name
            for name, model in self.env.items()
            if model._original_module == ADDON and model._transient
        ]
        self.assertIn("xpyme.price.learning.line", windows)
        for name in windows:
            rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
            self.assertIn("create_uid", " ".join(rules.mapped("domain_force")), name)
            self.assertTrue(self.env[name]._technicians_only_read, name)

    def test_discounts_of_another_companys_customer_are_nobodys_business(self):
        for record in (self.family_discount, self.discount):
            rows = record.with_user(self.stranger)
            self.assertNotIn(record, rows.search([]))
            fname = "discount" if "discount" in rows._fields else "percent"
            for attempt in (
                lambda rows=rows: rows.read(["partner_id"]),
                lambda rows=rows, fname=fname: rows.write({fname: 99}),
                lambda rows=rows: rows.unlink(),
            ):
                with self.assertRaises(AccessError, msg=record._name):
                    attempt()

    def test_nothing_is_made_for_another_companys_customer(self):
        self.family_discount.unlink()
        values = {
            "xpyme.customer.family.discount": {"categ_id": self.family.id},
            "xpyme.customer.discount": {"name": "Feria", "percent": 5},
            "xpyme.customer.price": {"product_id": self.net_article.id, "price_1": 1},
        }
        for name, vals in values.items():
            rows = self.env[name].with_user(self.stranger)
            with self.assertRaises(AccessError, msg=name):
                rows.create({"partner_id": self.customer.id, **vals})

    def test_discounts_stay_seen_by_the_customers_sellers_and_in_branches(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal", "parent_id": self.env.company.id}
        )
        clerk = self.make_user("sucursal", "sales_team.group_sale_salesman")
        clerk.write({"company_ids": [Command.set(branch.ids)], "company_id": branch.id})
        for user in (self.salesperson, clerk):
            for record in (self.family_discount, self.discount):
                self.assertIn(record, record.with_user(user).search([]))

    def test_who_neither_sells_nor_invoices_reads_no_discounts(self):
        with self.assertRaises(AccessError):
            self.discount.with_user(self.bare).read(["name"])
        with self.assertRaises(AccessError):
            self.discount.with_user(self.bare).search([])

    def test_an_invoice_shows_its_discount_to_who_reads_invoices(self):
        self.set_up_invoices()
        invoice = self.make_invoice(self.net_article)
        self.assertEqual(invoice.customer_discount_id, self.discount)
        for groups in (
            "account.group_account_invoice",
            "account.group_account_readonly",
        ):
            user = self.make_user(groups[-8:], groups)
            spec = {"customer_discount_id": {"fields": {"display_name": {}}}}
            read = invoice.with_user(user).web_read(spec)
            self.assertEqual(read[0]["customer_discount_id"]["id"], self.discount.id)

    # --- windows

    def make_review(self):
        self.make_price(price_1=33)
        action = self.customer.with_user(self.salesperson).action_review_prices()
        return self.env[action["res_model"]].browse(action["res_id"])

    def make_learning(self, user, **vals):
        line = {
            "partner_id": self.customer.id,
            "product_id": self.net_article.id,
            "company_id": self.env.company.id,
            "tariff": 1,
            "side": "n",
            "price": 1,
            "pvp": 1.21,
            **vals,
        }
        windows = self.env["xpyme.price.learning"].with_user(user)
        return windows.create({"line_ids": [Command.create(line)]})

    def test_a_window_is_its_owners(self):
        colleague = self.make_user("colega", "sales_team.group_sale_salesman")
        review = self.make_review()
        learning = self.make_learning(self.salesperson)
        for window in (review, review.line_ids, learning, learning.line_ids):
            self.assertTrue(window.with_user(self.salesperson).read(["create_uid"]))
            with self.assertRaises(AccessError, msg=window._name):
                window.with_user(colleague).read(["create_uid"])
            with self.assertRaises(AccessError, msg=window._name):
                window.with_user(colleague).unlink()

    def test_a_window_changes_no_price_that_its_owner_may_not_change(self):
        secret = self.make_price(company_id=self.other_company.id, price_1=33)
        review = self.make_review().with_user(self.salesperson)
        line = {"review_id": review.id, "price_id": secret.id, "tariff": 1}
        line.update(side="n", new_price=1, is_chosen=True)
        self.env["xpyme.price.review.line"].with_user(self.salesperson).create(line)
        with self.assertRaises(AccessError):
            review.action_apply()
        self.assertEqual(secret.price_1, 33)

    def test_a_price_is_not_kept_for_a_customer_of_others(self):
        theirs = self.make_customer("Secreto", vat=False, company_id=False)
        theirs.company_id = self.other_company
        window = self.make_learning(self.salesperson, partner_id=theirs.id)
        with self.assertRaises(AccessError):
            window.action_learn()
        self.assertFalse(theirs.customer_price_ids)

    # --- history

    def test_the_history_is_written_by_nobody_and_undone_by_sellers(self):
        price = self.make_price(price_1=9)
        self.make_learning(self.salesperson, price=7).action_learn()
        self.assertEqual(price.price_1, 7)
        change = price.change_ids.with_user(self.salesperson)
        for vals in ({"old_price": 1}, {"source": "S00001"}, {"undone": True}):
            with self.assertRaises(AccessError):
                change.write(vals)
        change.action_undo()
        self.assertTrue(change.undone)
        self.assertEqual(price.price_1, 9)

    # --- minimum prices

    def make_minimum(self, **vals):
        """Of a customer without discounts."""
        self.family_discount.unlink()
        self.discount.unlink()
        return self.make_price(**vals)

    def test_a_salesperson_raises_a_minimum_price_and_never_lowers_it(self):
        row = self.make_price(min_price=60).with_user(self.salesperson)
        row.min_price = 70
        row.write({"min_price": 70, "price_1": 80})
        article = self.taxed_article
        other = self.make_customer("Otra", vat=False)
        for vals in (
            {"min_price": 10},
            {"min_price": 0},
            {"product_id": article.id},
            {"partner_id": other.id},
        ):
            with self.assertRaises(AccessError, msg=vals):
                row.write(vals)
        with self.assertRaises(AccessError):
            row.unlink()
        commands = ([Command.update(row.id, {"min_price": 1})], [Command.clear()])
        for command in commands:
            with self.assertRaises(AccessError):
                self.customer.with_user(self.salesperson).customer_price_ids = command
        self.assertEqual(row.min_price, 70)

    def test_a_salesperson_makes_and_takes_away_rows_without_a_minimum(self):
        row = self.make_price(price_1=60).with_user(self.salesperson)
        row.product_id = self.taxed_article
        row.min_price = 10
        with self.assertRaises(AccessError):
            row.unlink()
        self.make_price(price_1=5).with_user(self.salesperson).unlink()

    def test_the_refusal_follows_the_person_also_as_superuser(self):
        row = self.make_price(min_price=60)
        with self.assertRaises(AccessError):
            row.with_user(self.salesperson).sudo().min_price = 10

    def test_a_sales_administrator_lowers_and_takes_away_a_minimum(self):
        row = self.make_price(min_price=60).with_user(self.manager)
        row.min_price = 10
        row.product_id = self.taxed_article
        row.unlink()

    def test_a_customer_with_minimum_prices_is_not_hung_below_another(self):
        """The other has none, and his prices would hold."""
        other = self.make_customer("Otra", vat=False)
        self.make_price(min_price=60)
        customer = self.customer.with_user(self.salesperson)
        self.customer.write(
            {"vat": False, "specific_property_product_pricelist": False}
        )
        hung = {"parent_id": other.id, "is_company": False}
        with self.assertRaises(AccessError):
            customer.write(hung)
        customer.write({"parent_id": False, "is_company": True})
        self.customer.with_user(self.manager).sudo().write(hung)
        self.assertEqual(self.customer.commercial_partner_id, other)

    def test_only_a_sales_administrator_insists(self):
        self.make_minimum(price_1=100, min_price=80)
        order = self.make_sale(self.net_article, user_id=self.salesperson.id)
        line = order.order_line.with_user(self.salesperson)
        word = {"insisted_minimum": 80, "insisted_price": 10}
        with self.assertRaises(AccessError):
            line.write({**word, "price_unit": 10})
        with self.assertRaises(AccessError):
            line.create(
                {"order_id": order.id, "product_id": self.net_article.id, **word}
            )
        self.assertPrice(line, 100)

    def test_a_default_of_ones_own_does_not_insist(self):
        self.make_minimum(price_1=100, min_price=80)
        defaults = self.env["ir.default"].with_user(self.salesperson)
        for fname, value in (("insisted_minimum", 80), ("insisted_price", 10)):
            defaults.set("sale.order.line", fname, value, user_id=True)
        lines = self.env["sale.order.line"].with_user(self.salesperson)
        order = self.make_sale(user_id=self.salesperson.id)
        vals = {"product_id": self.net_article.id, "price_unit": 10}
        line = lines.with_context(
            default_insisted_minimum=80, default_insisted_price=10
        ).create({"order_id": order.id, **vals})
        self.assertPrice(line, 80)

    def test_no_word_of_the_context_passes_the_minimum(self):
        self.make_minimum(price_1=100, min_price=80)
        order = self.make_sale(self.net_article, user_id=self.salesperson.id)
        line = order.order_line.with_user(self.salesperson)
        line.with_context(sale_write_from_compute=True).price_unit = 10
        self.assertPrice(line, 80)
        line.with_context(sale_write_from_compute=True).write(
            {"price_unit": 10, "technical_price_unit": 10}
        )
        self.assertPrice(line, 80)

    def test_no_mark_of_a_line_passes_the_minimum(self):
        self.make_minimum(price_1=100, min_price=80)
        order = self.make_sale(user_id=self.salesperson.id)
        lines = self.env["sale.order.line"].with_user(self.salesperson)
        discount = {"computation_key": "global_discount,1"}
        for mark in (
            {"is_downpayment": True},
            {"extra_tax_data": discount},
            {"is_delivery": True},
        ):
            if mark.keys() - lines._fields.keys():
                continue
            vals = {"product_id": self.net_article.id, "price_unit": 10}
            line = lines.create({"order_id": order.id, **vals, **mark})
            self.assertPrice(line, 80)
            line.with_context(tracking_disable=True).price_unit = 10
            self.assertPrice(line, 80)

    def test_goods_given_back_do_not_become_sold_under_the_minimum(self):
        self.make_minimum(price_1=100, min_price=80)
        vals = {"product_id": self.net_article.id, "price_unit": 10}
        order = self.make_sale(
            {**vals, "product_uom_qty": -1}, user_id=self.salesperson.id
        )
        line = order.order_line.with_user(self.salesperson)
        self.assertPrice(line, 10)
        line.product_uom_qty = 10
        self.assertPrice(line, 80)

    def test_a_confirmed_order_does_not_pass_to_a_customer_with_a_minimum(self):
        other = self.make_customer("Otra", vat=False)
        self.make_minimum(price_1=100, min_price=80)
        vals = {"product_id": self.net_article.id, "price_unit": 10}
        order = self.make_sale(vals, customer=other, user_id=self.salesperson.id)
        order.with_user(self.salesperson).action_confirm()
        order.with_user(self.salesperson).partner_id = self.customer
        self.assertPrice(order.order_line, 80)

    def test_a_form_of_a_salesperson_is_saved_beside_minimum_prices(self):
        """What is not lowered is no matter, also when the whole card is written."""
        row = self.make_price(min_price=60)
        with Form(row.with_user(self.salesperson)) as form:
            form.price_1 = 75
        self.assertEqual(row.min_price, 60)
