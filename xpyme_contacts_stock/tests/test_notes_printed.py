import io
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from odoo.addons.base.models import ir_actions_report
from odoo.addons.xpyme_contacts.tools.inner import inner
from odoo.addons.xpyme_contacts_billing.tests.test_documents_copies import make_pdf

from ..models.notes import printed_notes
from .common import StockCase

SLIP = "stock.action_report_delivery"
VALUED = "xpyme_contacts_stock.valued_note_report"


@tagged("post_install", "-at_install")
class TestNotesPrinted(StockCase):
    """Each note comes in its customer's format, in the order that was asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_customer("Otra S.A.", vat=cls.OTHER_RUT)
        cls.valued = cls.env.ref(VALUED)
        cls.customer.delivery_report_id = cls.valued
        cls.one = cls.deliver(cls.order((cls.goods, 3)))
        cls.two = cls.deliver(cls.order((cls.goods, 1), customer=cls.other))
        cls.three = cls.deliver(cls.order((cls.goods, 2)))
        cls.calls = []

    def setUp(self):
        super().setUp()
        self.calls.clear()
        calls = self.calls

        def run(report, bodies, report_ref=False, **_options):
            """A page for each document, with the name of its format."""
            name = report._get_report(report_ref).report_name
            calls.append((name, len(bodies)))
            return make_pdf([name] * len(bodies))

        self.startPatcher(
            patch.object(ir_actions_report.IrActionsReport, "_run_wkhtmltopdf", run)
        )
        self.set_build(is_patched=True)

    def set_build(self, is_patched):
        info = ir_actions_report._wkhtml()._replace(is_patched_qt=is_patched)
        for module in (printed_notes, ir_actions_report):
            self.startPatcher(patch.object(module, "_wkhtml", lambda: info))

    def print_notes(self, notes, report=SLIP, user=None, context=()):
        reports = self.env["ir.actions.report"].with_user(user or self.packer)
        reports = reports.with_context(force_report_rendering=True, **dict(context))
        content = reports._render_qweb_pdf(report, notes.ids)[0]
        return self.get_pages(content)

    def get_pages(self, content):
        return [
            ("valued" if "valued" in text else "slip")
            + " copy" * ("COPY" in text or "COPIA" in text)
            for page in PdfFileReader(io.BytesIO(content)).pages
            for text in [page.extract_text()]
        ]

    def test_notes_of_two_customers_are_one_file(self):
        for user in (self.packer, self.salesperson):
            printed = self.print_notes(self.one | self.two | self.three, user=user)
            self.assertEqual(printed, ["valued", "slip", "valued"])
        # A call for each format, not for each note.
        self.assertEqual(len(self.calls), 4)

    def test_each_alone_where_the_program_takes_no_more(self):
        self.set_build(is_patched=False)
        printed = self.print_notes(self.two | self.three | self.one)
        self.assertEqual(printed, ["slip", "valued", "valued"])
        self.assertEqual([number for _name, number in self.calls], [1, 1, 1])

    def test_so_are_notes_without_a_format(self):
        self.set_build(is_patched=False)
        self.customer.delivery_report_id = False
        self.assertEqual(self.print_notes(self.two | self.one), ["slip", "slip"])
        self.assertEqual([number for _name, number in self.calls], [1, 1])

    def test_the_format_is_of_who_pays_wherever_the_goods_go(self):
        """The prices on it are not those of who gets them."""
        for payer, receiver, kind in [
            (self.customer, self.other, "valued"),
            (self.other, self.customer, "slip"),
            (self.other, self.address, "slip"),
            (self.customer, self.address, "valued"),
        ]:
            order = self.order(customer=payer, partner_shipping_id=receiver.id)
            note = self.deliver(order)
            back = self.bring_back(note, 1)
            self.assertEqual(self.print_notes(note | back), [kind, kind])
        order = self.order(partner_invoice_id=self.other.id)
        self.assertEqual(self.print_notes(self.deliver(order)), ["slip"])

    def test_formats_of_many_notes_take_no_more_statements(self):
        for _note in range(8):
            self.deliver(self.order(customer=self.other))
        self.env.flush_all()
        reports = self.env["ir.actions.report"].with_user(self.packer)
        notes = self.env["stock.picking"].search([("id", ">=", self.one.id)])

        def count(number):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = reports._get_notes_by_format(printed_notes.SLIP, notes[:number].ids)
            self.assertEqual(sum(map(len, found.values())), number)
            return self.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(2), count(10))

    def test_so_are_the_copies(self):
        self.customer.delivery_note_copies = 1
        order = self.order(customer=self.other, partner_shipping_id=self.customer.id)
        on_paper = inner("xpyme_on_paper")
        self.assertEqual(
            self.print_notes(self.deliver(order), context=on_paper), ["slip"]
        )

    def test_without_an_order_it_is_of_who_gets_the_goods(self):
        notes = self.make_direct_note() | self.make_direct_note(self.other)
        notes.button_validate()
        self.assertEqual(self.print_notes(notes), ["valued", "slip"])

    def test_another_format_from_the_menu_is_printed(self):
        self.assertEqual(self.print_notes(self.two, VALUED), ["valued"])

    def test_without_formats_odoo_prints(self):
        self.customer.delivery_report_id = False
        printed = self.print_notes(self.one | self.two)
        self.assertEqual(printed, ["slip", "slip"])

    def test_what_comes_in_is_printed_as_odoo_does(self):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        receipt = self.env["stock.picking"].create(
            {
                "partner_id": self.customer.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": suppliers.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
            }
        )
        self.assertEqual(self.print_notes(receipt), ["slip"])

    # === COPIES ===#

    def test_copies_are_printed_and_not_sent(self):
        self.customer.delivery_note_copies = 2
        on_paper = inner("xpyme_on_paper")
        printed = self.print_notes(self.one | self.two, context=on_paper)
        self.assertEqual(printed, ["valued", "valued copy", "valued copy", "slip"])
        self.assertEqual(self.print_notes(self.one), ["valued"])

    def test_what_has_not_left_has_no_copies(self):
        self.customer.delivery_note_copies = 2
        note = self.order().picking_ids
        printed = self.print_notes(note, context=inner("xpyme_on_paper"))
        self.assertEqual(printed, ["valued"])

    # === WHAT STANDS ON IT ===#

    def get_paper(self, note, report=VALUED):
        html = self.env["ir.actions.report"]._render_qweb_html(report, note.ids)[0]
        return html.decode()

    def test_the_format_with_prices_says_what_was_delivered(self):
        self.goods.taxes_id = self.net_tax
        order = self.order((self.goods, 10))
        note = self.deliver(order, 4)
        text = self.get_paper(note)
        [(totals, _currency)] = note._get_valued_totals(note._get_valued_lines())
        self.assertAlmostEqual(totals["total_amount_currency"], 48.4)
        self.assertIn("Tornillos", text)
        self.assertRegex(text, r"40[.,]00")

    def test_amounts_are_without_tax_where_prices_include_it(self):
        self.goods.taxes_id = self.included_tax
        line = {"product_id": self.goods.id, "price_unit": 12.1, "product_uom_qty": 2}
        note = self.deliver(self.order(line, (self.scarce, 1)))
        rows = note._get_valued_lines()
        self.assertEqual([row["amount"] for row in rows], [20, 10])
        [(totals, _currency)] = note._get_valued_totals(rows)
        self.assertAlmostEqual(totals["base_amount_currency"], 30)

    def test_dozens_are_priced_by_the_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {"product_id": self.goods.id, "product_uom_id": dozen.id}
        note = self.deliver(self.order({**line, "product_uom_qty": 2}))
        [row] = note._get_valued_lines()
        self.assertEqual((row["quantity"], row["uom"]), (2, dozen))
        self.assertAlmostEqual(row["amount"], 240)

    def test_a_note_of_orders_in_two_currencies_has_a_total_of_each(self):
        own = self.company.currency_id
        foreign = self.env["res.currency"].create({"name": "XTS", "symbol": "X"})
        foreign.rate_ids = [Command.create({"name": "2020-01-01", "rate": 2})]
        pricelist = self.env["product.pricelist"].create(
            {"name": "XTS", "currency_id": foreign.id}
        )
        order = self.order((self.goods, 2))
        other = self.order((self.goods, 3), pricelist_id=pricelist.id)
        other.picking_ids.move_ids.picking_id = order.picking_ids
        totals = order.picking_ids._get_valued_totals(
            order.picking_ids._get_valued_lines()
        )
        told = {currency: total["total_amount_currency"] for total, currency in totals}
        self.assertEqual(told, {own: 20, foreign: 60})
        text = self.get_paper(order.picking_ids)
        self.assertRegex(text, r"20[.,]00")
        self.assertRegex(text, r"60[.,]00")

    def test_a_direct_note_has_no_prices(self):
        note = self.make_direct_note()
        note.button_validate()
        self.assertFalse(note._get_valued_totals(note._get_valued_lines()))
        self.assertIn("Tornillos", self.get_paper(note))

    def test_what_comes_back_is_called_so(self):
        back = self.bring_back(self.one, 1)
        for report in (SLIP, VALUED):
            paper = self.get_paper(back, report)
            self.assertIn("Return", paper)
            self.assertNotIn('name="vendor_address"', paper)
            self.assertIn('name="customer_address"', paper)
            self.assertIn(self.customer.name, paper)
        self.assertNotIn("Return", self.get_paper(self.one, SLIP))
