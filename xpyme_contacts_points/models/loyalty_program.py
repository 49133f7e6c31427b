from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import float_round

from odoo.addons.xpyme_contacts.tools import row_locks

# What a reward is called may be changed.
_WORDS = {"description"}


class LoyaltyProgram(models.Model):
    """The program of a company's vouchers: one, made when the first is given.

    A point is the smallest coin of the company: 0.01 €, 1 peso. Sales and the till take
    whole points only, so a voucher is spent to the cent.
    """

    _inherit = "loyalty.program"

    is_customer_voucher = fields.Boolean(
        string="Customers' Vouchers",
        readonly=True,
        copy=False,
        help="What settlements of points give is spent by this program.",
    )

    _customer_voucher_uniq = models.UniqueIndex(
        "(company_id) WHERE is_customer_voucher",
        "The company has a program of its customers' vouchers already.",
    )

    def write(self, vals):
        if "is_customer_voucher" in vals:
            self._refuse_by_hand()
        return super().write(vals)

    def _refuse_by_hand(self):
        """:raise AccessError: what a point of vouchers is worth, and which program they
        are of, is nobody's to change"""
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "What customers have in vouchers depends on this program: its "
                    "points and its reward stay as they are."
                )
            )

    @api.model
    def _get_voucher_program(self, company):
        """The program of a company's vouchers, made where there is none."""
        program = self._find_voucher_program(company)
        if program:
            return program
        # Two sessions that both find none meet here: the second begins anew.
        row_locks.touch(company.partner_id)
        program = (
            self.with_company(company)
            # What core proposes for coupons mails a PDF with each card.
            .with_context(default_program_type="coupons")
            .create(self._prepare_voucher_program_vals(company))
        )
        program._translate_voucher_words()
        return program

    @api.model
    def _find_voucher_program(self, company):
        return self.with_context(active_test=False).search(
            [("is_customer_voucher", "=", True), ("company_id", "=", company.id)]
        )

    def _find_voucher_of(self, customer):
        """A customer's cards of this program, if they have any."""
        return self.env["loyalty.card"].search(
            [("program_id", "=", self.id), ("partner_id", "=", customer.id)]
        )

    @api.model
    def _prepare_voucher_program_vals(self, company):
        reward = {
            "reward_type": "discount",
            "discount_mode": "per_point",
            "discount": company.currency_id.rounding,
            "discount_applicability": "order",
            "required_points": 1,
            "description": "Voucher",
        }
        return {
            "name": "Customers' vouchers",
            "company_id": company.id,
            "is_customer_voucher": True,
            "portal_point_name": "cents",
            "rule_ids": [Command.clear()],
            "reward_ids": [Command.clear(), Command.create(reward)],
            "communication_plan_ids": [Command.clear()],
        }

    def _translate_voucher_words(self):
        """In each language of the shop, whoever settles first."""
        for lang, _name in self.env["res.lang"].get_installed():
            program = self.with_context(lang=lang)
            program.name = program.env._("Customers' vouchers")
            program.reward_ids.description = program.env._("Voucher")

    def _get_coin(self):
        """What a point of the program is worth, in the currency of its company."""
        self.ensure_one()
        return self.reward_ids[:1].discount

    def _to_points(self, amount):
        """So many whole points, for an amount in that currency."""
        return self._to_points_each({self: amount})[self]

    def _to_points_each(self, amounts):
        """As ``_to_points``, of many: ``{record: points}`` of ``{record: amount}``."""
        if not amounts:
            return {}
        coin = self._get_coin()
        return {
            record: float_round(amount / coin, precision_rounding=1)
            for record, amount in amounts.items()
        }


class LoyaltyReward(models.Model):
    """A point of vouchers is worth what it was worth when they were given."""

    _inherit = "loyalty.reward"

    @api.model_create_multi
    def create(self, vals_list):
        rewards = super().create(vals_list)
        rewards._check_not_of_vouchers()
        return rewards

    def write(self, vals):
        if vals.keys() - _WORDS:
            self._check_not_of_vouchers()
        return super().write(vals)

    def unlink(self):
        self._check_not_of_vouchers()
        return super().unlink()

    def _check_not_of_vouchers(self):
        programs = self.program_id.filtered("is_customer_voucher")
        if programs:
            programs._refuse_by_hand()
