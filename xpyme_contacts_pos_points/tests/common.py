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
    def make_seller(cls):
        """Who may take orders at the till."""
        return cls.make_user(
            "tillseller",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads",
        )

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

    def use(self, card, amount, customer=None, said=None, parts=1, **vals):
        """A ticket of ``goods`` of which a voucher pays ``amount``, as a till sends it.

        :param said: what it says of the line, beside the truth
        :param parts: lines that pay it
        """
        data = self.prepare_ticket(customer, **vals)
        reward, part = card.program_id.reward_ids, amount / parts
        data["lines"] += [
            Command.create(
                {
                    "uuid": str(uuid4()),
                    "product_id": reward.discount_line_product_id.id,
                    "qty": 1,
                    "price_unit": -part,
                    "price_subtotal": -part,
                    "price_subtotal_incl": -part,
                    "tax_ids": [Command.clear()],
                    "is_reward_line": True,
                    "reward_id": reward.id,
                    "coupon_id": card.id,
                    "points_cost": round(part / card.program_id._get_coin()),
                    **(said or {}),
                }
            )
            for _part in range(parts)
        ]
        data["payment_ids"][0][2]["amount"] -= amount
        for name in ("amount_total", "amount_paid"):
            data[name] = round(data[name] - amount, 2)
        return self.send(data)

    def give_all_back(self, sold):
        """A ticket that takes back all of another one, of goods and a voucher."""
        data = self.prepare_ticket(sold.partner_id, is_refund=True, lines=[])
        for line in sold.lines:
            back = {
                "uuid": str(uuid4()),
                "product_id": line.product_id.id,
                "qty": -line.qty,
                "price_unit": line.price_unit,
                "price_subtotal": -line.price_subtotal,
                "price_subtotal_incl": -line.price_subtotal_incl,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "refunded_orderline_id": line.id,
            }
            data["lines"].append(Command.create(back))
        for name in ("amount_total", "amount_paid"):
            data[name] = -sold.amount_total
        data["payment_ids"][0][2]["amount"] = -sold.amount_total
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
