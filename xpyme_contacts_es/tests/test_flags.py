from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SpanishCase


@tagged("post_install", "-at_install")
class TestFlags(SpanishCase):
    """What a customer's card says of recargo, IRPF and VAT comes to, to the cent."""

    def assertRefused(self, text, customer=None, **vals):
        with self.assertRaisesRegex(ValidationError, text) as refusal:
            with self.env.cr.savepoint():
                (customer or self.customer).write(vals)
        self.assertNotIn("\n", refusal.exception.args[0])

    def test_recargo_is_that_of_each_vat(self):
        self.customer.equivalence_surcharge = True
        for rate, total in ((21, 126.20), (10, 111.40), (4, 104.50)):
            self.assertTotals(total, rate=rate)

    def test_irpf_on_the_base_and_on_the_total(self):
        self.customer.irpf_percent = 15
        self.assertTotals(106.00)
        self.customer.irpf_base = "total"
        self.assertTotals(102.85)
        self.customer.irpf_base = "base"
        self.assertTotals(106.00)

    def test_recargo_and_irpf(self):
        self.customer.write({"equivalence_surcharge": True, "irpf_percent": 15})
        self.assertTotals(111.20)
        self.customer.irpf_base = "total"
        self.assertTotals(107.27)

    def test_irpf_is_withheld_from_what_is_exempt(self):
        self.customer.irpf_percent = 15
        self.assertTotals(85.00, article=self.exempt)
        self.customer.irpf_base = "total"
        self.assertTotals(85.00, article=self.exempt)

    def test_one_vat_for_all(self):
        self.customer.forced_tax_id = self.vat[10]
        for rate in (21, 10, 4):
            self.assertTotals(110.00, rate=rate)
        self.assertTotals(100.00, article=self.exempt)
        self.customer.equivalence_surcharge = True
        self.assertTotals(111.40)
        self.customer.irpf_percent = 15
        self.assertTotals(96.40)
        self.customer.irpf_base = "total"
        self.assertTotals(94.69)  # 111.40 less 15 % of it, which is 16.71

    def test_one_vat_for_all_keeps_what_the_position_adds(self):
        names = ("fiscal_position_ids", "original_tax_ids", "replacing_tax_ids")
        alone = dict.fromkeys(names, [Command.clear()])
        own = self.vat[21].copy({"name": "10 % propio", "amount": 10, **alone})
        for vat in (self.vat[10], own):
            for name, total in (("fp_recargo", 111.40), ("fp_irpf15", 95.00)):
                customer = self.make_customer(
                    name,
                    vat=False,
                    property_account_position_id=self.ref(name).id,
                    forced_tax_id=vat.id,
                )
                self.assertTotals(total, customer=customer)
                self.assertTotals(total, customer=customer, rate=10)

    def test_irpf_that_an_article_carries_gives_way_to_the_customers(self):
        both = self.vat[21] | self.get_tax("s_irpf15")
        article = self.make_article("Asesoría", both)
        self.assertTotals(106.00, article=article)
        self.customer.equivalence_surcharge = True
        self.assertTotals(111.20, article=article)
        self.customer.equivalence_surcharge = False
        self.customer.irpf_percent = 7
        self.assertTotals(114.00, article=article)
        self.customer.irpf_base = "total"
        self.assertTotals(112.53, article=article)

    def test_recargo_that_an_article_carries_is_that_of_its_vat(self):
        both = self.vat[21] | self.get_tax("s_req52")
        article = self.make_article("Tienda", both)
        self.customer.forced_tax_id = self.vat[10]
        self.assertTotals(111.40, article=article)
        self.customer.write({"irpf_percent": 15, "irpf_base": "total"})
        self.assertTotals(94.69, article=article)

    def test_a_vat_of_the_shops_own_counts_too(self):
        own = self.vat[21].copy({"name": "21 % propio", "fiscal_position_ids": False})
        own.original_tax_ids = False
        article = self.make_article("Propio", own)
        self.customer.write({"equivalence_surcharge": True, "irpf_percent": 15})
        self.assertTotals(111.20, article=article)
        self.customer.irpf_base = "total"
        self.assertTotals(107.27, article=article)

    def test_an_article_without_tax_stays_without(self):
        self.customer.write({"equivalence_surcharge": True, "irpf_percent": 15})
        bare = self.make_article("Fianza", self.env["account.tax"])
        bare.taxes_id = False
        self.assertTotals(100.00, article=bare)

    def test_contacts_and_addresses_have_their_customers(self):
        self.customer.equivalence_surcharge = True
        for kind in ("contact", "delivery", "invoice"):
            partner = self.make_contact(self.customer, f"Uno {kind}", type=kind)
            self.assertTotals(126.20, customer=partner)

    # === WHAT CANNOT BE AGREED ===#

    def test_a_rate_that_the_chart_has_not_is_refused_with_those_it_has(self):
        for percent in (16, -15, 115):
            self.assertRefused("1; 2; 7; 9; 15; 18; 19; 19.5", irpf_percent=percent)

    def test_the_general_tax_of_a_rate_is_chosen(self):
        for percent in (1, 2, 7, 9, 15, 18, 19, 20, 21, 24):
            self.customer.irpf_percent = percent
            tax = self.get_position().withholding_tax_id
            self.assertEqual(tax, self.get_tax(f"s_irpf{percent}"))

    def test_only_a_sales_vat_of_the_company_can_be_fixed(self):
        purchase = self.get_tax("p_iva21_bc")
        names = ("s_req52", "s_irpf15", "s_iva0_nsd", "s_iva0_isp", "s_iva_ns_b")
        for tax in (purchase, *map(self.get_tax, names)):
            self.assertRefused("no sales VAT", forced_tax_id=tax.id)
        chilean = self.make_chilean_company()
        foreign = self.env["account.tax"].search(
            [("company_id", "=", chilean.id), ("type_tax_use", "=", "sale")], limit=1
        )
        self.assertRefused("no sales VAT", forced_tax_id=foreign.id)

    def test_customers_abroad_have_no_recargo(self):
        french = self.make_customer(
            "Quincaillerie", country_id=self.env.ref("base.fr").id, vat="FR23334175221"
        )
        self.assertRefused("France", french, equivalence_surcharge=True)
        self.customer.equivalence_surcharge = True
        self.assertRefused("France", country_id=self.env.ref("base.fr").id, vat=False)

    def test_spain_without_vat_has_no_recargo(self):
        canary = self.env.ref("base.state_es_gc")
        there = self.make_customer("Teide", state_id=canary.id, vat=False)
        self.assertRefused("Las Palmas", there, equivalence_surcharge=True)
        self.customer.equivalence_surcharge = True
        self.assertRefused("Las Palmas", state_id=canary.id)

    def test_a_position_without_spanish_vat_and_recargo_exclude_each_other(self):
        for name in ("fp_intra", "fp_extra", "fp_ispn"):
            position = self.ref(name)
            self.customer.write(
                {
                    "property_account_position_id": position.id,
                    "equivalence_surcharge": False,
                }
            )
            self.assertRefused("neither", equivalence_surcharge=True)
            self.assertRefused("neither", forced_tax_id=self.vat[10].id)
            self.customer.property_account_position_id = False
            self.customer.equivalence_surcharge = True
            self.assertRefused("neither", property_account_position_id=position.id)

    # === COMPANIES ===#

    def test_a_chilean_company_has_no_flags(self):
        chilean = self.make_chilean_company()
        there = self.customer.with_company(chilean)
        self.assertFalse(there.is_taxed_in_spain)
        for vals in (
            {"equivalence_surcharge": True},
            {"irpf_percent": 15},
            {"forced_tax_id": self.vat[10].id},
        ):
            self.assertRefused("Andes", there, **vals)

    def test_flags_of_one_company_are_none_of_another(self):
        chilean = self.make_chilean_company()
        second = self.make_company("Segunda", "es_pymes", "base.es")
        self.customer.equivalence_surcharge = True
        positions = self.env["account.fiscal.position"]
        for company in (chilean, second):
            found = positions.with_company(company)._get_fiscal_position(self.customer)
            self.assertFalse(found.agreement_key)
        self.customer.with_company(second).irpf_percent = 7
        found = positions.with_company(second)._get_fiscal_position(self.customer)
        self.assertEqual(found.company_id, second)
        self.assertFalse(found.has_surcharge)
        self.assertTotals(126.20)

    def test_a_branch_has_its_head_offices_flags(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal", "parent_id": self.company.id}
        )
        self.customer.equivalence_surcharge = True
        positions = self.env["account.fiscal.position"].with_company(branch)
        found = positions._get_fiscal_position(self.customer)
        self.assertEqual(found, self.get_position())
        self.customer.with_company(branch).irpf_percent = 15
        found = positions._get_fiscal_position(self.customer)
        self.assertTrue(found.withholding_tax_id)
        self.assertFalse(found.has_surcharge)

    def test_a_vat_of_a_branch_has_what_was_agreed(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal", "parent_id": self.company.id}
        )
        own = self.env["account.tax"].create(
            {
                "name": "21 % de la sucursal",
                "amount": 21,
                "type_tax_use": "sale",
                "company_id": branch.id,
                "country_id": self.spain.id,
            }
        )
        self.customer.write({"equivalence_surcharge": True, "irpf_percent": 15})
        amounts = [21, 5.2, -15]
        for base in ("base", "total"):
            self.customer.irpf_base = base
            positions = self.env["account.fiscal.position"].with_company(branch)
            found = positions._get_fiscal_position(self.customer).map_tax(own)
            self.assertEqual(found.sorted("sequence").mapped("amount"), amounts)
            self.assertIn(own, found._get_origins())
            self.assertEqual(bool(found.total_origin_id), base == "total")

    def test_the_canaries_have_igic_without_recargo(self):
        canary = self.make_company("Canaria", "es_canary_pymes", "base.es")
        there = self.make_customer("Teide", vat=False, zip="38001", city="La Laguna")
        there = there.with_company(canary)
        there.state_id = self.env.ref("base.state_es_tf")
        self.assertRefused("no recargo", there, equivalence_surcharge=True)
        there.irpf_percent = 15
        position = self.env["account.fiscal.position"].with_company(canary)
        position = position._get_fiscal_position(there)
        taxes = position.map_tax(self.ref("account_tax_template_igic_r_7", canary))
        self.assertEqual(taxes.mapped("amount"), [7.0, -15.0])
