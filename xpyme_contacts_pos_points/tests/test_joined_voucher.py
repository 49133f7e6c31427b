from odoo.tests import tagged

from .common import VoucherTillCase


@tagged("post_install", "-at_install")
class TestJoinedVoucher(VoucherTillCase):
    """A voucher that was added to another one is that one, in tickets too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls.give_voucher(20)
        cls.gone = cls.give_voucher(30, cls.other)

    def merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.other | self.customer).ids, self.customer)
        self.env.invalidate_all()

    def hang(self):
        self.other.write({"is_company": False, "parent_id": self.customer.id})
        self.env.flush_all()
        self.env.invalidate_all()

    def test_what_was_paid_before_a_merge_is_given_back_to_the_joined_one(self):
        sold = self.use(self.gone, 30, self.other)
        self.merge()
        self.assertEqual(self.get_balance(), 20)
        self.give_all_back(sold)
        self.assertEqual(self.get_balance(), 50)

    def test_and_before_the_customer_was_hung_under_another(self):
        sold = self.use(self.gone, 30, self.other)
        self.hang()
        self.assertEqual(self.get_balance(), 20)
        self.give_all_back(sold)
        self.assertEqual(self.get_balance(), 50)

    def test_a_till_that_has_not_heard_of_it_takes_from_the_joined_one(self):
        for join in (self.merge, self.hang):
            with self.subTest(join.__name__), self.cr.savepoint() as point:
                join()
                self.use(self.gone, 10, self.customer, paid_offline=True)
                self.assertEqual((self.get_balance(), self.gone.points), (40, 0))
                self.assertFalse(self.get_activities())
                point.rollback()
                self.env.invalidate_all()
