import datetime
import random
from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

from .shop import SHOPS

# Who buys, and in how many months out of twelve.
_BUYERS = {
    "company_biobio": {
        "copihues": 10,
        "espiga": 3,
        "sonrisa": 2,
        "arbol": 3,
        "mirador": 2,
        "penon": 3,
        "santa_pena": 4,
        "nunez": 5,
        "nandu_maderas": 4,
        "bahia": 3,
        "caldillo": 2,
        "maria_jose_munoz": 1,
    },
    "company_onyar": {
        "ter_blau": 10,
        "cala": 4,
        "emporda_vins": 2,
        "emporda_restauracio": 3,
        "can_prova": 3,
        "barretina": 2,
        "propietaris": 2,
        "installacions": 5,
        "escola": 2,
        "jardins": 4,
        "optica": 2,
        "montserrat_puig": 1,
    },
}
# A hardware shop's year, January to December in the north; half a year later in Chile.
_SEASON = (0.6, 0.7, 1.0, 1.2, 1.4, 1.5, 1.2, 0.7, 1.1, 1.2, 1.0, 0.8)
_ARTICLES = (
    "cemento martillo llave sierra tornillos silicona ampolleta cable llave_paso"
    " escalera"
).split()
# What is still owed: days ago, in terms of 30 days, the part that was paid, article and
# quantity. Three are overdue, by 10, 40 and 100 days, and two are paid in part.
_OWED = {
    "company_biobio": {
        "copihues": (12, 0.5, "cemento", 80),
        "arbol": (40, 0, "escalera", 4),
        "santa_pena": (70, 0.4, "sierra", 12),
        "caldillo": (130, 0, "llave_paso", 20),
        "nunez": (8, 0, "llave", 6),
    },
    "company_onyar": {
        "ter_blau": (12, 0.5, "cemento", 120),
        "jardins": (40, 0, "escalera", 6),
        "installacions": (70, 0.4, "cable", 8),
        "barretina": (130, 0, "llave_paso", 25),
        "cala": (8, 0, "silicona", 40),
    },
}
_QUOTED = {
    "company_biobio": ("copihues", "espiga", "nunez"),
    "company_onyar": ("cala", "can_prova", "jardins"),
}
_ORDERED = {
    "company_biobio": ("bahia", "penon"),
    "company_onyar": ("ter_blau", "emporda_vins", "escola"),
}


class Demo(models.AbstractModel):
    """A year of sales in each shop, up to today."""

    _inherit = "xpyme.demo"

    @api.model
    def _load_sales(self):
        for name in SHOPS:
            # As much of an article is sold in both shops, whatever it is called.
            shop, chance = self._in_shop(name), random.Random(13)
            settled = shop._invoice_year(name, chance)
            shop._settle(settled)
            shop._owe(name, chance)
            shop._quote(name, chance)

    @api.model
    def _get_article(self, name, article):
        shop = name.removeprefix("company_")
        return self._ref(f"article_{shop}_{article}")

    @api.model
    def _get_seller(self, name, customer):
        return customer.user_id or self._ref(SHOPS[name][2])

    @api.model
    def _make_lines(self, name, chance, season=1.0):
        """One to three articles, more of them in the good months."""
        lines = []
        for article in chance.sample(_ARTICLES, chance.randint(1, 3)):
            product = self._get_article(name, article)
            most = 14 if article in ("cemento", "tornillos", "silicona") else 4
            quantity = max(1, round(chance.randint(1, most) * season))
            lines.append({"product_id": product.id, "quantity": quantity})
        return lines

    @api.model
    def _prepare_invoice(self, name, buyer, date, lines):
        customer = self._ref(f"customer_{buyer}")
        return {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "company_id": self.env.company.id,
            "invoice_date": date,
            "invoice_user_id": self._get_seller(name, customer).id,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }

    @api.model
    def _invoice(self, vals_list):
        """Posted in the order of their dates, as their numbers are."""
        vals_list.sort(key=lambda vals: vals["invoice_date"])
        invoices = self.env["account.move"].create(vals_list)
        invoices.action_post()
        return invoices

    # === A YEAR ===#

    @api.model
    def _invoice_year(self, name, chance):
        """What was sold and paid, from a year to two months ago."""
        today = fields.Date.context_today(self)
        half = 6 if name == "company_biobio" else 0
        vals_list = []
        for buyer, times in _BUYERS[name].items():
            months = chance.sample(range(2, 13), times)
            for month in sorted(months, reverse=True):
                date = today - relativedelta(months=month, days=chance.randint(0, 12))
                season = _SEASON[(date.month - 1 + half) % 12]
                lines = self._make_lines(name, chance, season)
                vals_list.append(self._prepare_invoice(name, buyer, date, lines))
        return self._invoice(vals_list)

    @api.model
    def _settle(self, invoices):
        """Each customer pays by bank at the end of a quarter what has fallen due."""
        by_quarter = defaultdict(invoices.browse)
        for invoice in invoices:
            due = invoice.invoice_date_due
            by_quarter[due.year, (due.month + 2) // 3] |= invoice
        today = fields.Date.context_today(self)
        for (year, quarter), due in sorted(by_quarter.items()):
            end = datetime.date(year, 3 * quarter, 28)
            self._pay(due, {"payment_date": min(end, today)})

    @api.model
    def _pay(self, invoices, vals):
        """One payment of each customer, for all of the invoices or, with an amount in
        ``vals``, for a part of one."""
        context = {
            "active_model": "account.move",
            "active_ids": invoices.ids,
            # Where OCA's batch payments are, a payment is in the books only if asked.
            "force_payment_move": True,
        }
        registers = self.env["account.payment.register"].with_context(**context)
        registers.create({"group_payment": True, **vals})._create_payments()

    # === WHAT IS OPEN ===#

    @api.model
    def _owe(self, name, chance):
        """Owed in part or whole, a draft, and goods that came back."""
        today = fields.Date.context_today(self)
        vals_list, shares = [], {}
        for buyer, (days, share, article, quantity) in _OWED[name].items():
            date = today - relativedelta(days=days)
            product = self._get_article(name, article)
            lines = [{"product_id": product.id, "quantity": quantity}]
            vals_list.append(self._prepare_invoice(name, buyer, date, lines))
            shares[vals_list[-1]["partner_id"]] = share
        invoices = self._invoice(vals_list)
        for invoice in invoices:
            if share := shares[invoice.partner_id.id]:
                amount = invoice.currency_id.round(invoice.amount_total * share)
                self._pay(invoice, {"amount": amount, "payment_date": today})
        self._credit(invoices[-1:])
        buyer = _QUOTED[name][0]
        lines = self._make_lines(name, chance)
        self.env["account.move"].create(
            [self._prepare_invoice(name, buyer, today, lines)]
        )

    @api.model
    def _credit(self, invoice):
        """One of the articles came back."""
        reason = "Devolución de un artículo"
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": reason})
        )
        action = reversal.refund_moves()
        credit_note = self.env["account.move"].browse(action["res_id"])
        credit_note.invoice_line_ids.quantity = 1
        credit_note.action_post()

    @api.model
    def _quote(self, name, chance):
        """Quotations that wait for an answer, and orders to be invoiced."""
        buyers = (*_QUOTED[name], *_ORDERED[name])
        orders = self.env["sale.order"]
        for number, buyer in enumerate(buyers):
            customer = self._ref(f"customer_{buyer}")
            lines = [
                Command.create(
                    {
                        "product_id": line["product_id"],
                        "product_uom_qty": line["quantity"],
                    }
                )
                for line in self._make_lines(name, chance)
            ]
            vals = {
                "partner_id": customer.id,
                "company_id": self.env.company.id,
                "user_id": self._get_seller(name, customer).id,
                "date_order": fields.Datetime.now() - relativedelta(days=2 * number),
                "order_line": lines,
            }
            orders += orders.create(vals)
        orders[1].action_quotation_sent()
        orders[len(_QUOTED[name]) :].action_confirm()
