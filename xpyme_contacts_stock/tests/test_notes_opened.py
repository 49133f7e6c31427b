from odoo.tests import Form, tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestNotesOpened(StockCase):
    """Whoever may read transfers can open them, whatever Odoo's carriers ask for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prefix = cls.env["delivery.zip.prefix"].create({"name": "17"})
        cls.near = cls.make_carrier(zip_prefix_ids=prefix.ids)
        cls.far = cls.make_carrier(
            "Lejos", zip_prefix_ids=prefix.copy({"name": "35"}).ids
        )
        cls.address.zip = "17800"

    def make_note(self):
        return self.order(partner_shipping_id=self.address.id).picking_ids

    def test_by_a_plain_inventory_user(self):
        note = self.make_note()
        self.env.invalidate_all()
        with Form(note.with_user(self.packer)) as form:
            form.carrier_id = self.near
        self.assertIn(self.near, note.allowed_carrier_ids)
        self.assertNotIn(self.far, note.allowed_carrier_ids)
        kind = self.warehouse.in_type_id
        receipt = note.create(
            {"partner_id": self.customer.id, "picking_type_id": kind.id}
        )
        self.env.invalidate_all()
        Form(receipt.with_user(self.packer))

    def test_by_an_accountant(self):
        """Who may not read carriers has none to choose from."""
        accountant = self.make_user("accountant", "account.group_account_invoice")
        note = self.make_note().with_user(accountant)
        note.sudo().carrier_id = self.near
        self.env.invalidate_all()
        Form(note)
        [row] = note.web_read({"carrier_id": {}, "allowed_carrier_ids": {}})
        self.assertEqual(
            (row["carrier_id"], row["allowed_carrier_ids"]), (self.near.id, [])
        )
