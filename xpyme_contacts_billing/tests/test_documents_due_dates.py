from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import Form, tagged

from odoo.addons.xpyme_contacts.tools.own_fields import is_ours

from ..models.documents import due_date_note
from .common import AUGUST, BillingCase


@tagged("post_install", "-at_install")
class TestDueDates(BillingCase):
    """Customer invoices are due when the customer pays, by each way they come to be."""

    def test_pay_days_and_leave_on_the_line_and_on_paper(self):
        self.make_leave()
        invoice = self.make_invoice()
        self.assertEqual(list(self.get_instalments(invoice)), [date(2026, 9, 5)])
        invoice.action_post()
        self.assertDue(invoice, "2026-09-05")
        report = self.env["ir.actions.report"].with_context(lang="en_US")
        page = report._render_qweb_html("account.report_invoice", invoice.ids)[0]
        self.assertIn("09/05/2026", page.decode())

    def test_who_agreed_nothing_pays_as_the_term_says(self):
        self.customer.payment_days = False
        invoice = self.make_invoice()
        invoice.action_post()
        self.assertDue(invoice, "2026-08-09")
        self.assertFalse(invoice.due_date_note)

    def test_another_customer_on_the_draft_has_their_own_days(self):
        other = self.make_customer(
            "Otra", vat=False, payment_days="10", property_payment_term_id=self.month.id
        )
        self.make_leave()
        invoice = self.make_invoice()
        for customer, day in (
            (other, date(2026, 8, 10)),
            (self.customer, date(2026, 9, 5)),
        ):
            invoice.partner_id = customer
            self.assertEqual(list(self.get_instalments(invoice)), [day])

    def test_another_date_or_term_on_the_draft(self):
        invoice = self.make_invoice()
        invoice.invoice_date = "2026-07-25"
        self.assertEqual(list(self.get_instalments(invoice)), [date(2026, 9, 5)])
        invoice.invoice_payment_term_id = self.make_term([(100, 10)])
        self.assertEqual(list(self.get_instalments(invoice)), [date(2026, 8, 5)])

    def test_an_address_pays_as_its_customer(self):
        shop = self.make_contact(self.customer, "Tienda", type="invoice")
        invoice = self.make_invoice(partner_id=shop.id)
        self.assertEqual(list(self.get_instalments(invoice)), [date(2026, 8, 20)])

    def test_an_invoice_of_an_order(self):
        order = self.make_order()
        order.action_confirm()
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-07-10"
        self.assertEqual(list(self.get_instalments(invoice)), [date(2026, 8, 20)])

    def test_an_invoice_typed_on_screen(self):
        form = Form(
            self.env["account.move"].with_context(default_move_type="out_invoice")
        )
        form.partner_id = self.customer
        form.invoice_date = "2026-07-10"
        with form.invoice_line_ids.new() as line:
            line.product_id = self.article
        invoice = form.save()
        with Form(invoice) as form:
            self.assertIn("August 20", form.due_date_note)
            form.invoice_date = "2026-07-25"
            self.assertIn("September 5", form.due_date_note)
            form.invoice_date = "2026-07-10"
        invoice.action_post()
        self.assertDue(invoice, "2026-08-20")

    def test_a_copy_is_due_from_its_own_date(self):
        invoice = self.make_invoice()
        invoice.action_post()
        copy = invoice.copy({"invoice_date": "2026-07-25"})
        self.assertEqual(list(self.get_instalments(copy)), [date(2026, 9, 5)])

    def test_instalments_that_meet_become_one(self):
        for currency in (self.env.ref("base.EUR"), self.env.ref("base.USD")):
            invoice = self.make_invoice(
                "2026-07-06",
                currency_id=currency.id,
                invoice_payment_term_id=self.thirds.id,
            )
            expected = {date(2026, 7, 20): 79.86, date(2026, 8, 5): 41.14}
            self.assertEqual(
                invoice.due_date_note,
                "Due on July 20, not on July 13: pays on days 5 and 20.\n"
                "Due on August 5, not on August 3: pays on days 5 and 20.",
            )
            self.assertEqual(self.get_instalments(invoice), expected)
            invoice.action_post()
            self.assertDue(invoice, "2026-07-20", "2026-08-05")

    def test_an_early_discount_keeps_its_date(self):
        term = self.make_term(
            [(100, 25)],
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
        )
        invoice = self.make_invoice("2026-07-06", invoice_payment_term_id=term.id)
        invoice.action_post()
        self.assertDue(invoice, "2026-08-05")
        line = invoice.line_ids.filtered("discount_date")
        self.assertEqual(line.discount_date, date(2026, 7, 13))

    def test_the_end_of_a_month(self):
        self.customer.payment_days = "31"
        term = self.make_term([(100, 0)])
        term.line_ids.delay_type = "days_after_end_of_month"
        invoice = self.make_invoice("2026-06-10", invoice_payment_term_id=term.id)
        invoice.action_post()
        self.assertDue(invoice, "2026-06-30")

    def test_a_typed_date_moves_when_it_is_posted(self):
        self.make_leave()
        invoice = self.make_invoice(
            invoice_payment_term_id=False, invoice_date_due="2026-08-09"
        )
        self.assertEqual(invoice.invoice_date_due, date(2026, 8, 9))
        told = "on September 5, not on August 9: "
        self.assertIn(
            f"When it is confirmed it will be due {told}", invoice.due_date_note
        )
        invoice.action_post()
        self.assertDue(invoice, "2026-09-05")
        self.assertIn(f"Due {told}", invoice.due_date_note)

    def test_a_typed_date_comes_back_with_the_draft(self):
        leave = self.make_leave()
        invoice = self.make_invoice(
            invoice_payment_term_id=False, invoice_date_due="2026-08-09"
        )
        invoice.action_post()
        leave.unlink()
        invoice.button_draft()
        self.assertEqual(invoice.invoice_date_due, date(2026, 8, 9))
        invoice.action_post()
        self.assertDue(invoice, "2026-08-20")

    def test_a_recurring_invoice_is_due_as_long_after_its_date_as_typed(self):
        self.make_leave()
        invoice = self.make_invoice(
            invoice_payment_term_id=False,
            invoice_date_due="2026-08-09",
            auto_post="monthly",
        )
        invoice.action_post()
        following = self.env["account.move"].search(
            [("auto_post_origin_id", "=", invoice.id), ("id", "!=", invoice.id)]
        )
        self.assertEqual(following.invoice_date_due, date(2026, 9, 9))

    def test_credit_notes_receipts_and_bills_are_no_debt_of_the_customer(self):
        self.make_leave()
        invoice = self.make_invoice()
        invoice.action_post()
        note = self.reverse(invoice)
        note.write({"invoice_date": "2026-08-03", "invoice_date_due": "2026-08-03"})
        note.action_post()
        self.assertDue(note, "2026-08-03")
        for move_type in ("out_receipt", "in_invoice"):
            move = self.make_invoice(
                move_type=move_type, invoice_payment_term_id=self.month.id
            )
            self.assertEqual(list(self.get_instalments(move)), [date(2026, 8, 9)])
            self.assertFalse(move.due_date_note)

    def test_who_is_always_away_pays_as_the_term_says_and_one_note_says_so(self):
        self.make_leave("2026-01-01", "2026-12-31")
        self.customer.leave_ignore_year = True
        invoice = self.make_invoice()
        invoice.action_post()
        self.assertDue(invoice, "2026-08-09")
        notes = [body for body in invoice.message_ids.mapped("body") if "leave" in body]
        self.assertEqual(len(notes), 1)
        self.assertIn("August 9", notes[0])

    def test_leave_without_end_and_the_last_date_there_is_stop_nothing(self):
        untermed = self.make_invoice(
            invoice_payment_term_id=False, invoice_date_due="9999-12-31"
        )
        invoice = self.make_invoice()
        self.make_leave("2026-08-01", "9999-12-31")
        for move, day in ((untermed, "9999-12-31"), (invoice, "2026-08-09")):
            move.action_post()
            self.assertDue(move, day)

    def test_leave_of_a_contact_by_default_is_the_customers_and_drafts_follow(self):
        invoice = self.make_invoice()
        contact = self.make_contact(self.customer)
        leaves = self.env["xpyme.customer.leave"]
        leaves = leaves.with_context(default_partner_id=contact.id)
        leave = leaves.create({"date_from": AUGUST[0], "date_to": AUGUST[1]})
        self.assertEqual(leave.partner_id, self.customer)
        self.assertDue(invoice, "2026-09-05")

    def test_the_note_of_what_posts_by_itself_is_in_the_companys_language(self):
        """A scheduled action has none."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.env.company.partner_id.lang = "es_ES"
        self.make_leave("2026-01-01", "2026-12-31")
        self.customer.leave_ignore_year = True
        invoice = self.make_invoice()
        invoice.with_context(lang=None)._post()
        self.assertIn("bajas temporales", " ".join(invoice.message_ids.mapped("body")))

    def test_the_reason_is_told_where_the_date_is_and_stays_there(self):
        self.make_leave()
        invoice = self.make_invoice()
        sentence = (
            "Due on September 5, not on August 9: customer on leave until August 31, "
            "pays on days 5 and 20."
        )
        self.assertEqual(invoice.due_date_note, sentence)
        invoice.action_post()
        self.customer.leave_ids.unlink()
        self.assertEqual(invoice.due_date_note, sentence)
        # Its history is for what somebody should look into.
        self.assertNotIn("September", " ".join(invoice.message_ids.mapped("body")))

    def test_what_a_customer_agreed_is_read_once_for_all_their_invoices(self):
        self.make_leave()
        vals, counts = self.make_invoice().copy_data()[0], []
        customers, agreed = type(self.customer), self.customer._get_payment_agreement()
        for number in (1, 5):
            with patch.object(customers, "_get_payment_agreement") as read:
                read.return_value = agreed
                self.env["account.move"].create([dict(vals) for _copy in range(number)])
            counts.append(read.call_count)
        self.assertEqual(counts[0], counts[1])

    def test_no_line_of_a_statement_tells_of_customers(self):
        """Each change of an amount would look for such lines, field by field."""
        fields = self.env["account.move"]._fields
        told = [
            field.name
            for name in ("amount_total", "needed_terms")
            for field in self.registry.get_dependent_fields(fields[name])
            if field.model_name == "account.bank.statement.line"
            and is_ours(field.base_field)
        ]
        self.assertEqual(told, [])

    def test_an_amount_leads_to_nothing_that_is_stored_or_told(self):
        """Each change of one would look for whatever hangs on it, ten times a line."""
        fields = self.env["account.move"]._fields
        led_to = {
            str(field)
            for name in ("amount_total", "amount_residual", "needed_terms")
            for field in self.registry.get_dependent_fields(fields[name])
            if is_ours(field.base_field)
        }
        self.assertEqual(led_to, set())

    def test_what_is_told_of_a_typed_date_follows_it_on_screen_and_when_it_is_saved(
        self,
    ):
        self.make_leave()
        invoice = self.make_invoice(
            invoice_payment_term_id=False, invoice_date_due="2026-08-09"
        )
        self.assertIn("not on August 9", invoice.due_date_note)
        invoice.invoice_date_due = "2026-08-10"
        self.assertIn("not on August 10", invoice.due_date_note)
        with Form(invoice) as form:
            form.invoice_date_due = "2026-08-11"
            self.assertIn("not on August 11", form.due_date_note)
            form.invoice_date_due = "2026-09-20"
            self.assertFalse(form.due_date_note)

    def test_who_may_invoice_posts_a_typed_date_and_takes_it_back(self):
        self.make_leave()
        invoice = self.make_invoice(
            invoice_payment_term_id=False, invoice_date_due="2026-08-09"
        )
        user = self.make_user("facturas", "account.group_account_invoice")
        own = invoice.with_user(user)
        own.action_post()
        self.assertGreater(str(invoice.invoice_date_due), "2026-08-31")
        own.button_draft()
        self.assertEqual(str(invoice.invoice_date_due), "2026-08-09")

    def set_law(self, *law):
        """The law of the company's country on how late an invoice may be due."""
        country = self.env.company.account_fiscal_country_id.code
        laws = {country: law} if law else {}
        self.startPatcher(patch.object(due_date_note, "_LONGEST", laws))

    def test_more_than_sixty_days_are_told_where_the_law_forbids_them(self):
        self.set_law(60, "Ley 3/2004")
        self.customer.payment_days = "10"
        self.make_leave()
        in_time = self.make_invoice("2026-07-12")
        self.assertEqual(list(self.get_instalments(in_time)), [date(2026, 9, 10)])
        self.assertNotIn("Ley", in_time.due_date_note)
        late = self.make_invoice("2026-07-11")
        self.assertEqual(
            late.due_date_note.split("\n")[1],
            "That is 61 days after the date of the invoice: the law allows 60 "
            "(Ley 3/2004).",
        )
        late.action_post()
        self.assertDue(late, "2026-09-10")
        self.assertIn("Ley 3/2004", " ".join(late.message_ids.mapped("body")))
        late.button_draft()
        self.customer.payment_days = False
        self.assertNotIn("Ley", late.due_date_note)

    def test_spain_has_such_a_law_and_other_countries_are_told_nothing(self):
        self.assertEqual(due_date_note._LONGEST["ES"], (60, "Ley 3/2004"))
        self.set_law()
        self.make_leave("2026-08-01", "2026-12-31")
        self.assertNotIn("law", self.make_invoice().due_date_note)

    def test_a_term_that_is_long_by_itself_is_not_of_the_agreement(self):
        self.set_law(60, "Ley 3/2004")
        self.customer.payment_days = False
        invoice = self.make_invoice(
            invoice_payment_term_id=self.make_term([(100, 90)]).id
        )
        self.assertFalse(invoice.due_date_note)

    def test_a_reason_in_another_year_names_it(self):
        self.customer.payment_days = "25"
        self.make_leave("2026-12-20", "2027-01-07")
        invoice = self.make_invoice("2026-11-24")
        self.assertIn("January 25, 2027", invoice.due_date_note)
        self.assertIn("pays on day 25", invoice.due_date_note)

    def test_cash_rounding_stays(self):
        account = self.make_invoice().invoice_line_ids.account_id
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0,05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": account.id,
                "loss_account_id": account.id,
                "rounding_method": "HALF-UP",
            }
        )
        invoice = self.make_invoice(
            "2026-07-06",
            currency_id=self.env.ref("base.EUR").id,
            invoice_payment_term_id=self.thirds.id,
            invoice_cash_rounding_id=rounding.id,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.article.id,
                        "price_unit": 121.03,
                        "tax_ids": False,
                    }
                )
            ],
        )
        self.assertEqual(
            self.get_instalments(invoice),
            {date(2026, 7, 20): 79.9, date(2026, 8, 5): 41.15},
        )
