from uuid import uuid4

from odoo import Command

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

    def use(self, card, amount, customer=None, points_cost=None, **vals):
        """A ticket of ``goods`` of which a voucher pays ``amount``, as a till sends
        it."""
        if points_cost is None:
            points_cost = round(amount / card.program_id._get_coin())
        data = self.prepare_ticket(customer, **vals)
        reward = card.program_id.reward_ids
        data["lines"].append(
            Command.create(
                {
                    "uuid": str(uuid4()),
                    "product_id": reward.discount_line_product_id.id,
                    "qty": 1,
                    "price_unit": -amount,
                    "price_subtotal": -amount,
                    "price_subtotal_incl": -amount,
                    "tax_ids": [Command.clear()],
                    "is_reward_line": True,
                    "reward_id": reward.id,
                    "coupon_id": card.id,
                    "points_cost": points_cost,
                }
            )
        )
        data["payment_ids"][0][2]["amount"] -= amount
        for name in ("amount_total", "amount_paid"):
            data[name] = round(data[name] - amount, 2)
        return self.send(data)

    def tell(self, ticket, card_id, points, program):
        """What a till says of a card after it has sent a ticket."""
        data = {"points": points, "program_id": program.id, "line_codes": []}
        data.update(partner_id=ticket.partner_id.id, coupon_id=card_id, barcode=False)
        ticket = ticket.with_user(self.cashier)
        return ticket.confirm_coupon_programs({str(card_id): data})

    def earn(self, ticket, points):
        """What a till sends of points that a ticket earned, on a card of its own."""
        self.tell(ticket, -1, points, self.program)
        return self.env["loyalty.card"].search([("program_id", "=", self.program.id)])
