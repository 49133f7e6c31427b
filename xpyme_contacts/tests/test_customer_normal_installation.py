from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestNormalInstallation(CustomerCase):
    """What an installation of Odoo has beside it is there when we try ours."""

    def test_phones_are_read_as_in_their_country(self):
        for country, typed, shown in (
            ("base.es", "972 99 01 01", "+34 972 99 01 01"),
            ("base.cl", "222345678", "+56 2 2234 5678"),
        ):
            customer = self.make_customer(country_id=self.env.ref(country).id)
            told = customer._phone_format(number=typed, force_format="INTERNATIONAL")
            self.assertEqual(told, shown)

    def test_barcodes_are_drawn(self):
        drawn = self.env["ir.actions.report"].barcode("Code128", "FO0001")
        self.assertTrue(drawn.startswith(b"\x89PNG"))
