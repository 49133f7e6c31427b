import json

from odoo.tests import HttpCase, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestWebApp(HttpCase, CustomerCase):
    """The program as an app that a browser installs."""

    def get_manifest(self, user=None):
        self.authenticate(user and user.login, user and user.login)
        answer = self.url_open("/web/manifest.webmanifest")
        self.assertEqual(answer.headers["Content-Type"], "application/manifest+json")
        return json.loads(answer.content)

    def get_shortcuts(self, user):
        shortcuts = self.get_manifest(user)["shortcuts"]
        ours = [s["url"] for s in shortcuts if "xpyme_contacts" in s["url"]]
        self.assertEqual(ours, [s["url"] for s in shortcuts][: len(ours)])
        return [url.removeprefix("/odoo/action-xpyme_contacts.") for url in ours]

    def test_app_has_name_icons_and_start_page(self):
        manifest = self.get_manifest(self.make_salesperson())
        self.assertEqual(manifest["name"], "Customers")
        self.assertEqual(manifest["display"], "standalone")
        self.assertTrue(manifest["start_url"].startswith(manifest["scope"]))
        sizes = {icon["sizes"] for icon in manifest["icons"]}
        self.assertEqual(sizes, {"192x192", "512x512"})
        for icon in manifest["icons"]:
            answer = self.url_open(icon["src"])
            self.assertEqual(answer.headers["Content-Type"], "image/png")

    def test_app_keeps_the_name_that_the_shop_has_given_it(self):
        self.env["ir.config_parameter"].set_param("web.web_app_name", "Mi tienda")
        self.assertEqual(self.get_manifest()["name"], "Mi tienda")

    def test_shortcuts_are_what_the_user_may_do(self):
        self.assertEqual(
            self.get_shortcuts(self.make_salesperson()),
            ["xpyme_customer_action/new", "xpyme_customer_action"],
        )
        self.assertEqual(
            self.get_shortcuts(self.make_technician()),
            ["xpyme_customer_action", "xpyme_my_orders_action"],
        )

    def test_stranger_is_told_no_shortcut(self):
        self.assertFalse(self.get_manifest()["shortcuts"])

    def test_first_page_of_a_technician_is_their_orders(self):
        for user, name in (
            (self.make_technician(), "xpyme_my_orders_action"),
            (self.make_salesperson(), False),
        ):
            self.authenticate(user.login, user.login)
            answer = self.make_jsonrpc_request("/web/session/get_session_info", {})
            action = name and self.env.ref(f"xpyme_contacts.{name}").id
            self.assertEqual(answer["home_action_id"], action)
