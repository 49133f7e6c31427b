from datetime import timedelta

from odoo import Command, fields

from .common import CustomerCase


class RiskCase(CustomerCase):
    """Factories of invoices, payments and orders, in a company of one's own in euros:
    2 USD are 1 EUR, and 1,000 CLP too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eur, cls.usd, cls.clp = (
            cls.env.ref(f"base.{name}") for name in ("EUR", "USD", "CLP")
        )
        (cls.eur | cls.usd | cls.clp).active = True
        cls.company = cls._make_company("Comercial Ñuble", cls.eur)
        cls._make_rates(cls.company, {cls.usd: 2, cls.clp: 1000})
        cls.Partner = cls.Partner.with_context(
            allowed_company_ids=[cls.company.id], lang="en_US"
        )
        cls.env = cls.Partner.env
        cls.today = fields.Date.context_today(cls.Partner)
        cls.goods, cls.service = cls.env["product.product"].create(
            [
                {"name": "Goods", "invoice_policy": "order", "taxes_id": False},
                {"name": "Visit", "invoice_policy": "delivery", "taxes_id": False},
            ]
        )
        cls.pricelists = {
            currency: cls.env["product.pricelist"].create(
                {"name": currency.name, "currency_id": currency.id, "company_id": False}
            )
            for currency in (cls.eur, cls.usd, cls.clp)
        }
        cls.customer = cls.make_customer(vat="76086428-5")

    @classmethod
    def make_other_company(cls):
        """One that keeps its books in dollars, for who needs two: a chart of accounts
        takes seconds."""
        company = cls._make_company("Ñuble Overseas", cls.usd)
        cls._make_rates(company, {cls.eur: 0.5, cls.clp: 500})
        return company

    @classmethod
    def _make_company(cls, name, currency):
        company = cls.env["res.company"].create(
            {"name": name, "currency_id": currency.id, "country_id": cls.spain.id}
        )
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
        company.currency_id = currency
        return company

    @classmethod
    def make_branch(cls):
        return cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )

    @classmethod
    def _make_rates(cls, company, rates):
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "company_id": company.id,
                    "name": "2020-01-01",
                    "rate": rate,
                }
                for currency, rate in rates.items()
            ]
        )

    @classmethod
    def make_invoice(
        cls, amount, customer=None, due=30, post=True, company=None, **vals
    ):
        """An invoice, or what ``move_type`` says, without tax.

        :param due: days from today
        """
        company = company or cls.company
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (customer or cls.customer).id,
                    "company_id": company.id,
                    "invoice_date": cls.today - timedelta(days=60),
                    "invoice_date_due": cls.today + timedelta(days=due),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                    **vals,
                }
            )
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def make_refund(cls, amount, customer=None, **vals):
        return cls.make_invoice(amount, customer, move_type="out_refund", **vals)

    @classmethod
    def pay(cls, invoice, amount, reconcile=True):
        """A payment of part of an invoice, or on account."""
        journal = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", invoice.company_id.id)], limit=1
        )
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.commercial_partner_id.id,
                "amount": amount,
                "currency_id": invoice.currency_id.id,
                "journal_id": journal.id,
            }
        )
        # OCA's batch payments reckon one that is given on creation again.
        account = cls._get_outstanding_account(invoice.company_id)
        payment.outstanding_account_id = account
        payment.action_post()
        if reconcile:
            lines = (invoice | payment.move_id).line_ids
            lines.filtered(
                lambda li: li.account_type == "asset_receivable" and not li.reconciled
            ).reconcile()
        return payment

    @classmethod
    def _get_outstanding_account(cls, company):
        accounts = cls.env["account.account"].with_company(company)
        code = "999001"
        found = accounts.search(
            [("code", "=", code), ("company_ids", "in", company.id)]
        )
        return found or accounts.create(
            {
                "code": code,
                "name": "Outstanding",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [Command.set(company.ids)],
            }
        )

    @classmethod
    def make_sale(cls, amount, customer=None, quantity=1, product=None, **vals):
        """A confirmed order of ``quantity`` at ``amount`` each, without tax.

        :param vals: with ``company`` and ``currency``, by default ``cls.company``'s
        """
        order = cls.make_quotation(amount, customer, quantity, product, **vals)
        order.action_confirm()
        return order

    @classmethod
    def make_quotation(cls, amount, customer=None, quantity=1, product=None, **vals):
        company = vals.pop("company", cls.company)
        currency = vals.pop("currency", company.currency_id)
        return (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": (customer or cls.customer).id,
                    "company_id": company.id,
                    "pricelist_id": cls.pricelists[currency].id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.goods).id,
                                "product_uom_qty": quantity,
                                "price_unit": amount,
                                "tax_ids": False,
                            }
                        )
                    ],
                    **vals,
                }
            )
        )

    @classmethod
    def make_transaction(cls, order, amount, state):
        """An online payment of an order."""
        provider = cls.env["payment.provider"].create(
            {"name": "Card", "company_id": order.company_id.id}
        )
        provider.support_manual_capture = "full_only"
        return cls.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": cls.env["payment.method"]
                .with_context(active_test=False)
                .search([], limit=1)
                .id,
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": state,
            }
        )

    @classmethod
    def set_limits(cls, customer, granted=0.0, internal=0.0, **vals):
        customer.with_company(cls.company).write(
            {"credit_limit": granted, "internal_credit_limit": internal, **vals}
        )

    def get_amounts(self, customer=None, company=None):
        customer = customer or self.customer
        return customer._get_risk_amounts(company or self.company)[customer.id]

    def assertAmounts(self, customer=None, company=None, **expected):
        """``expected`` are the components that are not zero, and the debt."""
        found = self.get_amounts(customer, company)
        self.assertEqual(
            {code: amount for code, amount in found.items() if amount}, expected
        )

    @classmethod
    def make_risk_user(cls, login, groups="sales_team.group_sale_salesman_all_leads"):
        """Of ``cls.company``; by default a salesperson without accounting rights."""
        user = cls.make_user(login, groups)
        user.write(
            {
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        return user


class JudgedCase(RiskCase):
    """A salesperson and a risk manager, two customers with limits: ``rich`` and, with
    little, ``customer``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_salesman_all_leads,base.group_partner_manager"
        cls.salesperson = cls.make_risk_user("sales", groups)
        cls.manager = cls.make_risk_user(
            "risk", f"{groups},xpyme_contacts.group_risk_manager"
        )
        cls.rich = cls.make_customer("Rich", vat="12345678-5")
        cls.set_limits(cls.rich, 1000000, 2000000)
        cls.set_limits(cls.customer, 50, 60)
