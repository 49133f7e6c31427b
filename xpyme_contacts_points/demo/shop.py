from dateutil.relativedelta import relativedelta

from odoo import Command, api, models

# Who has settled the last year, and who earns points in a club besides.
_SETTLED = {
    "company_onyar": ("jardins", "optica", "escola"),
    "company_biobio": ("bahia", "penon"),
}
_EARNED = {"jardins": 240, "optica": 85}


class Demo(models.AbstractModel):
    """The shops have given vouchers for the months past; this month goes on."""

    _inherit = "xpyme.demo"

    @api.model
    def _load_points(self):
        for name, customers in _SETTLED.items():
            shop = self._in_shop(name)
            names = [f"customer_{customer}" for customer in customers]
            shop._settle_months(shop.env["res.partner"].union(*map(shop._ref, names)))
        shop = self._in_shop("company_onyar")
        program = shop._make_club()
        for customer, points in _EARNED.items():
            shop._earn(program, shop._ref(f"customer_{customer}"), points)

    @api.model
    def _settle_months(self, customers):
        """The last twelve, in which everybody bought; then this one is their period."""
        first = self.env.company._get_local_today().replace(day=1)
        past, ahead = relativedelta(years=1), relativedelta(months=1)
        day = relativedelta(days=1)
        customers.write(
            {
                "points_period_start": first - past,
                "points_period_end": first - day,
            }
        )
        customers._settle_points()
        customers.write(
            {
                "points_period_start": first,
                "points_period_end": first + ahead - day,
            }
        )

    @api.model
    def _make_club(self):
        """One point for each euro; 5,000 are 50 €."""
        return (
            self.env["loyalty.program"]
            .with_context(default_program_type="loyalty")
            .create(
                {
                    "name": "Club de puntos",
                    "company_id": self.env.company.id,
                    "rule_ids": [
                        Command.clear(),
                        Command.create({"reward_point_mode": "money"}),
                    ],
                    "reward_ids": [
                        Command.clear(),
                        Command.create(
                            {
                                "discount": 50,
                                "discount_mode": "per_order",
                                "required_points": 5000,
                            }
                        ),
                    ],
                }
            )
        )

    @api.model
    def _earn(self, program, customer, points):
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": customer.id, "points": points}
        )
        self.env["loyalty.history"].create(
            {"card_id": card.id, "issued": points, "description": "Saldo del club"}
        )
