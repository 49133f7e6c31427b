from odoo import api, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    """What a till must know of a customer who is chosen (seed 004: the notices)."""

    _inherit = "res.partner"

    @api.readonly
    def get_pos_entry(self, config_id, pricelist_id=False, product_ids=()):
        """What is told of the customer at a till, and their prices of some articles.

        :param config_id: the till
        :param pricelist_id: the ticket's
        :param product_ids: articles whose prices are wanted
        :return: ``blocked``, ``action`` and ``notices`` as
            :meth:`get_document_entry` has them; ``vouchers`` to use; ``may_insist``,
            whether the user may sell for less than a minimum; and what
            :meth:`_get_till_terms` answers. Amounts are in the till's currency
        :raise AccessError: the user works at no till of that company
        """
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(
                self.env._(
                    "You work at no till: ask for the right to use the Point of Sale."
                )
            )
        self = self._get_remaining()
        config = self._get_till_config(config_id)
        entry = self.get_document_entry(config.company_id.id, "pos.order")
        customer = self.commercial_partner_id
        return {
            **{name: entry[name] for name in ("blocked", "action")},
            "notices": [*entry["notices"], *self._get_sales_warnings()],
            "vouchers": customer._get_till_vouchers(config),
            "may_insist": self.env.user._is_sales_administrator(),
            **customer._get_till_terms(config, pricelist_id, product_ids),
        }

    def _get_sales_warnings(self):
        """Odoo's own message of the partner, which its till would tell in a dialog."""
        return [self.sale_warn_msg] if self.sale_warn_msg else []

    def _get_till_vouchers(self, config):
        """Vouchers that the customer may use at a till; an addon of vouchers adds them.

        :return: list of ``{"code", "amount", "expiration_date"}``
        """
        return []
