from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL

from .common import RemittanceCase


@tagged("post_install", "-at_install")
class TestSpeed(RemittanceCase):
    """What a remittance asks of the database does not grow with its receipts."""

    def count_queries(self, method):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        method()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_judging_takes_as_many_queries_for_many_as_for_few(self):
        for number in range(3):
            self.make_invoice(self.make_debtor(f"Cliente {number}"))
        window = self.make_window()
        window._judge_all()
        few = self.count_queries(window._judge_all)
        for number in range(3, 15):
            self.make_invoice(self.make_debtor(f"Cliente {number}"))
        many = self.count_queries(window._judge_all)
        self.assertEqual(len(window._judge_all()), 15)
        self.assertLessEqual(many, few)

    def count_updates_of_lines(self, method):
        updates, execute = [], Cursor.execute

        def spy(cr, query, *args, **options):
            code = query.code if isinstance(query, SQL) else query
            if 'UPDATE "account_payment_line"' in code:
                updates.append(code)
            return execute(cr, query, *args, **options)

        with patch.object(Cursor, "execute", spy):
            method()
            self.env.flush_all()
        return len(updates)

    def test_what_is_looked_up_for_the_history_stores_no_figure_apart(self):
        """Core would store the lines once more, a hundred in a statement."""
        for number in range(2):
            self.make_invoice(self.make_debtor(f"Cliente {number}"))
        window = self.make_window()
        first = window._judge_all()[:1]
        alone = self.count_updates_of_lines(lambda: window._make_remittance(first))
        whole = self.count_updates_of_lines(window.action_create_remittance)
        self.assertEqual(whole, alone)

    def make_paid(self, number):
        """So many invoices, each with a payment that no bank has confirmed yet."""
        moves = self.env["account.move"].concat(
            *(self.make_invoice() for _number in range(number))
        )
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create(
            {"payment_method_line_id": self.method.id, "group_payment": False}
        )._create_payments()
        return moves

    def test_who_paid_is_asked_once_for_all_invoices(self):
        few, many = self.make_paid(2), self.make_paid(8)
        self.assertEqual(set(many.mapped("payment_state")), {"paid"})

        def reckon(moves):
            self.env.add_to_compute(moves._fields["payment_state"], moves)
            moves.mapped("payment_state")

        asked = [self.count_queries(lambda m=m: reckon(m)) for m in (few, many)]
        self.assertLessEqual(asked[1], asked[0])
