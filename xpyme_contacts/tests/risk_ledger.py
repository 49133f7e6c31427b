"""Random ledgers, and what is owed according to Odoo's own documents.

The reckoning is slow on purpose: one document after the other through the ORM, none of
the SQL that it judges.
"""

from collections import defaultdict
from datetime import timedelta

from stdnum.es import cif

from odoo import Command

SALES = ("out_invoice", "out_refund", "out_receipt")


class Ledger:
    """Documents of a few customers in two companies, drawn from a random generator.

    :param case: a test case with ``RiskCase``'s factories, two taxes by company in
        ``taxes``, and ``terms`` of payment
    """

    def __init__(self, case, random):
        self.case, self.random = case, random
        self.companies = case.company | case.other_company
        self._make_cards()
        for _ in range(random.randint(3, 9)):
            make = random.choice(
                (self._invoice, self._invoice, self._order, self._order, self._account)
            )
            make()

    def _make_cards(self):
        """A customer, perhaps with more cards of his tax id, contacts and addresses."""
        draw, case = self.random, self.case
        body = f"A{draw.randint(10**6, 10**7 - 1)}"
        digit = cif.calc_check_digits(body)[0]
        writings = (f"ES{body}{digit}", f"es-{body} {digit}", f"{body}-{digit}")
        self.cards = case.Partner.create(
            [
                {
                    "name": f"Card {number}",
                    "vat": writing,
                    "customer_rank": 1,
                    "is_company": True,
                    "active": draw.random() < 0.8 or not number,
                    "risk_by_vat": draw.random() < 0.5,
                }
                for number, writing in enumerate(
                    draw.sample(writings, draw.choice((1, 2, 2, 3)))
                )
            ]
        )
        for card in self.cards:
            for company in self.companies:
                card.with_company(company).write(
                    {
                        "credit_limit": draw.choice((0, 0, 500, 1234.5)),
                        "internal_credit_limit": draw.choice((0, 800)),
                    }
                )
        self.partners = self.cards | case.Partner.create(
            [
                {"name": "Contact", "parent_id": card.id, "type": kind}
                for card in self.cards
                for kind in draw.sample(("contact", "invoice"), draw.randint(0, 2))
            ]
        )

    # === DOCUMENTS ===#

    def _draw(self):
        """Partner, company and currency of a document."""
        currencies = (self.case.eur, self.case.usd, self.case.clp)
        choose = self.random.choice
        return choose(self.partners), choose(self.companies), choose(currencies)

    def _price(self, currency):
        price = round(self.random.uniform(0.01, 400), 2)
        return round(price * 900) if currency == self.case.clp else price

    def _tax(self, company):
        return [Command.set(self.random.choice(self.case.taxes[company]).ids)]

    def _day(self, first, last):
        return self.case.today + timedelta(days=self.random.randint(first, last))

    def _invoice(self):
        partner, company, currency = self._draw()
        draw = self.random
        move = self.case.make_invoice(
            1,
            partner,
            company=company,
            post=False,
            currency_id=currency.id,
            move_type=draw.choice((*SALES, "out_invoice")),
            invoice_date=self._day(-120, 0),
            invoice_date_due=self._day(-90, 90),
            invoice_payment_term_id=draw.choice((False, self.case.terms.id)),
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Goods",
                        "quantity": draw.choice((1, 2, 0.333, -1, 7)),
                        "price_unit": self._price(currency),
                        "tax_ids": self._tax(company),
                    }
                )
                for _ in range(draw.randint(1, 3))
            ],
        )
        if move.amount_total < 0:
            move.invoice_line_ids.quantity = 1
        self._settle(move)

    def _settle(self, move):
        """Leave it as a draft, cancel it, or post it and pay some of it."""
        fate = self.random.random()
        if fate < 0.2:
            return
        if fate < 0.27:
            move.button_cancel()
            return
        move.action_post()
        if fate < 0.6 and move.move_type != "out_refund" and move.amount_total > 1:
            share = self.random.choice((0.3, 0.5, 1))
            amount = move.currency_id.round(move.amount_total * share)
            self.case.pay(move, amount, reconcile=self.random.random() < 0.8)
        elif fate < 0.65 and move.move_type == "out_invoice":
            reversal = move._reverse_moves([{"invoice_date": self.case.today}])
            reversal.invoice_line_ids[0].price_unit /= 2
            reversal.action_post()

    def _account(self):
        """A payment on account: of an invoice paid before, and cancelled then."""
        partner, company, currency = self._draw()
        move = self.case.make_invoice(
            self._price(currency), partner, company=company, currency_id=currency.id
        )
        self.case.pay(move, move.amount_total, reconcile=False)
        if self.random.random() < 0.5:
            move.button_draft()

    def _order(self):
        partner, company, currency = self._draw()
        draw, case = self.random, self.case
        order = case.make_quotation(
            1,
            partner,
            company=company,
            currency=currency,
            order_line=[
                Command.create(
                    {
                        "product_id": draw.choice((case.goods, case.service)).id,
                        "product_uom_qty": draw.choice((1, 3, 0.75, 12, -1, 0)),
                        "price_unit": self._price(currency),
                        "discount": draw.choice((0, 0, 12.5)),
                        "tax_ids": self._tax(company),
                    }
                )
                for _ in range(draw.randint(1, 3))
            ],
        )
        if draw.random() < 0.2 and order.amount_total > 1:
            self._take_off(order)
        if draw.random() < 0.1:
            return
        order.action_confirm()
        order.date_order = self._day(-100, 0)
        for line in order.order_line:
            line.qty_delivered = draw.choice((0, 0, 1, 5, -1))
        if draw.random() < 0.25:
            state = draw.choice(("authorized", "done", "pending"))
            amount = round(abs(order.amount_total) * draw.choice((0.2, 1)), 2)
            self._capture(case.make_transaction(order, amount, state))
        if draw.random() < 0.25 and order.amount_total > 1:
            self._ask_in_advance(order)
        if draw.random() < 0.6:
            self._bill(order)
        elif draw.random() < 0.1:
            order._action_cancel()

    def _take_off(self, order):
        """A discount of the whole order, by Odoo's window: a line for each tax."""
        self.case.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": self.random.choice((0.05, 0.333)),
            }
        ).action_apply_discount()

    def _capture(self, payment):
        """Some of it, void some, or give some back, as core's children."""
        draw, payment = self.random, payment.sudo()
        part = payment.currency_id.round(payment.amount / 3)
        if not part or draw.random() < 0.4:
            return
        if payment.state == "authorized":
            payment._create_child_transaction(part)._set_done()
            if draw.random() < 0.5:
                payment._create_child_transaction(part)._set_canceled()
        elif payment.state == "done":
            payment._create_child_transaction(part, is_refund=True)._set_done()

    def _ask_in_advance(self, order):
        """A down payment, sometimes of more than the order."""
        draw = self.random
        amount = order.currency_id.round(order.amount_total * draw.choice((0.3, 5)))
        wizard = self.case.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order.ids,
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        invoice = wizard._create_invoices(order)
        if draw.random() < 0.8:
            invoice.action_post()
            paid = order.currency_id.round(
                invoice.amount_total * draw.choice((0, 0.5, 1))
            )
            if paid:
                self.case.pay(invoice, paid)

    def _bill(self, order):
        """Invoice some of an order."""
        if not any(line.qty_to_invoice > 0 for line in order.order_line):
            return
        draw = self.random
        move = order._create_invoices(final=False)
        for line in move.invoice_line_ids:
            line.quantity *= draw.choice((1, 0.5, 0.25))
        if move.amount_total < 0:
            move.button_cancel()
            return
        self._settle(move)


class Reckoning:
    """What the cards of a ledger owe to a company, document by document.

    Amounts by card are kept apart: each company's is converted once.
    """

    def __init__(self, case, company, companies):
        self.case, self.company, self.companies = case, company, companies

    def of_customer(self, card, cards):
        """Components, debt, limits and verdict, alone or with the tax id's cards."""
        judged = cards if card.risk_by_vat else card
        total = defaultdict(float)
        for member in judged:
            for code, amount in self._of_card(member).items():
                total[code] += amount
        total["debt"] = sum(total.values())
        limits = {
            name: sum(judged.mapped(fname))
            for name, fname in (
                ("granted", "credit_limit"),
                ("internal", "internal_credit_limit"),
            )
        }
        compare = self.company.currency_id.compare_amounts
        total["exceeded"] = any(
            limit and compare(total["debt"], limit) > 0 for limit in limits.values()
        )
        return {**total, **limits}

    def _of_card(self, card):
        amounts = defaultdict(float)
        for company in self.companies:
            own = defaultdict(float)
            for code, amount in (
                *self._receivables(card, company),
                *self._drafts(card, company),
                *self._orders(card, company),
            ):
                own[code] += amount
            for code, amount in own.items():
                amounts[code] += company.currency_id._convert(
                    amount, self.company.currency_id, self.company, self.case.today
                )
        return amounts

    def _documents(self, model, card, company, *domain):
        return self.case.env[model].search(
            [
                ("partner_id.commercial_partner_id", "=", card.id),
                ("company_id", "=", company.id),
                *domain,
            ]
        )

    def _receivables(self, card, company):
        """From invoices and payments, whose own totals must agree."""
        for move in self._documents("account.move", card, company):
            if move.state != "posted":
                continue
            lines = move.line_ids.filtered(
                lambda li: li.account_id.account_type == "asset_receivable"
            )
            if move.move_type in SALES:
                left = sum(lines.mapped("amount_residual"))
                currency = company.currency_id
                self.case.assertFalse(
                    currency.compare_amounts(left, move.amount_residual_signed)
                )
            for line in lines:
                due = line.date_maturity or line.date
                code = "overdue" if due < self.case.today else "open"
                amount = line.amount_residual
                yield ("refund" if amount < 0 else code), amount

    def _drafts(self, card, company):
        for move in self._documents("account.move", card, company):
            if move.state == "draft" and move.move_type in SALES:
                yield "draft", move.amount_total_signed

    def _orders(self, card, company):
        for order in self._documents("sale.order", card, company):
            if order.state == "sale":
                left = self._left_of(order)
                paid = sum(map(self._paid_with, order.transaction_ids))
                # Floats leave half a cent a hair below it: SQL reckons in decimals.
                left = round(max(left - paid, min(left, 0)), 6)
                yield "order", company.currency_id.round(left / order.currency_rate)

    def _left_of(self, order):
        advances = order.order_line.filtered("is_downpayment")
        asked = received = 0.0
        for invoiced in advances.invoice_lines:
            move = invoiced.move_id
            if move.state != "cancel":
                asked += invoiced.price_total
                if move.state == "posted":
                    share = 1 - move.amount_residual / move.amount_total
                    received += invoiced.price_total * share
        if order.invoice_status == "invoiced":
            return -received
        left = sum(map(self._left_to_bill, order.order_line - advances))
        # An advance that is not paid is owed itself: it pays for the order at most.
        return max(left - asked, min(left, 0.0) - received)

    def _paid_with(self, payment):
        """Authorised and not captured or voided since, captured, or given back."""
        if payment.state == "pending":
            return 0.0
        parts = payment.child_transaction_ids
        refunds = parts.filtered(lambda tx: tx.operation == "refund")
        gone = sum((parts - refunds).mapped("amount"))
        captured = sum(
            (parts - refunds).filtered(lambda tx: tx.state == "done").mapped("amount")
        )
        return payment.amount - gone + captured + sum(refunds.mapped("amount"))

    def _left_to_bill(self, line):
        billed, money, is_billed = self._billed(line)
        ordered = wanted = line.product_uom_qty
        is_return = ordered < 0
        if line.product_id.invoice_policy == "delivery":
            # A return lowers the debt once the goods have come back.
            delivered = line.qty_delivered
            wanted = delivered if is_return else max(wanted, delivered)
        left = round(wanted - billed, 6)
        left = min(left, 0) if is_return else max(left, 0)
        if ordered:
            each = line.price_total / ordered
            rest = each * max(wanted, billed) - money
            if is_return or not is_billed or not left:
                return each * left
            return min(each * left, max(rest, 0))
        # Nothing was ordered, so the line has no total with tax: as it will be billed.
        bare = line.price_unit * (1 - line.discount / 100) * left
        added = line.tax_ids.filtered(lambda tax: not tax.price_include)
        tax = bare * sum(added.mapped("amount")) / 100
        return line.currency_id.round(bare) + line.currency_id.round(tax)

    def _billed(self, line):
        """Quantity and money; a note that gives back less than the goods cost gives
        back no goods."""
        live = [li for li in line.invoice_lines if li.move_id.state != "cancel"]
        sold = [li for li in live if li.move_type != "out_refund"]
        each = [li.price_total / li.quantity for li in sold if li.quantity]
        if not each and line.product_uom_qty:
            each = [line.price_total / line.product_uom_qty]
        quantity = sum(li.quantity for li in sold)
        money = sum(li.price_total for li in sold)
        for note in live:
            cheap = line.currency_id.rounding * 4
            if note not in sold and abs(note.price_total) > (
                abs(min(each, default=0) * note.quantity) - cheap - 1e-9
            ):
                quantity -= note.quantity
                money -= note.price_total
        return quantity, money, bool(live)
