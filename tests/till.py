"""A session of Odoo's Point of Sale in Chromium, as its cashier works in it."""

import json
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from playwright.sync_api import expect

from tests.browser import Browser, catalogues

HERE = Path(__file__).parent
FURNISH = HERE / "in_shell" / "furnish_till.py"
HELPERS = HERE / "in_page" / "till.js"
TELL = """
import json

print("TILL " + json.dumps(made))
env.cr.commit()
"""
TABLET = {"viewport": {"width": 1024, "height": 768}}
DIALOG = ".modal-dialog"


@contextmanager
def open_shop(lab, more=""):
    """A database with a till, and its server.

    :param more: code that makes more, and notes it in ``made``
    """
    code = FURNISH.read_text() + more + TELL
    with lab.database("till", template="family_es") as db:
        told = lab.shell(db, code).splitlines()
        line = next(line for line in told if line.startswith("TILL "))
        made = json.loads(line.removeprefix("TILL "))
        with lab.server(db) as server:
            browser = Browser(lab.chromium, server.url, catalogues(lab))
            connection = lab.connect(db)
            connection.autocommit = True
            yield SimpleNamespace(
                db=db, server=server, browser=browser, connection=connection, **made
            )
            connection.close()
            browser.close()


@contextmanager
def open_offline(shop, config=None):
    """The cashier's page, whose network can be cut: ``cut(True)``."""
    context = shop.browser.chromium.new_context(locale="es-ES", **TABLET)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{shop.server.url}/web/login")
    page.fill("#login", "cajera")
    page.fill("#password", "cajera")
    page.click("button[type=submit]")
    page.wait_for_selector(".o_web_client, .pos")
    till = Till(page, shop, config).open()
    till.cut = context.set_offline
    till.begin()
    yield till
    context.set_offline(False)
    context.close()


class Till:
    """A page in an open session, of the shop's till or another one."""

    def __init__(self, page, shop, config=None):
        self.page, self.shop = page, shop
        self.config = config or shop.config
        self.cash = "Caja"

    def open(self):
        self.page.goto(f"{self.shop.server.url}/pos/ui/{self.config}")
        opening = self.page.get_by_role("button", name="Abrir caja registradora")
        screen = self.page.locator(".product-screen")
        expect(opening.or_(screen).first).to_be_visible(timeout=120_000)
        if opening.is_visible():
            opening.click()
        expect(screen).to_be_visible()
        self.page.evaluate(HELPERS.read_text())
        return self

    def do(self, code, *values):
        """Run ``code``, in which ``args`` are the values."""
        return self.page.evaluate(f"async (args) => {{ {code} }}", list(values))

    def begin(self):
        self.do("till.begin()")

    def customer(self, name):
        return self.shop.customers[name]

    def choose(self, name):
        """Choose a customer; a dialog is left for the test to read."""
        self.do("till.choose(args[0]); await till.settled();", self.customer(name))

    def ring(self, *names):
        ids = [self.shop.articles[name] for name in names]
        self.do("await till.ring(...args)", *ids)

    def settle(self, quotation):
        """Put an order on the ticket, as the till's list of orders does."""
        self.do(
            """const order = await posmodel._getSaleOrder(args[0]);
               till.order.setPartner(order.partner_id);
               await posmodel.settleSO(order, undefined);
               await till.settled();""",
            quotation,
        )

    def scan(self, code):
        self.do("till.scan(args[0]); await till.settled();", code)

    @property
    def lines(self):
        return self.do("await till.settled(); return till.lines()")

    @property
    def prices(self):
        return [
            (round(one["price"], 6), round(one["discount"] or 0, 6))
            for one in self.lines
        ]

    @property
    def total(self):
        return self.do("return till.total")

    @property
    def partner(self):
        return self.do("return till.order.partner_id?.id")

    @property
    def uuid(self):
        return self.do("return till.order.uuid")

    def dialog(self, *words):
        """The dialog with these words; there is one, and it is closed."""
        dialog = self.page.locator(DIALOG)
        expect(dialog).to_have_count(1)
        for word in words:
            expect(dialog).to_contain_text(word)
        dialog.locator("footer button, .modal-footer button").first.click()
        expect(dialog).to_have_count(0)

    def pay(self, method="Caja"):
        """To the payment screen, a method, and validate."""
        self.do("posmodel.pay()")
        screen = self.page.locator(".payment-screen")
        expect(screen).to_be_visible()
        screen.locator(".paymentmethod", has_text=method).first.click()
        self.page.locator(".payment-screen .next:visible").first.click()

    def row(self, uuid, *columns):
        """The ticket's columns in the database."""
        with self.shop.connection.cursor() as cursor:
            names = ", ".join(columns)
            cursor.execute(f"SELECT {names} FROM pos_order WHERE uuid = %s", [uuid])
            return cursor.fetchone()

    def write(self, statement, *values):
        """Change a customer meanwhile, as the office does."""
        with self.shop.connection.cursor() as cursor:
            cursor.execute(statement, values)

    # === WITHOUT CONNECTION ===#

    def pay_without_connection(self):
        """The till says that it has no connection as soon as it has noticed."""
        self.page.wait_for_timeout(2000)
        self.read_what_is_told()
        if self.total:
            self.page.locator(".paymentmethod", has_text=self.cash).first.click()
        button = self.page.locator(".payment-screen .validation-button:visible")
        button.first.click()
        expect(self.page.locator(".receipt-screen")).to_be_visible()
        self.read_what_is_told()

    def read_what_is_told(self):
        told = self.page.locator(DIALOG).locator("footer button")
        while told.count():
            told.first.click()
            self.page.wait_for_timeout(500)

    def reconnect(self, uuid, closed=False):
        """The network is there again, and a ticket is sent; of a tab that was closed
        meanwhile, by another one."""
        self.cut(False)
        if closed:
            self.open()
        self.do(
            """posmodel.data.network.offline = false;
               const order = posmodel.models["pos.order"].getBy("uuid", args[0]);
               if (!order.isSynced) {
                   posmodel.addPendingOrder([order.id]);
                   await posmodel.syncAllOrders({ orders: [order] });
               }""",
            uuid,
        )

    def count_told(self, customer, word):
        """Activities on the customer's card that say a word."""
        with self.shop.connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM mail_activity WHERE res_model = 'res.partner'"
                " AND res_id = %s AND summary LIKE %s",
                [customer, f"%{word}%"],
            )
            return cursor.fetchone()[0]
