from lxml import etree

from odoo.tests import tagged

from .common import PriceCase

_CARD = """
    <form>
        <field
            name="customer_price_ids"
            context="{
                'list_view_ref':
                'xpyme_contacts_pricing.xpyme_customer_price_view_list_card',
                'kanban_view_ref':
                'xpyme_contacts_pricing.xpyme_customer_price_view_kanban_card',
            }"
        />
    </form>
"""


@tagged("post_install", "-at_install")
class TestTariffColumns(PriceCase):
    """Prices are called by the tariffs' names; nobody sees a tariff without use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tariff_1.name = "Mostrador"
        cls.tariff_2.name = "Instaladores autorizados"

    def read_arch(self, view_type, model="xpyme.customer.price", view=None, **options):
        found = self.env[model].get_view(view and view.id, view_type, **options)
        return etree.fromstring(found["arch"])

    def get_titles(self, arch):
        sides = "starts-with(@name, 'price_') or starts-with(@name, 'pvp_')"
        nodes = arch.xpath(f"//field[{sides}]")
        return {node.get("name"): node.get("string") for node in nodes}

    def test_columns_are_called_by_the_tariffs_and_say_the_tax(self):
        self.assertEqual(
            self.get_titles(self.read_arch("list")),
            {
                "price_1": "Mostrador",
                "pvp_1": "incl. tax",
                "price_2": "Instalador…",
                "pvp_2": "incl. tax",
            },
        )

    def test_a_renamed_and_a_new_tariff_are_seen_at_once(self):
        self.read_arch("list")
        self.tariff_1.name = "Tienda"
        self.make_tariff(4, name="Obra")
        titles = self.get_titles(self.read_arch("list"))
        self.assertEqual(titles["price_1"], "Tienda")
        self.assertEqual(titles["pvp_4"], "incl. tax")
        self.assertNotIn("price_3", titles)

    def test_the_form_has_the_whole_names(self):
        titles = self.get_titles(self.read_arch("form"))
        self.assertEqual(titles["price_2"], "Instaladores autorizados")
        self.assertNotIn("pvp_3", titles)

    def test_the_card_of_a_price_on_a_phone_says_the_tariff(self):
        arch = self.read_arch("kanban")
        names = arch.xpath("//span[starts-with(@name, 'tariff_')]/text()")
        self.assertEqual(names, ["Mostrador", "Instaladores autorizados"])

    def test_each_company_sees_its_own_tariffs(self):
        other = self.env["res.company"].create({"name": "Otra"})
        self.env.user.company_ids += other
        self.read_arch("list")
        prices = self.env["xpyme.customer.price"].with_company(other)
        found = prices.get_view(None, "list")
        titles = self.get_titles(etree.fromstring(found["arch"]))
        self.assertEqual(titles["price_1"], "Tariff 1")

    def test_the_customers_card_has_the_same_columns(self):
        view = self.env["ir.ui.view"].create(
            {"name": "ficha", "model": "res.partner", "arch": _CARD}
        )
        arch = self.read_arch("form", "res.partner", view)
        self.assertEqual(self.get_titles(arch)["price_1"], "Mostrador")
        columns = arch.xpath("//list/field/@name")
        self.assertNotIn("partner_id", columns)
        self.tariff_1.name = "Tienda"
        arch = self.read_arch("form", "res.partner", view)
        self.assertEqual(self.get_titles(arch)["price_1"], "Tienda")
        phone = self.read_arch("form", "res.partner", view, mobile=True)
        self.assertIn("Tienda", phone.xpath("//kanban//span/text()"))

    def test_a_companys_first_pricelist_is_called_in_its_language(self):
        """Odoo names it in English where the company is made in English."""
        self.env["res.lang"]._activate_lang("es_ES")
        company = self.env["res.company"].create({"name": "Otra"})
        domain = [("company_id", "=", company.id), ("tariff_number", "=", 0)]
        general = self.env["product.pricelist"].search(domain)
        self.assertEqual(general.mapped("name"), ["Default"])
        spanish = general.with_context(lang="es_ES")
        self.assertNotEqual(spanish.name, "Default")
