import random
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from odoo import Command
from odoo.tests import tagged

from .common import SpanishCase

CENT = Decimal("0.01")
RECARGO = {
    21: Decimal("0.052"),
    10: Decimal("0.014"),
    4: Decimal("0.005"),
    0: Decimal(),
}
CARRIED_IRPF = 15
LINES_EACH = 5


def rounded(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass
class Agreement:
    """What a customer agreed, in the words of the card: the position chosen by hand is
    "recargo", an IRPF of 7 % or none."""

    surcharge: bool
    irpf: str | None
    percent: int
    forced: int
    position: str | None
    canary: bool

    @classmethod
    def choose(cls, chance):
        canary = chance.random() < 0.2
        return cls(
            surcharge=not canary and chance.random() < 0.5,
            irpf=chance.choice((None, "base", "total")),
            percent=chance.choice((7, 15, 19)),
            forced=0 if canary else chance.choice((0, 0, 10, 21)),
            position=None if canary else chance.choice((None, "recargo", "irpf7")),
            canary=canary,
        )


@dataclass
class Line:
    """``rate`` 0 is exempt; ``carried`` is what its article has beside VAT."""

    rate: int
    quantity: Decimal
    price: Decimal
    discount: Decimal
    carried: str | None

    @classmethod
    def choose(cls, chance, agreement):
        rate = chance.choice((21, 21, 10, 4, 0))
        carried = [None, None]
        if agreement.position != "irpf7":
            carried.append("irpf")
        if rate and not agreement.canary:
            carried.append("recargo")
        return cls(
            rate,
            Decimal(chance.randint(1, 400)) / chance.choice((1, 10)),
            Decimal(chance.randint(1, 99999)) / 100,
            Decimal(chance.choice((0, 0, 5, 12.5))),
            chance.choice(carried),
        )


def reckon(lines, agreement):
    """What an invoice comes to, as one would do with paper and pencil: the sums of each
    rate are rounded once, in the end, as Odoo does by default.

    :return: without tax, VAT, recargo and IRPF
    """
    bases, surcharged, withheld = {}, {}, Decimal()
    shops = agreement.surcharge or agreement.position == "recargo"
    for line in lines:
        amount = line.quantity * line.price * (100 - line.discount) / 100
        rate = line.rate and (agreement.forced or line.rate)
        rate = 0 if agreement.canary else rate
        bases[rate] = bases.get(rate, Decimal()) + amount
        if shops or line.carried == "recargo":
            surcharged[rate] = surcharged.get(rate, Decimal()) + amount
        if not agreement.irpf and line.carried == "irpf":
            withheld += amount * CARRIED_IRPF / 100
        if not agreement.irpf and agreement.position == "irpf7" and line.rate:
            # the chart's position withholds nothing from what is exempt
            withheld += amount * 7 / 100
    net = sum(bases.values())
    vat = [base * rate / 100 for rate, base in bases.items()]
    recargo = [base * RECARGO[rate] for rate, base in surcharged.items()]
    if agreement.irpf:
        more = (*vat, *recargo) if agreement.irpf == "total" else ()
        withheld = (net + sum(more)) * agreement.percent / 100
    return (
        rounded(net),
        sum(map(rounded, vat)),
        sum(map(rounded, recargo)),
        rounded(withheld),
    )


class SumsCase(SpanishCase):
    LINES = 200

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.canary = cls.env.ref("base.state_es_gc")
        cls.mainland = cls.env.ref("base.state_es_gi")
        names = {21: "s_req52", 10: "s_req014", 4: "s_req05"}
        articles = {**cls.articles, 0: cls.exempt}
        cls.carrying = {}
        for rate, article in articles.items():
            cls.carrying[rate, None] = article
            taxes = article.taxes_id
            withheld = taxes | cls.get_tax("s_irpf15")
            cls.carrying[rate, "irpf"] = cls.make_article("Asesoría", withheld)
            if rate:
                shop = taxes | cls.get_tax(names[rate])
                cls.carrying[rate, "recargo"] = cls.make_article("Tienda", shop)

    def make_document(self, kind, lines, customer):
        return self.make_invoice(
            customer=customer,
            move_type=kind,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.carrying[line.rate, line.carried].id,
                        "quantity": float(line.quantity),
                        "price_unit": float(line.price),
                        "discount": float(line.discount),
                    }
                )
                for line in lines
            ],
        )

    def agree(self, agreement):
        """On a card of its own: one in the Canaries had no recargo before."""
        forced, position = agreement.forced, agreement.position
        return self.make_customer(
            vat=False,
            state_id=(self.canary if agreement.canary else self.mainland).id,
            zip=False,
            equivalence_surcharge=agreement.surcharge,
            irpf_percent=agreement.percent if agreement.irpf else 0,
            irpf_base=agreement.irpf or False,
            forced_tax_id=self.vat[forced].id if forced else False,
            property_account_position_id=position and self.ref(f"fp_{position}").id,
        )

    def get_sums(self, document):
        lines = document.line_ids.filtered("tax_line_id")
        found = {"sujeto": 0, "recargo": 0, "retencion": 0}
        for line in lines:
            kind = line.tax_line_id.l10n_es_type
            found[kind] = found.get(kind, 0) + line.balance
        sign = -1 if document.move_type == "out_invoice" else 1
        kinds = ("sujeto", "recargo", "retencion")
        vat, recargo, withheld = (sign * found[kind] for kind in kinds)
        sums = (document.amount_untaxed, vat, recargo, -withheld)
        return tuple(rounded(Decimal(str(round(amount, 6)))) for amount in sums)

    def keep_statistics(self):
        """Nothing is committed, so nobody else does: core's own query of what pays an
        invoice would walk through all of them."""
        self.env.flush_all()
        self.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_partial_reconcile"
        )

    def check_sums(self):
        chance = random.Random(15)
        for number in range(self.LINES // LINES_EACH):
            agreement = Agreement.choose(chance)
            lines = [Line.choose(chance, agreement) for _line in range(LINES_EACH)]
            kind = chance.choice(("out_invoice", "out_refund"))
            if not number % 20:
                self.keep_statistics()
            document = self.make_document(kind, lines, self.agree(agreement))
            wanted = reckon(lines, agreement)
            with self.subTest(number=number, agreement=agreement, lines=lines):
                self.assertEqual(self.get_sums(document), wanted)
                net, vat, recargo, withheld = wanted
                total = float(net + vat + recargo - withheld)
                self.assertAlmostEqual(document.amount_total, total, 2)
                self.assertFalse(document.customer_taxes_changed)


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
