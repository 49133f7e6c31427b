from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_list

from odoo.addons.xpyme_contacts_pricing.models.customer.customer_price import (
    PRICES,
    TAXED_PRICES,
)

# More articles than anybody wants to go through in one note.
_MANY = 300
# Articles left out that a message names.
_NAMED = 10


class ResPartner(models.Model):
    """*Albarán [H]* (seed 004): a note that begins with the customer's special prices.

    It is an order until the goods leave: that has prices, and can be invoiced.
    """

    _inherit = "res.partner"

    def action_create_delivery_note(self):
        """A draft with a line for each article that has a special price.

        :return: the draft; of very many articles the window in which to choose some
        :raise UserError: there is none
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        customer._check_not_blocked()
        prices = customer._get_prices_to_deliver()
        if len(prices.product_id) > _MANY:
            return customer._get_delivery_note_window()
        return customer._create_delivery_note(prices)

    def _get_prices_to_deliver(self):
        """The special prices that hold in the company; those of head offices too."""
        domain = Domain("partner_id", "=", self.id)
        domain &= Domain("company_id", "parent_of", self.env.company.id)
        archived = self.env["xpyme.customer.price"].with_context(active_test=False)
        return archived.search(domain)

    def _create_delivery_note(self, prices):
        """A draft of the articles of ``prices``, and the action that opens it."""
        if not prices:
            raise UserError(
                self.env._(
                    "%s has no special prices to begin a delivery note with: make an "
                    "order, or type the prices first.",
                    self.name,
                )
            )
        articles = prices._filter_deliverable().product_id
        left_out = prices.product_id - articles
        if not articles:
            raise UserError(self._get_left_out_message(left_out))
        order = self.env["sale.order"].create(self._prepare_note_vals(articles))
        action = order._get_delivery_note_action()
        if not left_out:
            return action
        message = self._get_left_out_message(left_out)
        order.message_post(body=message)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "warning", "next": action},
        }

    def _prepare_note_vals(self, articles):
        """Without prices: each line gets the customer's by itself."""
        quantity = 0.0 if self.env.company.delivery_note_quantity == "zero" else 1.0
        lines = [
            Command.create({"product_id": article.id, "product_uom_qty": quantity})
            for article in articles
        ]
        return {"partner_id": self.id, "order_line": lines}

    @api.model
    def _get_left_out_message(self, articles):
        names = articles[:_NAMED].mapped("display_name")
        if len(articles) > _NAMED:
            names.append(self.env._("%s more", len(articles) - _NAMED))
        return self.env._(
            "Not in the delivery note, because they are not sold or have no price of "
            "the customer's: %s.",
            format_list(self.env, names),
        )

    def _get_delivery_note_window(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delivery Note of %s", self.name),
            "res_model": "xpyme.delivery.note.choice",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }


class CustomerPrice(models.Model):
    _inherit = "xpyme.customer.price"

    def _filter_deliverable(self):
        """Those that begin a delivery note: articles that are sold, at special terms.

        The freight of a carrier may have its minimum here, and is added by itself.
        """
        # sudo: which articles are freight, for whoever does not see the carriers.
        carriers = self.env["delivery.carrier"].sudo().with_context(active_test=False)
        domain = [("product_id", "in", self.product_id.ids)]
        freight = carriers.search(domain).product_id
        terms = (*PRICES, *TAXED_PRICES, "special_discount")
        return self.filtered(
            lambda price: price.product_id.active
            and price.product_id.sale_ok
            and price.product_id not in freight
            and any(price[fname] for fname in terms)
        )
