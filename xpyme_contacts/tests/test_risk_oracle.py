import random

from odoo import Command
from odoo.tests import tagged

from .risk_common import RiskCase
from .risk_ledger import Ledger, Reckoning

CODES = ("open", "overdue", "refund", "draft", "order", "debt")


class OracleCase(RiskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.make_other_company()
        for company in (cls.company, cls.other_company):
            # The rate of an order's day is not the one of today.
            currencies = (cls.eur | cls.usd | cls.clp) - company.currency_id
            for currency in currencies:
                rate = cls.env["res.currency.rate"].search(
                    [("company_id", "=", company.id), ("currency_id", "=", currency.id)]
                )
                rate.copy(
                    {
                        "name": cls.today.replace(day=1),
                        "rate": rate.rate * 1.0731,
                    }
                )
        cls.taxes = {
            company: cls.env["account.tax"].create(
                [
                    {
                        "name": f"21 % {included}",
                        "amount": 21,
                        "price_include_override": included,
                        "company_id": company.id,
                        "country_id": company.account_fiscal_country_id.id,
                    }
                    for included in ("tax_included", "tax_excluded")
                ]
            )
            for company in (cls.company, cls.other_company)
        }
        cls.terms = cls.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((33.33, 0), (33.33, 60), (33.34, 120))
                ],
            }
        )

    def judge(self, seed):
        """One random ledger, in both companies and over both of them."""
        ledger = Ledger(self, random.Random(seed))
        self.env.flush_all()
        # Nothing is committed, so nobody keeps the statistics; core's own query of
        # the invoices of payments would walk through all ledgers for each of them.
        self.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_partial_reconcile,"
            " account_payment, sale_order, sale_order_line"
        )
        self.env.invalidate_all()
        for company in ledger.companies:
            for together in (False, True):
                company.risk_all_companies = together
                companies = ledger.companies if together else company
                reckoning = Reckoning(self, company, companies)
                self._judge_cards(ledger.cards.with_company(company), reckoning, seed)
            company.risk_all_companies = False

    def _judge_cards(self, cards, reckoning, seed):
        figures = cards._get_risk_figures(reckoning.company)
        for card in cards:
            expected = reckoning.of_customer(card, cards)
            found = figures[card.id]
            names = (*CODES, "granted", "internal")
            self.assertEqual(
                {name: round(found[name] or 0, 2) for name in names},
                {name: round(expected.get(name, 0), 2) + 0.0 for name in names},
                f"seed {seed}, {card.name} for {reckoning.company.name}",
            )
            self.assertEqual(found["exceeded"], expected["exceeded"], f"seed {seed}")


@tagged("post_install", "-at_install")
class TestRiskOracle(OracleCase):
    """Our figures equal those of Odoo's own documents, cent for cent."""

    def test_random_ledgers(self):
        for seed in (*range(2), 46, 201, 214, 325, 398, 405, 482):
            with self.subTest(seed=seed):
                self.judge(seed)


@tagged("post_install", "-at_install", "long")
class TestRiskOracleLong(OracleCase):
    """The same in 500 cases."""

    def test_five_hundred_random_ledgers(self):
        for seed in range(500):
            with self.subTest(seed=seed):
                self.judge(seed)
