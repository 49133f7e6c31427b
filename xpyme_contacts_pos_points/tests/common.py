from odoo.addons.xpyme_contacts_points.tests.common import make_program
from odoo.addons.xpyme_contacts_pos.tests.common import TillCase


class VoucherTillCase(TillCase):
    """A till where vouchers are spent and points are earned: one for each euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.program = make_program(cls.env)
        cls.other = cls.make_customer("Otra S.A.", vat=False)

    @classmethod
    def give_voucher(cls, amount, customer=None):
        customer = customer or cls.customer
        amounts = {customer: amount}
        card = cls.env["loyalty.card"]._top_up_vouchers(amounts, cls.company)[customer]
        card._write_history({card: amount}, lambda _card: {"description": "Vale"})
        return card

    def get_balance(self, customer=None):
        customer = customer or self.customer
        self.env.flush_all()
        voucher = customer._read_vouchers(self.company).get(customer.id)
        return voucher and round(voucher.balance, 2)

    def use(self, ticket, card, amount):
        """What a till sends of a voucher that paid part of a ticket."""
        ticket = ticket.with_user(self.cashier)
        points = -round(amount / card.program_id._get_coin())
        data = {"points": points, "program_id": card.program_id.id, "line_codes": []}
        return ticket.confirm_coupon_programs({str(card.id): data})

    def earn(self, ticket, points):
        """What a till sends of points that a ticket earned, on a card of its own."""
        data = {
            "points": points,
            "program_id": self.program.id,
            "partner_id": ticket.partner_id.id,
            "coupon_id": -1,
            "barcode": False,
        }
        ticket.with_user(self.cashier).confirm_coupon_programs({"-1": data})
        return self.env["loyalty.card"].search([("program_id", "=", self.program.id)])
