from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

from ..models.offer.campaign import DONE
from ..models.offer.offer import READY
from ..tools.returned_mail import HARD
from ..tools.smtp_delivery import FAILED, SENT
from .shop import SHOPS

_SENDERS = {
    "company_biobio": "Ferretería Biobío <ofertas@biobio.example.com>",
    "company_onyar": "Ferretería Onyar <ofertas@onyar.example.com>",
}
# Campaigns of a shop: name, how many days ago it was sent (none: it waits for its
# approval), and the articles with how much of their price they cost.
_CAMPAIGNS = {
    "company_biobio": [
        ("Ofertas de invierno", 95, {"calefont": 0.9, "silicona": 0.85}),
        ("Semana del constructor", 30, {"cemento": 0.92, "sierra": 0.9}),
    ],
    "company_onyar": [
        ("Ofertas de temporada", 60, {"escalera": 0.9, "ampolleta": 0.8}),
        ("Semana del instalador", None, {"llave_paso": 0.88, "cable": 0.93}),
    ],
}
_FORMER_MAILBOXES = {
    "customer_copihues": "bodega@copihues.example.com",
    "customer_ter_blau": "magatzem@terblau.example.com",
}
_UNKNOWN = "550 5.1.1 <%s>: ese buzón no existe"


class Demo(models.AbstractModel):
    """Campaigns that were sent, without a mail leaving, and one that waits."""

    _inherit = "xpyme.demo"

    @api.model
    def _load_campaigns(self):
        for shop_name in SHOPS:
            shop = self._in_shop(shop_name)
            for name, days, articles in _CAMPAIGNS[shop_name]:
                vals = shop._prepare_campaign(shop_name, name, articles)
                campaign = self.env["xpyme.offer.campaign"].with_env(shop.env)
                campaign = campaign.with_user(self._ref("user_duena")).create(vals)
                campaign.action_prepare()
                if days:
                    shop._finish(campaign.sudo(), days)
        self._note_former_mailboxes()

    @api.model
    def _note_former_mailboxes(self):
        """Customers' mailboxes of before, from which mails came back."""
        self.env["xpyme.offer.suppression"].create(
            [
                {
                    "email": email,
                    "reason": HARD,
                    "answer": _UNKNOWN % email,
                    "partner_id": self._ref(customer).id,
                }
                for customer, email in _FORMER_MAILBOXES.items()
            ]
        )

    @api.model
    def _prepare_campaign(self, shop_name, name, articles):
        lines = []
        currency = self.env.company.currency_id
        for article, share in articles.items():
            product = self._get_article(shop_name, article)
            price = currency.round(product.list_price * share)
            vals = {"product_id": product.id, "price": price}
            lines.append(Command.create(vals))
        return {
            "name": name,
            "company_id": self.env.company.id,
            "user_id": self._ref("user_duena").id,
            "email_from": _SENDERS[shop_name],
            "subject": f"$1: {name.lower()}",
            "template_id": self._ref("offer_template_carta").id,
            "product_ids": lines,
        }

    @api.model
    def _finish(self, campaign, days):
        """As if it had been sent then: the last mailbox was not found."""
        begun = fields.Datetime.now() - relativedelta(days=days)
        ready = campaign.offer_ids.filtered(lambda offer: offer.state == READY)
        for number, offer in enumerate(ready.sorted("id")):
            sent_at = begun + relativedelta(seconds=3 * number)
            offer.write({"state": SENT, "sent_at": sent_at, "attempts": 1})
        failed = ready.sorted("id")[-1:]
        error = _UNKNOWN % failed.email
        failed.write({"state": FAILED, "sent_at": False, "error": error})
        campaign.write(
            {
                "state": DONE,
                "prepared_at": begun - relativedelta(hours=2),
                "approved_by_id": self._ref("user_duena").id,
                "approved_at": begun,
                "finished_at": begun + relativedelta(minutes=2),
            }
        )
