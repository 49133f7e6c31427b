from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# Weaker than all that warns.
_VOUCHER = 70


class ResPartner(models.Model):
    """Documents tell that a customer has a voucher to use (seed 004: vales pendientes
    de abonarle)."""

    _inherit = "res.partner"

    def _get_notice_entries(self, company, model=None):
        """Add ``voucher``: the customer's :class:`Voucher`, None without one to use."""
        entries = super()._get_notice_entries(company, model)
        vouchers = self._origin._read_vouchers(company)
        for customer in self:
            voucher = vouchers.get(customer._origin.id)
            usable = voucher and voucher.balance > 0
            entries[customer.id]["voucher"] = voucher if usable else None
        return entries

    def _prepare_document_entry(self, entry, model):
        """Add ``voucher``: its code and amount, False without one."""
        voucher = entry["voucher"]
        told = bool(voucher) and {"code": voucher.code, "balance": voucher.balance}
        return {**super()._prepare_document_entry(entry, model), "voucher": told}

    @api.model
    def _get_notice_sources(self):
        return [*super()._get_notice_sources(), (_VOUCHER, "_get_voucher_notices")]

    def _get_voucher_notices(self, entry):
        voucher = entry["voucher"]
        if not voucher:
            return []
        # sudo: the sign of the currency, for users of other companies too.
        values = {
            "amount": entry["company"].sudo().currency_id.format(voucher.balance),
            "code": voucher.code,
        }
        if not voucher.expires:
            return [self.env._("Voucher of %(amount)s to use: %(code)s.", **values)]
        values["day"] = format_date(self.env, voucher.expires)
        return [
            self.env._(
                "Voucher of %(amount)s to use (it begins to lapse on %(day)s): "
                "%(code)s.",
                **values,
            )
        ]


class DocumentNoticeMixin(models.AbstractModel):
    _inherit = "xpyme.document.notice.mixin"

    def _prepare_notice_entry(self, entry, is_payer):
        entry = super()._prepare_notice_entry(entry, is_payer)
        return entry if self._tells_voucher(is_payer) else {**entry, "voucher": None}

    def _tells_voucher(self, is_payer):
        """Whether the customer's voucher could be used because of this document."""
        return False


class SaleOrder(models.Model):
    """A quotation tells of its customer's voucher until it is used."""

    _inherit = "sale.order"

    usable_voucher = fields.Monetary(
        string="Voucher to Use",
        compute="_compute_usable_voucher",
        currency_field="company_currency_id",
        help="What the customer has in vouchers and this order does not use yet.",
    )
    company_currency_id = fields.Many2one(
        string="Currency of the Company", related="company_id.currency_id"
    )

    @api.depends("partner_id", "company_id", "state", "order_line.coupon_id")
    def _compute_usable_voucher(self):
        self.usable_voucher = 0.0
        open_orders = self.filtered(lambda order: order._may_use_voucher())
        for company, orders in open_orders.grouped("company_id").items():
            vouchers = orders.partner_id._read_vouchers(company)
            for order in orders:
                customer = order.partner_id.commercial_partner_id._origin
                if voucher := vouchers.get(customer.id):
                    order.usable_voucher = voucher.balance

    def _may_use_voucher(self):
        """Whether the order can still be paid with its customer's voucher."""
        self.ensure_one()
        used = any(
            card.is_customer_voucher for card in self.order_line.coupon_id.sudo()
        )
        return self.state in ("draft", "sent") and bool(self.partner_id) and not used

    def action_use_voucher(self):
        """The customer's voucher pays what it can of the order.

        :raise UserError: there is none, or nothing to pay
        """
        self.ensure_one()
        voucher = self.partner_id._read_vouchers(self.company_id)
        voucher = voucher.get(self.partner_id.commercial_partner_id.id)
        may_use = voucher and self._may_use_voucher()
        status = self._try_apply_code(voucher.code) if may_use else {}
        if "error" in status:
            raise UserError(status["error"])
        if not status:
            raise UserError(
                self.env._(
                    "There is nothing to pay, or no voucher to pay it with: add lines, "
                    "or see the customer's card."
                )
            )
        for card, rewards in status.items():
            self._apply_program_reward(rewards[:1], card)
        self._update_programs_and_rewards()
        return True

    @api.model
    def _get_notice_triggers(self):
        return (*super()._get_notice_triggers(), "order_line.coupon_id")

    def _tells_voucher(self, is_payer):
        customer = self.partner_id.commercial_partner_id
        # The voucher that may be used is that of whom the order is for.
        is_theirs = not is_payer or customer == (
            self.partner_invoice_id.commercial_partner_id
        )
        return is_theirs and self._may_use_voucher()


class AccountMove(models.Model):
    """A draft invoice tells it: an order could still take the voucher."""

    _inherit = "account.move"

    def _tells_voucher(self, is_payer):
        return self.state == "draft" and self.move_type == "out_invoice"
