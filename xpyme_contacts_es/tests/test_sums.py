import random
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from odoo import Command
from odoo.tests import tagged

from .common import SpanishCase

CENT = Decimal("0.01")
RECARGO = {21: Decimal("0.052"), 10: Decimal("0.014"), 4: Decimal("0.005")}
LINES_EACH = 5


def rounded(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def reckon(lines, mode, percent, forced):
    """What an invoice comes to, as one would do with paper and pencil: the sums of each
    rate are rounded once, in the end, as Odoo does by default.

    :param lines: rate, quantity, price and discount in percent, as Decimals
    :param mode: tuple of whether there is recargo, and None, "base" or "total"
    :return: without tax, VAT, recargo and IRPF
    """
    surcharge, irpf = mode
    bases = {}
    for rate, quantity, price, discount in lines:
        rate = forced or rate
        amount = quantity * price * (100 - discount) / 100
        bases[rate] = bases.get(rate, Decimal()) + amount
    vat = {rate: base * rate / 100 for rate, base in bases.items()}
    recargo = {
        rate: base * RECARGO[rate] if surcharge else Decimal()
        for rate, base in bases.items()
    }
    net = sum(bases.values())
    withheld = Decimal()
    if irpf:
        more = (*vat.values(), *recargo.values()) if irpf == "total" else ()
        withheld = (net + sum(more)) * percent / 100
    return (
        rounded(net),
        sum(map(rounded, vat.values())),
        sum(map(rounded, recargo.values())),
        rounded(withheld),
    )


class SumsCase(SpanishCase):
    LINES = 100

    def make_lines(self, chance):
        return [
            (
                chance.choice((21, 10, 4)),
                Decimal(chance.randint(1, 400)) / chance.choice((1, 10)),
                Decimal(chance.randint(1, 99999)) / 100,
                Decimal(chance.choice((0, 0, 5, 12.5))),
            )
            for _number in range(LINES_EACH)
        ]

    def make_document(self, kind, lines):
        return self.make_invoice(
            move_type=kind,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.articles[rate].id,
                        "quantity": float(quantity),
                        "price_unit": float(price),
                        "discount": float(discount),
                    }
                )
                for rate, quantity, price, discount in lines
            ],
        )

    def get_sums(self, document):
        lines = document.line_ids.filtered("tax_line_id")
        found = {"sujeto": 0, "recargo": 0, "retencion": 0}
        for line in lines:
            found[line.tax_line_id.l10n_es_type] += line.balance
        sign = -1 if document.move_type == "out_invoice" else 1
        vat, recargo, withheld = (sign * found[kind] for kind in found)
        sums = (document.amount_untaxed, vat, recargo, -withheld)
        return tuple(rounded(Decimal(str(round(amount, 6)))) for amount in sums)

    def check_sums(self):
        chance = random.Random(15)
        modes = [*product((True, False), (None, "base", "total"))]
        kinds = [
            *product(modes, (7, 15, 19), (False, 10), ("out_invoice", "out_refund"))
        ]
        for number in range(self.LINES // LINES_EACH):
            mode, percent, forced, kind = chance.choice(kinds)
            self.customer.write(
                {
                    "equivalence_surcharge": mode[0],
                    "irpf_percent": percent if mode[1] else 0,
                    "irpf_base": mode[1] or False,
                    "forced_tax_id": self.vat[forced].id if forced else False,
                }
            )
            lines = self.make_lines(chance)
            document = self.make_document(kind, lines)
            wanted = reckon(lines, mode, percent, forced)
            with self.subTest(number=number, mode=mode, percent=percent, lines=lines):
                self.assertEqual(self.get_sums(document), wanted)
                net, vat, recargo, withheld = wanted
                total = float(net + vat + recargo - withheld)
                self.assertAlmostEqual(document.amount_total, total, 2)


@tagged("post_install", "-at_install")
class TestSums(SumsCase):
    """Invoices and credit notes to the cent, against a reckoning of its own."""

    def test_sums(self):
        self.check_sums()


@tagged("post_install", "-at_install", "long")
class TestManySums(SumsCase):
    LINES = 2000

    def test_sums_of_many(self):
        self.check_sums()
