from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import PointsCase


@tagged("post_install", "-at_install")
class TestCustomerType(PointsCase):
    """*Tipos de Cliente* says what a settlement gives."""

    def test_a_percentage_beyond_0_to_100_is_refused_and_names_the_type(self):
        for percent in (150, -1):
            with self.assertRaisesRegex(ValidationError, "Comercio"):
                self.make_type(percent=percent)

    def test_a_negative_value_or_validity_is_refused(self):
        for vals in (
            {"point_value": -0.02},
            {"voucher_validity_days": -1},
            {"voucher_validity_days": 99_999_999},
        ):
            with self.assertRaisesRegex(ValidationError, "Comercio"):
                self.type.write(vals)

    def test_a_new_type_gives_no_vouchers(self):
        kind = self.env["xpyme.customer.type"].create({"name": "Otro"})
        self.assertEqual(kind.voucher_mode, "none")
