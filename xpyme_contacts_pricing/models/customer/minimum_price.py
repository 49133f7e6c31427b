from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

# With another one of these a row says another minimum, or of somebody else.
_MINIMUM_OF = {"min_price", "partner_id", "product_id", "company_id"}
# With another one of these the prices of another customer may hold.
_CUSTOMER_OF = {"parent_id", "is_company"}


class ResUsers(models.Model):
    _inherit = "res.users"

    def _is_sales_administrator(self):
        """Whether the person may sell for less than a minimum price, and lower it."""
        self.ensure_one()
        is_program = self.id == SUPERUSER_ID
        return is_program or self.has_group("sales_team.group_sale_manager")


class CustomerPrice(models.Model):
    """Minimum prices: everybody who keeps prices raises them, few lower them.

    What held before is compared with what holds after, whoever's rights the code uses.
    """

    _inherit = "xpyme.customer.price"

    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create(vals_list)
        if not self.env.user._is_sales_administrator():
            for price in prices.filtered(lambda row: row.company_id.parent_id):
                # Its own goes before that of the head office.
                price._check_minimum(
                    price._get_head_minimum(), price._get_held_minimum()
                )
        return prices

    def write(self, vals):
        if not _MINIMUM_OF & vals.keys() or self.env.user._is_sales_administrator():
            return super().write(vals)
        before = [(row, row._get_whose(), row._get_held_minimum()) for row in self]
        result = super().write(vals)
        for row, whose, minimum in before:
            kept = row._get_held_minimum() if row._get_whose() == whose else 0.0
            row._check_minimum(minimum, kept)
        return result

    def unlink(self):
        if not self.env.user._is_sales_administrator():
            for price in self.filtered("min_price"):
                price._check_minimum(price.min_price, price._get_head_minimum())
        return super().unlink()

    def _get_whose(self):
        return self.partner_id, self.product_id, self.company_id

    def _get_held_minimum(self):
        """The minimum price of the row or, where it has none, of the head office."""
        return self.min_price or self._get_head_minimum()

    def _get_head_minimum(self):
        """What the nearest company above says of the article; 0 for nothing."""
        if not self.company_id.parent_id:
            return 0.0
        # sudo: to compare, not to show.
        rows = self.sudo().search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("product_id", "=", self.product_id.id),
                ("company_id", "parent_of", self.company_id.ids),
                ("company_id", "!=", self.company_id.id),
                ("min_price", ">", 0),
            ]
        )
        nearest = rows.sorted(lambda row: len(row.company_id.parent_path))[-1:]
        return nearest.min_price

    def _check_minimum(self, before, after):
        """:raise AccessError: a minimum price became less"""
        if self.env["decimal.precision"]._compare_prices(after, before) >= 0:
            return
        raise AccessError(
            self.env._(
                "The minimum price of %s would be lower than it was: ask a sales "
                "administrator to lower it, or leave it.",
                self.product_id.display_name,
            )
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_outcome_rules(self):
        rule = ("_keeping_minimum_prices", _CUSTOMER_OF)
        return [*super()._get_outcome_rules(), rule]

    @contextmanager
    def _keeping_minimum_prices(self, _vals):
        """:raise AccessError: the prices of a card would not hold any more"""
        if self.env.user._is_sales_administrator():
            yield
            return
        before = {
            partner: partner.commercial_partner_id
            for partner in self._with_minimum_prices()
        }
        yield
        for partner, customer in before.items():
            if partner.commercial_partner_id != customer:
                raise AccessError(
                    self.env._(
                        "%s has minimum prices, which would not hold under another "
                        "customer: ask a sales administrator to move this card.",
                        partner.display_name,
                    )
                )

    def _with_minimum_prices(self):
        """Those of the partners who have one."""
        # sudo: to ask, not to show.
        prices = self.env["xpyme.customer.price"].sudo()
        domain = [("partner_id", "in", self.ids), ("min_price", ">", 0)]
        return self.browse(
            partner.id for (partner,) in prices._read_group(domain, ["partner_id"])
        )
