from odoo import Command, api, models

# Each shop: its till, how it is paid, and whose loyalty card is at hand.
_TILLS = {
    "company_onyar": ("Mostrador", "Caja", "A cuenta", "ter_blau", "2299887766"),
    "company_biobio": ("Mesón", "Caja", "A cuenta", "copihues", "2299887773"),
}


class Demo(models.AbstractModel):
    """Each shop has a till, where its articles are sold."""

    _inherit = "xpyme.demo"

    @api.model
    def _load_tills(self):
        for name, (title, cash, later, buyer, card) in _TILLS.items():
            shop = self._in_shop(name)
            shop._make_till(title, cash, later)
            shop._sell_at_till(name)
            shop.env["xpyme.alternative.code"].create(
                {"name": card, "partner_id": shop._ref(f"customer_{buyer}").id}
            )

    @api.model
    def _make_till(self, title, cash, later):
        journal = self.env["account.journal"].create(
            {
                "name": f"{cash} {title}",
                "code": "TPV",
                "type": "cash",
                "company_id": self.env.company.id,
            }
        )
        methods = self.env["pos.payment.method"].create(
            [
                {"name": cash, "journal_id": journal.id},
                {"name": later, "split_transactions": True},
            ]
        )
        return self.env["pos.config"].create(
            {
                "name": title,
                "company_id": self.env.company.id,
                "payment_method_ids": [Command.set(methods.ids)],
            }
        )

    @api.model
    def _sell_at_till(self, name):
        """The shop's articles that it keeps."""
        shop = name.removeprefix("company_")
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "xpyme_contacts"),
                ("model", "=", "product.product"),
                ("name", "=like", f"article_{shop}_%"),
            ]
        )
        articles = self.env["product.product"].browse(data.mapped("res_id"))
        articles.filtered("sale_ok").available_in_pos = True
