from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import DocumentCase


class BlockedCase(DocumentCase):
    def assertRefused(self, make):
        with self.assertRaisesRegex(UserError, "ACME.*Baja"), self.env.cr.savepoint():
            make()


@tagged("post_install", "-at_install")
class TestBlockedCustomer(BlockedCase):
    def test_no_new_document_by_any_path(self):
        self.customer.is_blocked = True
        other = self.make_quotation(self.make_customer("Otra"))
        for make in (
            self.make_quotation,
            lambda: self.make_quotation(user=self.salesperson),
            lambda: other.write({"partner_id": self.customer.id}),
            lambda: other.write({"partner_invoice_id": self.customer.id}),
            self.make_invoice,
            lambda: self.make_invoice("out_receipt"),
            lambda: self.make_invoice("out_refund"),
        ):
            self.assertRefused(make)

    def test_it_reaches_contacts_and_addresses(self):
        self.customer.is_blocked = True
        delivery = self.make_contact(self.customer, "Obra", type="delivery")
        for partner in (self.contact, delivery, self.get_mirror(self.customer)):
            self.assertTrue(partner.is_blocked, partner.name)
            self.assertRefused(lambda p=partner: self.make_quotation(p))
            self.assertRefused(lambda p=partner: self.make_invoice(partner_id=p.id))

    def test_forms_refuse(self):
        self.customer.is_blocked = True

        def fill_in_quotation():
            with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
                form.partner_id = self.customer

        def fill_in_invoice():
            moves = self.env["account.move"]
            with Form(moves.with_context(default_move_type="out_invoice")) as form:
                form.partner_id = self.customer

        self.assertRefused(fill_in_quotation)
        self.assertRefused(fill_in_invoice)

    def test_import_names_the_row_and_saves_nothing(self):
        self.customer.is_blocked = True
        other = self.make_customer("Otra")
        for model, fields, row in (
            ("sale.order", ["partner_id/.id"], []),
            ("account.move", ["partner_id/.id", "move_type"], ["out_invoice"]),
        ):
            records = self.env[model]
            before = records.search_count([])
            data = [[str(p.id), *row] for p in (other, self.customer)]
            result = records.load(fields, data)
            self.assertFalse(result["ids"], model)
            # Core repeats the fault of the whole lot on its first row.
            told = result["messages"][-1]
            self.assertIn("Baja", told["message"])
            self.assertEqual(told["rows"], {"from": 1, "to": 1})
            self.assertEqual(records.search_count([]), before)

    def test_cron_posts_the_others_and_leaves_his_draft(self):
        yesterday = date.today() - timedelta(days=1)
        vals = {"auto_post": "at_date", "invoice_date": yesterday, "date": yesterday}
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        invoices = self.make_invoice(**vals) | self.make_invoice(
            partner_id=other.id, **vals
        )
        self.customer.is_blocked = True
        with self.enter_registry_test_mode():
            self.env.ref(
                "account.ir_cron_auto_post_draft_entry"
            ).method_direct_trigger()
        self.assertEqual(invoices.mapped("state"), ["draft", "posted"])
        self.assertIn("Baja", invoices[0].message_ids[0].body)

    def test_drafts_from_before_are_neither_confirmed_nor_posted(self):
        quotation, invoice = self.make_quotation(), self.make_invoice()
        self.customer.is_blocked = True
        self.assertRefused(quotation.action_confirm)
        self.assertRefused(quotation.copy)
        self.assertRefused(invoice.action_post)
        self.assertRefused(invoice.copy)
        for draft, state in ((quotation, "sale"), (invoice, "posted")):
            self.assertRefused(lambda d=draft, s=state: d.write({"state": s}))
            told = draft.load([".id", "state"], [[str(draft.id), state]])["messages"]
            self.assertIn("Baja", told[-1]["message"])
        quotation.action_cancel()
        invoice.button_cancel()
        self.assertEqual((quotation.state, invoice.state), ("cancel", "cancel"))

    def test_what_was_ordered_before_is_invoiced(self):
        order = self.make_quotation()
        order.action_confirm()
        self.customer.is_blocked = True
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_what_was_ordered_before_does_not_grow_and_may_shrink(self):
        order = self.make_quotation(user=self.salesperson)
        order.action_confirm()
        line = order.order_line
        self.customer.is_blocked = True
        added = {"product_id": self.product.id, "price_unit": 1}
        for grow in (
            lambda: line.write({"product_uom_qty": 2}),
            lambda: order.write({"order_line": [(0, 0, added)]}),
            lambda: line.create({"order_id": order.id, **added}),
        ):
            self.assertRefused(grow)
        line.price_unit = 5
        order.order_line = [(0, 0, {"display_type": "line_note", "name": "Thanks"})]
        order.note = "Thanks"
        line.sudo().qty_delivered = 1
        order.action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_line_added_by_hand_to_that_invoice_is_judged(self):
        order = self.make_quotation()
        order.action_confirm()
        order.order_line.qty_delivered = 1
        self.customer.is_blocked = True
        invoice = order._create_invoices()
        invoice.invoice_line_ids = [(0, 0, {"product_id": self.product.id})]
        self.assertRefused(invoice.action_post)

    def test_correction_and_payment_of_an_invoice_go_on(self):
        invoice, paid = self.make_invoice(), self.make_invoice()
        (invoice | paid).action_post()
        self.customer.is_blocked = True
        refund = self.reverse(invoice)
        refund.action_post()
        self.assertEqual(refund.state, "posted")
        payments = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=paid.ids
        )
        payments.create({})._create_payments()
        self.assertIn(paid.payment_state, ("paid", "in_payment"))

    def test_a_credit_note_is_taken_back_up_to_its_amount(self):
        note = self.make_invoice("out_refund")
        note.action_post()
        self.customer.is_blocked = True
        invoice = self.reverse(note)
        line = invoice.invoice_line_ids
        line.price_unit = 9000
        self.assertRefused(invoice.action_post)
        line.price_unit = 100
        self.assertRefused(lambda: self.reverse(note))
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_naming_another_entry_makes_no_invoice_a_correction(self):
        invoice, sale = self.make_invoice(), self.make_invoice()
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        his = self.make_invoice("out_refund", partner_id=other.id)
        draft = self.make_invoice("out_refund")
        (sale | his).action_post()
        self.customer.is_blocked = True
        for entry in (sale, his, draft):
            invoice.reversed_entry_id = entry
            self.assertRefused(invoice.action_post)

    def test_purchases_are_not_concerned(self):
        self.customer.is_blocked = True
        self.assertTrue(self.make_invoice("in_invoice"))

    def test_mark_taken_off_he_buys_again(self):
        self.customer.is_blocked = True
        self.customer.is_blocked = False
        self.make_quotation().action_confirm()
        self.make_invoice().action_post()

    def test_subsidiary_that_is_a_company_is_judged_by_its_own_card(self):
        subsidiary = self.make_customer("Filial", parent_id=self.customer.id)
        self.customer.is_blocked = True
        self.assertTrue(self.make_quotation(subsidiary))


@tagged("post_install", "-at_install")
class TestBlockedCustomerOutside(BlockedCase, HttpCase):
    def test_portal_takes_the_signature_and_leaves_the_quotation_from_before(self):
        quotation = self.make_quotation(require_signature=True, require_payment=False)
        quotation.action_quotation_sent()
        self.customer.is_blocked = True
        answer = self.make_jsonrpc_request_raw(quotation)
        self.assertTrue(answer["result"]["force_refresh"])
        self.assertNotIn("Baja", str(answer))
        self.assertEqual((quotation.state, bool(quotation.signature)), ("sent", True))

    def make_jsonrpc_request_raw(self, quotation):
        """What a customer's browser gets who signs the quotation."""
        params = {
            "access_token": quotation._portal_ensure_token(),
            "name": "Juan Pérez",
            "signature": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
            "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
        }
        url = f"{self.base_url()}/my/orders/{quotation.id}/accept"
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.opener.post(url, json=body).json()

    def test_programs_are_refused(self):
        self.customer.is_blocked = True
        self.salesperson.group_ids += self.env.ref("account.group_account_invoice")
        self.salesperson.password = "salesperson"
        for model, vals in (
            ("sale.order", {"partner_id": self.contact.id}),
            (
                "account.move",
                {"move_type": "out_invoice", "partner_id": self.customer.id},
            ),
        ):
            with self.assertRaisesRegex(Exception, "Baja"), mute_logger("odoo.http"):
                self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname,
                    self.salesperson.id,
                    "salesperson",
                    model,
                    "create",
                    [vals],
                )
