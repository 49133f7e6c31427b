from psycopg2.errors import ForeignKeyViolation

from odoo.tools import mute_logger

from odoo.addons.xpyme_contacts.tests.common import CustomerCase


class TestRemittanceGroup(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["xpyme.remittance.group"].create(
            {"code": "A", "name": "Mensual"}
        )

    def test_an_address_is_in_the_group_of_its_customer(self):
        customer = self.make_customer(remittance_group_id=self.group.id)
        address = self.make_contact(customer, type="invoice")
        self.assertEqual(address.remittance_group_id, self.group)

    def test_a_group_in_use_is_not_deleted(self):
        self.make_customer(remittance_group_id=self.group.id)
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            self.group.unlink()
