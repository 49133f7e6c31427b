from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Each shop, its chart of accounts, its language, and the user who sells in it.
SHOPS = {
    "company_biobio": ("cl", "es_CL", "user_duena"),
    "company_onyar": ("es_pymes", "es_ES", "user_vendedor"),
}
_ZONES = {"biobio": "America/Santiago", "onyar": "Europe/Madrid"}
_LETTERHEAD = {
    "company_biobio": ("Todo para su obra, en Concepción desde 1998", "#0b5e8a"),
    "company_onyar": ("Todo para su obra, en Girona desde 1998", "#a33b20"),
}


class Demo(models.AbstractModel):
    """What the demo's two shops have that files of records cannot say.

    Charts of accounts, and what depends on the day the demo is made. Called by the
    demo's files, and by nothing else; it gives the same shops each time.
    """

    _name = "xpyme.demo"
    _description = "Demo Shops"

    @api.model
    def _ref(self, name):
        return self.env.ref(f"xpyme_contacts.{name}")

    @api.model
    def _get_lang(self, code):
        """A language of the database to write in: the shop's, or what there is."""
        installed = [lang for lang, _name in self.env["res.lang"].get_installed()]
        spanish = [lang for lang in installed if lang.startswith("es")]
        return code if code in installed else (spanish or installed)[0]

    @api.model
    def _in_shop(self, name):
        """The demo as whoever works in a shop writes: its company, its language."""
        company = self._ref(name)
        return self.with_context(
            allowed_company_ids=company.ids,
            lang=self._get_lang(SHOPS[name][1]),
            tracking_disable=True,
        )

    @api.model
    def _hour(self, shop, days, hour):
        """An hour of the clock in a shop, days from its own today, in UTC.

        Around midnight the shops are at different days, and the server at a third.
        """
        zone = ZoneInfo(_ZONES[shop])
        there = datetime.now(zone) + relativedelta(
            days=days, hour=hour, minute=0, second=0, microsecond=0
        )
        return there.astimezone(UTC).replace(tzinfo=None)

    # === SHOP ===#

    @api.model
    def _set_up_shops(self):
        for name, (chart, lang, _seller) in SHOPS.items():
            company = self._ref(name)
            company.partner_id.lang = self._get_lang(lang)
            self._load_chart(chart, company)
            self._in_shop(name)._build_warehouse(company)
            own = Domain("company_id", "=", company.id)
            self.env["product.pricelist"].search(own).name = "Tarifa general"
            slogan, colour = _LETTERHEAD[name]
            company.write(
                {
                    "external_report_layout_id": self.env.ref(
                        "web.external_layout_standard"
                    ).id,
                    "report_header": slogan,
                    "primary_color": colour,
                    "secondary_color": "#444444",
                }
            )

    @api.model
    def _load_chart(self, code, company):
        """The chart of the shop's country, where its localisation is installed.

        Installing it from here would load modules while modules are loaded.
        """
        charts = self.env["account.chart.template"]
        module = charts._get_chart_template_mapping()[code]["module"]
        installed = self.env["ir.module.module"]._get(module).state != "uninstalled"
        currency = company.currency_id
        # ``try_loading`` warns of addons that are not loaded yet: those that bring
        # something to a chart are loaded before us.
        charts._load(code if installed else "generic_coa", company, install_demo=False)
        company.currency_id = currency

    @api.model
    def _build_warehouse(self, company):
        """Where the goods leave from, beside Odoo's Inventory.

        It makes a warehouse by itself for the first company only, and orders of goods
        need one.
        """
        if "stock.warehouse" in self.env:
            self.env["stock.warehouse"].create(
                {
                    "name": company.name,
                    "code": company.name[:5].upper(),
                    "company_id": company.id,
                    "partner_id": company.partner_id.id,
                }
            )

    @api.model
    def _set_up_users(self):
        """Each lands where they work; nobody is greeted by the robot of the chat."""
        customers = self._ref("xpyme_customer_action").id
        users = self._ref("user_duena") + self._ref("user_vendedor")
        admin = self.env.ref("base.user_admin")
        admin.lang = self._ref("user_duena").lang
        (users + admin).action_id = customers
        # A technician without a page of their own comes to their orders of today.
        technician = self._ref("user_tecnico")
        if "odoobot_state" in users._fields:
            (users + admin + technician).odoobot_state = "disabled"

    # === CUSTOMERS ===#

    @api.model
    def _get_customers(self, name):
        """The customer cards of a shop, in the order of their files."""
        domain = Domain("is_customer_card", "=", True)
        domain &= Domain("company_id", "=", self._ref(name).id)
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search(domain, order="id")

    @api.model
    def _set_up_customers(self):
        """Registered one to twelve years ago; ready to be invoiced."""
        today = fields.Date.context_today(self)
        for name in SHOPS:
            shop = self._in_shop(name)
            for number, customer in enumerate(shop._get_customers(name)):
                months = 13 + number * 37 % 130
                since = today - relativedelta(months=months, days=number % 27)
                customer.registration_date = since
            shop._set_up_fiscal_data(name)
            shop._set_up_language(name)

    @api.model
    def _set_up_language(self, name):
        customers = self._get_customers(name)
        (customers | customers.child_ids).lang = self._get_lang(SHOPS[name][1])

    @api.model
    def _forget_making(self):
        """The history of a card does not tell, in English, how the demo was made."""
        companies = [self._ref(name).id for name in SHOPS]
        partners = self.env["res.partner"].with_context(active_test=False)
        made = partners.search([("company_id", "in", companies)])
        domain = Domain("model", "=", "res.partner") & Domain("res_id", "in", made.ids)
        domain &= Domain("message_type", "=", "notification")
        self.env["mail.message"].search(domain).unlink()

    @api.model
    def _set_up_fiscal_data(self, name):
        """Chile: what an invoice needs of the shop and of its customers."""
        customers = self._get_customers(name)
        thirty = self.env.ref("account.account_payment_term_30days")
        customers.filtered("is_company").property_payment_term_id = thirty
        if name != "company_biobio" or "l10n_cl_sii_taxpayer_type" not in customers:
            return
        company = self.env.company.partner_id
        company.l10n_cl_sii_taxpayer_type = "1"
        rut = self.env.ref("l10n_cl.it_RUT")
        (company + customers).l10n_latam_identification_type_id = rut
        for customer in customers:
            is_firm = customer.is_company and customer.vat
            customer.l10n_cl_sii_taxpayer_type = "1" if is_firm else "3"
