"""Run in ``odoo shell``: make what browsers load before a first page asks for it."""
# ruff: noqa: F821 -- odoo shell provides env

SCRIPTS = (
    "bus.websocket_worker_assets",
    "web.assets_backend_lazy",
    "web.assets_emoji",
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
    "web.assets_web",
    "web.chartjs_lib",
    "web.fullcalendar_lib",
)
STYLES = (
    "web.assets_backend_lazy",
    "web.assets_frontend",
    "web.assets_web",
    "web.assets_web_print",
)

qweb = env["ir.qweb"]
for name in SCRIPTS:
    qweb._get_asset_bundle(name, css=False, js=True).js()
for name in STYLES:
    qweb._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
