import sys
from collections import Counter
from contextlib import contextmanager

from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestValues(CustomerCase):
    """What is typed passes few doors on its way to what is stored."""

    @contextmanager
    def assert_calls(self, files, calls):
        """At most so many files of the family are entered, by so many calls."""
        entered = Counter()

        def count(frame, event, _argument):
            path = frame.f_code.co_filename
            is_ours = "/xpyme_" in path and "/tests/" not in path
            if event == "call" and is_ours:
                entered[path] += 1

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            yield
            self.env.flush_all()
        finally:
            sys.setprofile(before)
        told = "\n".join(f"{number} {path}" for path, number in entered.most_common())
        self.assertLessEqual(len(entered), files, told)
        self.assertLessEqual(entered.total(), calls, told)

    def test_a_telephone_asks_no_room(self):
        customer = self.make_customer()
        customer.phone = "41 290 97 26"
        self.env.flush_all()
        with self.assert_calls(files=5, calls=15):
            customer.phone = "41 290 97 27"

    def test_a_customer_is_made_in_few_calls(self):
        self.make_customer()
        self.env.flush_all()
        with self.assert_calls(files=30, calls=175):
            self.make_customer()

    def test_new_customers_cost_no_statement_each(self):
        def count_statements(number):
            before = self.cr.sql_log_count
            self.Partner.create(
                [
                    {
                        "name": f"Cliente {place}",
                        "customer_flag": True,
                        "phone": f"41 290 97 {place}",
                        "email": f"cliente{place}@example.com",
                        "zip": "4030000",
                    }
                    for place in range(number)
                ]
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        few = count_statements(5)
        # Rows are stored by the hundred.
        self.assertLess(count_statements(40), few + 5)
