from datetime import date, datetime

from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestClock(CustomerCase):
    """What day it is where a company is."""

    def test_without_a_zone_it_is_the_countrys(self):
        company = self.env.company
        company.partner_id.write({"tz": False, "country_id": self.spain.id})
        self.assertEqual(company._get_zone(), "Europe/Madrid")
        company.partner_id.country_id = self.chile
        self.assertEqual(company._get_zone(), "America/Santiago")
        company.partner_id.country_id = False
        self.assertEqual(company._get_zone(), "UTC")

    def test_the_day_begins_where_the_company_is(self):
        company = self.env.company
        company.partner_id.tz = "Europe/Madrid"
        last = company._to_local_day(datetime(2026, 10, 31, 22, 59))
        self.assertEqual(last, date(2026, 10, 31))
        first = company._to_local_day(datetime(2026, 10, 31, 23, 0))
        self.assertEqual(first, date(2026, 11, 1))
