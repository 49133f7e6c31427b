from odoo.http import request

from odoo.addons.web.controllers import webmanifest

ICON = "/xpyme_contacts/static/description/app-{}.png"
ACTION = "/odoo/action-xpyme_contacts."


class WebManifest(webmanifest.WebManifest):
    """The program as an app of a telephone: customers first, or one's orders."""

    def _get_webmanifest(self):
        manifest = super()._get_webmanifest()
        # sudo: the name that the shop has given its app, read as core reads it.
        parameters = request.env["ir.config_parameter"].sudo()
        named = parameters.get_param("web.web_app_name")
        name = named or request.env._("Customers")
        icons = [
            {
                "src": ICON.format(size),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ]
        return {
            **manifest,
            # Who installed the app before our start page keeps the same app.
            "id": "/odoo",
            "name": name,
            "short_name": name,
            "start_url": "/odoo/start",
            "icons": icons,
        }

    def _get_shortcuts(self):
        """Ours before those of Odoo: a telephone shows three or four."""
        if not request.env.user._is_internal():
            return super()._get_shortcuts()
        env = request.env
        names = {
            "new": env._("New customer"),
            "find": env._("Find a customer"),
            "orders": env._("My orders"),
        }
        wanted = [
            (names["new"], "xpyme_customer_action/new", "res.partner", "create"),
            (names["find"], "xpyme_customer_action", "res.partner", "read"),
            (names["orders"], "xpyme_my_orders_action", "fsm.order", "read"),
        ]
        icon = {"src": ICON.format(192), "sizes": "192x192", "type": "image/png"}
        ours = [
            {"name": name, "url": ACTION + path, "icons": [icon]}
            for name, path, model, operation in wanted
            if request.env[model].has_access(operation)
        ]
        return ours + super()._get_shortcuts()

    def _icon_path(self):
        return ICON.format(192).removeprefix("/")
