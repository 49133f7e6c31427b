from lxml import etree

from odoo.tests import tagged
from odoo.tools import file_open

from .common import RemittanceCase

XSD = "account_payment_sepa_direct_debit/data/pain.008.001.08.xsd"
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}
# Two lines of an address, and a name longer than its forty characters.
LONG = "Suministros Ñandú, Hijos & Nietos de Peña S.A."


@tagged("post_install", "-at_install")
class TestFile(RemittanceCase):
    """The file that the bank gets (pain.008)."""

    def parse(self, file):
        """The file, once the bundled schema accepts it."""
        with file_open(XSD, "rb") as schema:
            schema = etree.XMLSchema(etree.parse(schema))
        tree = etree.fromstring(file)
        schema.assertValid(tree)
        return tree

    def find(self, tree, path):
        return tree.xpath(
            "//" + "/".join(f"p:{tag}" for tag in path.split("/")) + "/text()",
            namespaces=NS,
        )

    def test_it_is_valid_with_the_letters_of_the_country(self):
        self.make_invoice()
        other = self.make_debtor(
            LONG, street="Calle de la Muñeira & Cía, 3", street2="2.º piso, 1.ª puerta"
        )
        self.make_invoice(other, amount=50.5)
        tree = self.parse(self.send(self.make_remittance()))
        self.assertEqual(self.find(tree, "GrpHdr/CtrlSum"), ["171.50"])
        self.assertEqual(self.find(tree, "GrpHdr/NbOfTxs"), ["2"])
        names = self.find(tree, "Dbtr/Nm")
        self.assertEqual(len(names), 2)
        self.assertTrue(all(name.isascii() for name in names), names)
        self.assertEqual(
            sorted(self.find(tree, "DbtrAcct/Id/IBAN")),
            sorted((self.customer + other).bank_ids.mapped("sanitized_acc_number")),
        )

    def test_a_copy_has_no_file_and_takes_none_away(self):
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        copy = remittance.copy()
        self.assertFalse(copy.payment_file_id)
        self.assertFalse(copy.date_generated or copy.date_uploaded)
        copy.unlink()
        self.assertTrue(remittance.payment_file_id.exists())

    def test_each_date_has_its_part(self):
        """In pay days and past leaves, as the due dates are."""
        self.customer.payment_days = "5, 20"
        self.make_invoice(due="2027-01-20")
        self.make_invoice(due="2026-11-05")
        tree = self.parse(self.send(self.make_remittance("2027-01-31")))
        self.assertEqual(
            self.find(tree, "PmtInf/ReqdColltnDt"), ["2027-01-20", "2026-11-05"][::-1]
        )

    def test_a_leave_moves_the_date_in_the_file(self):
        if "leave_ids" not in self.customer:
            self.skipTest("leaves are of the addon of billing")
        self.customer.payment_days = "5, 20"
        self.customer.leave_ids = [
            (0, 0, {"date_from": "2027-01-01", "date_to": "2027-01-10"})
        ]
        self.make_invoice(due="2027-01-05")
        tree = self.parse(self.send(self.make_remittance("2027-01-31")))
        self.assertEqual(self.find(tree, "PmtInf/ReqdColltnDt"), ["2027-01-20"])

    def test_one_payment_for_a_mandate_and_a_date(self):
        for due in ("2026-10-20", "2026-10-20", "2026-11-20"):
            self.make_invoice(due=due)
        other = self.make_debtor("Otra S.A.")
        self.make_invoice(other, due="2026-10-20")
        remittance = self.make_remittance()
        tree = self.parse(self.send(remittance))
        self.assertEqual(
            sorted(remittance.payment_ids.mapped("amount")), [121, 121, 242]
        )
        self.assertEqual(self.find(tree, "GrpHdr/NbOfTxs"), ["3"])

    def test_two_mandates_of_a_customer_are_not_mixed(self):
        first = self.make_invoice(due="2026-10-20")
        second = self.make_invoice(due="2026-10-20")
        account = self.make_account(self.customer)
        second.mandate_id = self.make_mandate(self.customer, partner_bank_id=account.id)
        remittance = self.make_remittance()
        self.send(remittance)
        self.assertEqual(
            {
                payment.partner_bank_id: payment.invoice_ids
                for payment in remittance.payment_ids
            },
            {account: second, self.customer.bank_ids - account: first},
        )

    def test_two_companies_debit_in_their_own_names(self):
        other = self.make_company(
            "Ferretería Ter", "ES11ZZZB12345674", "ES8999990001440000001731"
        )
        self.env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": (other + self.company).ids,
            }
        )
        theirs = self.make_method(other)
        self.make_mandate(self.customer, company=other)
        mine = self.make_invoice()
        self.customer.with_company(
            other
        ).property_inbound_payment_method_line_id = theirs
        foreign = self.make_invoice(amount=50, company_id=other.id)
        windows = {
            company: self.make_window(
                env=self.env, company_id=company.id, payment_method_line_id=method.id
            )
            for company, method in ((self.company, self.method), (other, theirs))
        }
        for company, window in windows.items():
            order = self.env["account.payment.order"].browse(
                window.action_create_remittance()["res_id"]
            )
            invoice = foreign if company == other else mine
            self.assertEqual(order.company_id, company)
            self.assertEqual(order.payment_line_ids.move_line_id.move_id, invoice)
            tree = self.parse(self.send(order))
            self.assertEqual(
                self.find(tree, "CdtrSchmeId/Id/PrvtId/Othr/Id"),
                [company.sepa_creditor_identifier],
            )
