from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from odoo import Command, fields

from odoo.addons.xpyme_contacts.models.offer.post import OfferPost

from .common import CustomerCase


class FakeServer:
    """An SMTP session that answers as told and keeps what it accepted.

    ``answers``: by address a list of what happens to its mails, one after the other:
    a code, or ``lost`` (the connection breaks after the content) or ``early`` (before).
    A pair of code and text is the answer to the address; without a text it says that
    it refuses at once. ``on_sender`` and ``on_address`` give such a pair for any mail,
    or None. ``record`` is the ``ir.mail_server`` that it stands for.
    """

    from_filter = False
    smtp_from = False

    def __init__(self, answers=None, extensions=()):
        self.answers = {key: list(value) for key, value in (answers or {}).items()}
        self.mails, self.sessions, self.on_mail = [], 0, None
        self.on_sender = self.on_address = lambda address: None
        self.extensions, self.options, self.record = extensions, [], None
        self._to = self._next = None

    def has_extn(self, name):
        return name in self.extensions

    def mail(self, sender, options=()):
        self.options.append(tuple(options))
        return self.on_sender(sender) or (250, b"ok")

    def rcpt(self, address, options=()):
        self._to = address
        self.options.append(tuple(options))
        queue = self.answers.get(address)
        self._next = queue.pop(0) if queue else self.on_address(address) or 250
        if self._next == "early":
            raise ConnectionResetError("reset")
        if isinstance(self._next, tuple):
            code, text = self._next
            return code, text or b"refused at once"
        return 250, b"ok"

    def putcmd(self, _command):
        self._content = None

    def send(self, content):
        self._content = content

    def getreply(self):
        if self._content is None:
            return 354, b"go on"
        if self._next == "lost":
            self.mails.append((self._to, self._content))
            raise ConnectionResetError("lost")
        if self._next == 250:
            self.mails.append((self._to, self._content))
        if self.on_mail:
            self.on_mail(self._to)
        return self._next, b"answer"

    def rset(self):
        return 250, b"ok"

    def quit(self):
        pass

    @property
    def addresses(self):
        return [address for address, _content in self.mails]


class OfferCase(CustomerCase):
    """Articles, customers with offer lines, campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.email = "ofertas@ferreteria.example.com"
        # Nobody approves offers that cannot be left.
        cls.set_base("https://tienda.ferreteria.example.com")
        # These customers have bought nothing: only tests of the law ask for it.
        cls.company.offer_basis_required = False
        cls.paint = cls.make_product("Pintura", default_code="P1", list_price=20)
        cls.brush = cls.make_product("Brocha", default_code="B1", list_price=5)
        cls.acme = cls.make_customer("ACME & <Hijos>", email="acme@example.com")
        cls.beta = cls.make_customer("Beta", email="beta@example.com")
        cls.salesperson = cls.make_salesperson()
        cls.manager = cls.make_user("manager", "xpyme_contacts.group_offer_manager")
        cls.technician = cls.make_technician()
        # A database of tests has nobody who runs them, and is not told of it.
        lanes = cls.env["xpyme.offer.outbox"].sudo()._get_lanes()
        lanes.nextcall = fields.Datetime.now()

    @classmethod
    def set_base(cls, url):
        cls.env["ir.config_parameter"].set_param("web.base.url", url)

    @classmethod
    def make_product(cls, name, **vals):
        return cls.env["product.product"].create(
            {"name": name, "taxes_id": False, **vals}
        )

    @classmethod
    def add_line(cls, customer, product=None, **vals):
        vals = {"partner_id": customer.id, **vals}
        if product:
            vals["product_id"] = product.id
        return cls.env["xpyme.offer.line"].create(vals)

    @classmethod
    def make_campaign(cls, customers=None, margins=(), products=(), **vals):
        """:param margins: pairs; :param products: articles or values of rows"""
        rows = [{"product_id": p.id} if hasattr(p, "id") else p for p in products]
        if customers is not None:
            vals["partner_domain"] = repr([("id", "in", customers.ids)])
        return cls.env["xpyme.offer.campaign"].create(
            {
                "name": "Primavera",
                "subject": "Ofertas para $1",
                "email_from": "Ferretería <ofertas@ferreteria.example.com>",
                "margin_ids": [
                    Command.create({"min_quantity": quantity, "margin": margin})
                    for quantity, margin in margins
                ],
                "product_ids": [Command.create(row) for row in rows],
                **vals,
            }
        )

    @classmethod
    def sell(cls, customer, day, price=100, move_type="out_invoice"):
        # Without a tax id nobody is invoiced in a Chilean company.
        customer.vat = customer.vat or cls.OTHER_RUT
        invoice = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": customer.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": cls.paint.id, "price_unit": price, "tax_ids": []}
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def make_consent(cls, email="acme@example.com", user=None, **vals):
        consents = cls.env["xpyme.offer.consent"].with_user(user or cls.salesperson)
        return consents.create({"email": email, **vals})

    @classmethod
    def note_own(cls, email="acme@example.com", kind="withdrawn", **vals):
        """What a person said by their own hand, as the page notes it."""
        vals = {"email": email, "kind": kind, "source": "page", **vals}
        return cls.env["xpyme.offer.consent"].sudo().create(vals)

    def prepare(self, *arguments, **vals):
        campaign = self.make_campaign(*arguments, **vals)
        campaign.action_prepare()
        return campaign

    def get_prices(self, offer):
        return {
            (line.product_id, line.quantity): (line.price, line.origin)
            for line in offer.detail_ids
        }

    def get_prices_of_paint(self, campaign):
        """``{customer: (price, origin)}`` for one tin."""
        return {
            offer.partner_id: self.get_prices(offer)[self.paint, 1]
            for offer in campaign.offer_ids
        }

    def get_reasons(self, campaign):
        return {
            (offer.partner_id, offer.email): offer.skip_reason
            for offer in campaign.offer_ids
        }

    @contextmanager
    def outbox(self, server=None):
        """The outbox at work in this transaction, with a server that answers as told.

        ``run(lane=0)`` is what the scheduled action does.
        """
        server = server or FakeServer()

        def connect(post):
            server.sessions += 1
            post.server = post.server.browse(server.record and server.record.id)
            return server

        self.env.flush_all()
        # A test of pages is in this mode all the time.
        patched = type(self)._registry_patched
        with (
            patch.object(OfferPost, "connect", connect),
            nullcontext() if patched else self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            env = self.env(cr=cr, su=True)
            server.run = lambda lane=0: env["xpyme.offer.outbox"]._process_lane(lane)
            yield server
            env.flush_all()
        self.env.invalidate_all()


class ForgettingCase(OfferCase):
    """A customer whose name stands nowhere else, and who may forget them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls.make_user(
            "oficina", "base.group_partner_manager,sales_team.group_sale_salesman"
        )
        cls.acme.write({"name": "Rosalinda Quintanilla", "phone": "+34 972 99 01 77"})
