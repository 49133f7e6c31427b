from uuid import uuid4

from odoo import Command, fields

from odoo.addons.xpyme_contacts_billing.tests.common import sell_in_own_currency
from odoo.addons.xpyme_contacts_pricing.tests.common import PriceCase


class TillCase(PriceCase):
    """A till with an open session, a cashier with no other right, and a customer.

    ``goods``: 52 a piece plus 21 %: 62.92.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        sell_in_own_currency(cls.env)
        cls.set_up_accounts()
        cls.goods = cls.make_article("Clavos", 52, cls.net_tax, available_in_pos=True)
        (cls.net_article | cls.taxed_article).available_in_pos = True
        cls.cashier = cls.make_user(
            "cashier", "base.group_user,point_of_sale.group_pos_user"
        )
        cls.cash = cls.make_method("Caja", "cash")
        cls.later = cls.make_method("A cuenta")
        cls.config = cls.make_till()

    @classmethod
    def set_up_accounts(cls):
        """What tickets are posted and invoiced with, in whatever chart there is."""
        cls.set_up_invoices()

    @classmethod
    def make_method(cls, name, kind=None):
        journal = kind and cls.env["account.journal"].create(
            {"name": name, "code": uuid4().hex[:5], "type": kind}
        )
        return cls.env["pos.payment.method"].create(
            {
                "name": name,
                "journal_id": journal and journal.id,
                "split_transactions": not kind,
            }
        )

    @classmethod
    def make_till(cls):
        config = cls.env["pos.config"].create(
            {
                "name": "Mostrador",
                "pricelist_id": cls.tariff_1.id,
                "available_pricelist_ids": [
                    Command.set((cls.tariff_1 | cls.tariff_2).ids)
                ],
                "use_pricelist": True,
                "invoice_journal_id": cls.journal.id,
                "payment_method_ids": [Command.set((cls.cash | cls.later).ids)],
            }
        )
        config.open_ui()
        config.current_session_id.set_opening_control(0, None)
        return config

    @classmethod
    def make_foreign_till(cls):
        """A till in a currency of which two are one of the company's."""
        currency = cls.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [Command.create({"rate": 2, "name": "2020-01-01"})],
            }
        )
        sold, invoiced = cls.env["account.journal"].create(
            [
                {
                    "name": name,
                    "code": uuid4().hex[:5],
                    "type": "sale",
                    "currency_id": currency.id,
                }
                for name in ("Tickets", "Facturas")
            ]
        )
        return cls.env["pos.config"].create(
            {
                "name": "Frontera",
                "journal_id": sold.id,
                "invoice_journal_id": invoiced.id,
                "payment_method_ids": [Command.set(cls.later.ids)],
                "use_pricelist": False,
            }
        )

    @classmethod
    def prepare_ticket(cls, customer=None, quantity=1, method=None, **vals):
        """What a till sends of a paid ticket of ``goods``."""
        net = 52 * quantity
        total = round(net * 1.21, 2)
        line = {
            "uuid": str(uuid4()),
            "product_id": cls.goods.id,
            "qty": quantity,
            "price_unit": 52,
            "price_subtotal": net,
            "price_subtotal_incl": total,
            "tax_ids": [Command.set(cls.net_tax.ids)],
            **vals.pop("line", {}),
        }
        payment = {
            "uuid": str(uuid4()),
            "amount": vals.get("amount_paid", total),
            "payment_date": fields.Datetime.now(),
            "payment_method_id": (method or cls.cash).id,
        }
        session = cls.config.current_session_id
        return {
            "uuid": str(uuid4()),
            "access_token": str(uuid4()),
            "name": "/",
            "pos_reference": "26-1-000001",
            "state": "paid",
            "session_id": session.id,
            "user_id": cls.cashier.id,
            "partner_id": (cls.customer if customer is None else customer).id,
            "pricelist_id": cls.tariff_1.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": total,
            "amount_tax": total - net,
            "amount_paid": total,
            "amount_return": 0,
            "to_invoice": False,
            "lines": [Command.create(line)],
            "payment_ids": [Command.create(payment)],
            **vals,
        }

    @classmethod
    def sell(cls, customer=None, user=None, **vals):
        """The ticket that the cashier's till sends, or that of another user's."""
        return cls.send(cls.prepare_ticket(customer, **vals), user)

    @classmethod
    def send(cls, data, user=None):
        orders = cls.env["pos.order"].with_user(user or cls.cashier)
        orders = orders.with_context(generate_pdf=False, config_id=cls.config.id)
        uuid, found = data["uuid"], orders.sync_from_ui([data])["pos.order"]
        ids = [row["id"] for row in found if row["uuid"] == uuid]
        return cls.env["pos.order"].browse(ids)

    @classmethod
    def get_entry(
        cls, products=None, user=None, pricelist=None, customer=None, till=None
    ):
        """What the till is told of the customer."""
        customer = (customer or cls.customer).with_user(user or cls.cashier)
        products = (cls.goods if products is None else products).ids
        pricelist = pricelist or cls.tariff_1
        config = till or cls.config
        return customer.get_pos_entry(config.id, pricelist.id, products)

    def get_activities(self, record=None):
        record = (record or self.customer).sudo()
        kind = self.env.ref("xpyme_contacts.activity_type_risk")
        return record.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def make_bosses(self):
        """Sales managers by language, to be told of what the cashier, who has the one
        of ``en_US``, sold."""
        self.env["res.lang"]._activate_lang("es_ES")
        bosses = {}
        for lang in ("en_US", "es_ES"):
            bosses[lang] = self.make_user(lang, "sales_team.group_sale_manager")
            bosses[lang].lang = lang
        self.cashier.lang = "en_US"
        return bosses

    def assertToldInOwn(self, bosses, english, spanish):
        for lang, words in (("en_US", english), ("es_ES", spanish)):
            told = self.get_activities().filtered(
                lambda one, boss=bosses[lang]: one.user_id == boss
            )
            self.assertIn(words, told.summary)
