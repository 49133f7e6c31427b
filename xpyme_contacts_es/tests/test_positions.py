from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SpanishCase


@tagged("post_install", "-at_install")
class TestPositions(SpanishCase):
    """Positions of what was agreed, and those of the chart of accounts."""

    def get_shipped(self):
        """All of the company's taxes and positions, but for what is ours."""
        taxes = self.env["account.tax"].with_context(active_test=False)
        positions = self.env["account.fiscal.position"].with_context(active_test=False)
        mine = [("company_id", "=", self.company.id)]
        positions = positions.search([*mine, ("agreement_key", "=", False)])
        taxes = taxes.search([*mine, ("total_origin_id", "=", False)])
        positions.invalidate_recordset()
        taxes.invalidate_recordset()
        fields = ["name", "amount", "sequence", "include_base_amount", "active"]
        fields += ["is_base_affected", "is_domestic", "original_tax_ids", "write_date"]
        return [
            *[(p.name, p.tax_ids.ids, p.tax_map, p.write_date) for p in positions],
            *taxes.read(fields),
        ]

    def agree(self):
        """Go through all kinds of agreements."""
        for surcharge in (True, False):
            for base in ("base", "total"):
                for forced in (False, self.vat[10].id):
                    self.customer.write(
                        {
                            "equivalence_surcharge": surcharge,
                            "irpf_percent": 15,
                            "irpf_base": base,
                            "forced_tax_id": forced,
                        }
                    )
                    self.make_quotation()

    def test_no_shipped_position_or_tax_changes(self):
        before = self.get_shipped()
        self.agree()
        self.assertEqual(self.get_shipped(), before)

    def test_an_ordinary_recargo_customer_pays_as_ever(self):
        """A copied tax that joined the shipped positions would be paid by others."""
        self.agree()
        other = self.make_customer("Otra", vat=False)
        other.property_account_position_id = self.ref("fp_recargo")
        self.assertTotals(126.20, customer=other)
        self.assertTotals(121.00, customer=self.make_customer("Tercera", vat=False))

    def test_one_position_for_each_combination(self):
        other = self.make_customer("Otra", vat=False)
        for customer in (self.customer, other):
            customer.write({"equivalence_surcharge": True, "irpf_percent": 15})
        found = self.get_position()
        self.assertEqual(found, self.get_position(other))
        self.assertNotIn(found, (self.ref("fp_recargo"), self.ref("fp_irpf15")))
        other.irpf_base = "total"
        self.assertNotEqual(found, self.get_position(other))

    @mute_logger("odoo.sql_db")
    def test_the_database_holds_no_second_one(self):
        self.customer.equivalence_surcharge = True
        position = self.get_position()
        vals = {"name": "Otra", "agreement_key": position.agreement_key}
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            position.sudo().create(vals)
        with self.assertRaises(ConcurrencyError):
            position.sudo()._make({**vals, "company_id": self.company.id})

    def test_the_position_chosen_by_hand_comes_back(self):
        chosen = self.ref("fp_irpf7")
        self.customer.property_account_position_id = chosen
        self.customer.equivalence_surcharge = True
        self.assertEqual(self.customer.property_account_position_id, chosen)
        self.assertEqual(self.customer.base_fiscal_position_id, chosen)
        self.assertEqual(self.get_position().base_position_id, chosen)
        self.assertTotals(119.20)
        self.customer.equivalence_surcharge = False
        self.assertEqual(self.get_position(), chosen)
        self.customer.property_account_position_id = False
        self.assertTrue(self.get_position().is_domestic)

    def test_irpf_of_the_card_is_not_added_to_that_of_the_position(self):
        self.customer.property_account_position_id = self.ref("fp_irpf7")
        self.customer.irpf_percent = 15
        self.assertTotals(106.00)

    def test_recargo_is_not_charged_twice(self):
        self.customer.property_account_position_id = self.ref("fp_recargo")
        self.customer.equivalence_surcharge = True
        self.assertTotals(126.20)

    def test_reverse_charge_and_irpf(self):
        self.customer.property_account_position_id = self.ref("fp_ispn")
        self.customer.irpf_percent = 1
        self.assertTotals(99.00)

    def test_a_position_of_ours_chosen_by_hand_stands_for_what_is_below_it(self):
        self.customer.equivalence_surcharge = True
        ours = self.get_position()
        other = self.make_customer("Otra", vat=False)
        other.property_account_position_id = ours
        self.assertTotals(126.20, customer=other)
        other.irpf_percent = 15
        self.assertTotals(106.00, customer=other)

    def test_a_sale_abroad_has_no_recargo(self):
        self.customer.write({"equivalence_surcharge": True, "irpf_percent": 15})
        address = self.make_contact(
            self.customer,
            "Almacén",
            type="delivery",
            country_id=self.env.ref("base.ar").id,
            state_id=False,
        )
        self.customer.vat = False
        positions = self.env["account.fiscal.position"]
        found = positions._get_fiscal_position(self.customer, address)
        self.assertFalse(found.has_surcharge)
        self.assertEqual(found.base_position_id, self.ref("fp_extra"))
        self.customer.irpf_percent = 0
        found = positions._get_fiscal_position(self.customer, address)
        self.assertEqual(found, self.ref("fp_extra"))
        self.customer.forced_tax_id = self.vat[21]
        found = positions._get_fiscal_position(self.customer, address)
        self.assertEqual(found.map_tax(self.vat[10]), self.vat[21])

    def test_who_pays_in_spain_withholds_also_where_there_is_no_vat(self):
        for state in ("gc", "tf", "ce", "ml"):
            state = self.env.ref(f"base.state_es_{state}")
            for vat in ("A58818501", self.NIF):
                there = self.make_customer(
                    "Allí", vat=vat, state_id=state.id, zip=False, irpf_percent=15
                )
                self.assertTotals(85.00, customer=there)
                there.irpf_base = "total"
                self.assertTotals(85.00, customer=there)

    def test_who_pays_abroad_withholds_nothing(self):
        french = self.make_customer(
            "Quincaillerie",
            country_id=self.env.ref("base.fr").id,
            vat="FR23334175221",
            irpf_percent=15,
        )
        self.assertTotals(100.00, customer=french)

    def test_an_address_without_a_country_is_no_export(self):
        plain = self.Partner.create(
            {"name": "Sin ficha", "is_company": True, "country_id": self.spain.id}
        )
        for customer in (plain, self.customer):
            address = self.make_contact(customer, "Almacén", type="delivery")
            address.country_id = False
            for vat in (False, "A58818501", "ESA58818501"):
                customer.vat = vat
                order = self.make_quotation(
                    customer=customer, partner_shipping_id=address.id
                )
                self.assertEqual(order.amount_total, 121)
                invoice = self.make_invoice(
                    customer=customer, partner_shipping_id=address.id
                )
                self.assertEqual(invoice.amount_total, 121)

    def test_a_tax_of_tomorrow_counts_at_once(self):
        self.customer.write(
            {"equivalence_surcharge": True, "irpf_percent": 15, "irpf_base": "total"}
        )
        self.get_position()
        new = self.env["account.tax"].create(
            {"name": "IVA 3 %", "amount": 3, "type_tax_use": "sale"}
        )
        article = self.make_article("Nuevo", new)
        self.assertTotals(87.55, article=article)
        new.amount = 5
        self.env.invalidate_all()
        self.assertTotals(89.78, article=article)  # and recargo of 0.62

    def test_accounts_follow_the_position_below(self):
        chosen = self.env["account.fiscal.position"].create({"name": "Tienda"})
        income, other = self.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "=", self.company.id)],
            limit=2,
        )
        chosen.account_ids = [
            Command.create({"account_src_id": income.id, "account_dest_id": other.id})
        ]
        self.customer.property_account_position_id = chosen
        self.customer.irpf_percent = 15
        self.assertEqual(self.get_position().map_account(income), other)

    def test_a_salesperson_makes_documents_of_it(self):
        self.customer.write(
            {"equivalence_surcharge": True, "irpf_percent": 15, "irpf_base": "total"}
        )
        seller = self.make_salesperson()
        order = self.env["sale.order"].with_user(seller)
        order = order.create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.articles[21].id})],
            }
        )
        self.assertAlmostEqual(order.amount_total, 107.27)
        self.customer.with_user(seller).write({"irpf_percent": 7})
        self.assertTotals(117.37)

    def test_copies_follow_the_name_and_the_accounts_of_their_tax(self):
        self.customer.write({"irpf_percent": 15, "irpf_base": "total"})
        vat = self.vat[21]
        name = vat.name
        vat.name = f"[old] {name}"
        new = vat.copy({"name": name})
        self.assertIn(f"[old] {name}", vat.total_copy_ids.name)
        self.assertTrue(new.total_copy_ids)
        account = self.env["account.account"].create(
            {"code": "477099", "name": "IVA", "account_type": "liability_current"}
        )
        lines = vat.repartition_line_ids.filtered(lambda r: r.repartition_type == "tax")
        lines.account_id = account
        copies = vat.total_copy_ids.repartition_line_ids
        booked = copies.filtered(lambda r: r.repartition_type == "tax")
        self.assertEqual(booked.account_id, account)
        based = copies.filtered(lambda r: r.repartition_type == "base")
        self.assertFalse(based.account_id)

    def test_copies_follow_whatever_changes_in_their_tax(self):
        self.customer.write({"irpf_percent": 15, "irpf_base": "total"})
        self.get_position()
        vat, pending = (
            self.vat[21],
            self.env["account.account"].create(
                {
                    "code": "477888",
                    "name": "IVA pendiente de cobro",
                    "account_type": "liability_current",
                    "reconcile": True,
                }
            ),
        )
        self.company.tax_exigibility = True
        vat.write(
            {
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": pending.id,
                "invoice_label": "IVA de caja",
            }
        )
        self.assertEqual(vat.total_copy_ids.invoice_label, "IVA de caja")
        invoice = self.make_invoice()
        invoice.action_post()
        booked = invoice.line_ids.filtered(
            lambda line: line.tax_line_id == vat.total_copy_ids
        )
        self.assertEqual(booked.account_id, pending)
        vat.active = False
        self.assertFalse(vat.total_copy_ids.active)
        self.assertTrue(vat.total_copy_ids.include_base_amount)

    def test_nobody_changes_the_taxes_of_all_who_agreed_the_same(self):
        self.customer.equivalence_surcharge = True
        accountant = self.make_user("conta", "account.group_account_manager")
        position = self.get_position().with_user(accountant)
        for vals in (
            {"tax_ids": [Command.clear()]},
            {"has_surcharge": False},
            {"base_position_id": self.ref("fp_intra").id},
            {"agreement_key": False},
        ):
            with self.assertRaises(UserError):
                position.write(vals)
        with self.assertRaises(UserError):
            position.create(
                {"name": "Otra", "agreement_key": "position 0, irpf 7 base"}
            )
        position.note = "Art. 154 LIVA"
        self.assertTotals(126.20)
