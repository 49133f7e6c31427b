from odoo import api, models

from ...tools.value_rule import ValueRule
from .phone_and_address import ADDRESS_TYPES


class ResPartner(models.Model):
    """Where documents find a contact: a customer's person has no address to copy.

    Odoo copies the company's address to its contacts; a customer's keep their own or
    none. What needs a place (printed address, fiscal position, invoice and delivery
    address) takes the alternative address, else the contact's own, else the card's.
    """

    _inherit = "res.partner"

    def _get_place(self):
        """The partner whose address stands for that of ``self``."""
        self.ensure_one()
        # sudo: which one it is, for whoever reads the contact, a customer with a login
        # too.
        contact = self.sudo()
        place = contact._get_address_shown()
        if place == contact and contact._has_own_address():
            names = ("street", "street2", "zip", "city")
            if not any(contact[fname] for fname in names):
                place = contact.commercial_partner_id
        return place.with_env(self.env)

    def _get_fiscal_place(self):
        """The place whose country decides taxes."""
        # sudo: as above.
        place = self._get_place().sudo()
        if not place.country_id and place._has_own_address():
            place = place.commercial_partner_id
        return place.with_env(self.env)

    def _prepare_display_address(self, without_company=False):
        # sudo: it stands for the contact's own, for whoever may read that.
        place = super(ResPartner, self._get_place().sudo())
        return place._prepare_display_address(without_company)

    def address_get(self, adr_pref=None):
        found = super().address_get(adr_pref)
        if len(self) != 1 or self.type != "contact" or not self.parent_id:
            return found
        place = self._get_place().id
        return {
            kind: place if partner_id == self.id and kind != "contact" else partner_id
            for kind, partner_id in found.items()
        }

    @api.onchange("parent_id")
    def onchange_parent_id(self):
        """On a screen, too, a customer's person gets no address to keep.

        Core copies as many of the customer's fields as the screen has.
        """
        return None if self._has_own_address() else super().onchange_parent_id()

    @api.model
    def _get_value_rules(self):
        rule = ValueRule("_complete_address_country_vals", ("parent_id",))
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_address_country_vals(self, vals_list, partners):
        """A new address without a country is in its card's."""
        if partners is not None:
            return
        context = self.env.context
        for vals in vals_list:
            kind = vals.get("type", context.get("default_type"))
            parent_id = vals.get("parent_id", context.get("default_parent_id"))
            if not parent_id or kind not in ADDRESS_TYPES or vals.get("country_id"):
                continue
            # sudo: the country only, of the customer that the address is made for.
            card = self.sudo().browse(parent_id).commercial_partner_id
            if card.is_customer_card:
                vals["country_id"] = card.country_id.id


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    @api.model
    def _get_fiscal_position(self, partner, delivery=None):
        return super()._get_fiscal_position(
            partner and partner._get_fiscal_place(),
            delivery and delivery._get_fiscal_place(),
        )
