"""Run by ``odoo shell``: give a database its country and, for Spain, its languages.

Chile's Spanish comes along for the demo's shop there: its localisation is translated
for America only.
"""

import os

from odoo.tools.translate import load_language

country = env["res.country"].search([("code", "=", os.environ["XPYME_COUNTRY"])])
company = env.ref("base.main_company")
company.country_id = country
# and what the family's addons for one country are built on
wanted = {"l10n_es", "l10n_cl", *os.environ["XPYME_ADDONS"].split(",")}
env["ir.module.module"].search(
    [("name", "in", sorted(wanted))]
).button_immediate_install()

# Installing replaced the registry: what is needed now is read anew.
env = env(user=env.ref("base.user_root"))
company = env.ref("base.main_company")
charts = env["account.chart.template"]
charts.try_loading(charts._guess_chart_template(country), company, install_demo=False)
if country.code == "ES":
    load_language(env.cr, "es_ES")
    load_language(env.cr, "es_CL")
    env["ir.default"].set("res.partner", "lang", "es_ES")
    env.ref("base.user_admin").write({"lang": "es_ES", "tz": "Europe/Madrid"})
    company.partner_id.lang = "es_ES"
env.cr.commit()
