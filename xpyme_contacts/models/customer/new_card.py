from odoo import api, models

from ...tools import tax_id
from ...tools.value_rule import NEW_CARDS, ValueRule

_KIND = "l10n_latam_identification_type_id"
_TAXPAYER = "l10n_cl_sii_taxpayer_type"
_PROPOSED = ("country_id", _KIND, _TAXPAYER)


class ResPartner(models.Model):
    """What a new card needs before it can be invoiced, whatever door it comes through.

    The country is the company's. Chile (``l10n_cl``) asks for more: the kind of
    identification is RUT, or RUN of a person, not Odoo's *VAT*; and the kind of
    taxpayer, without which nothing is invoiced.
    """

    _inherit = "res.partner"

    @api.model
    def _propose_on_screen(self, values, fields_list):
        proposed = super()._propose_on_screen(values, fields_list)
        if self._will_be_customer(values):
            proposed |= self._propose_representative(values)
        return proposed

    @api.model
    def _propose_representative(self, values):
        """Who sells to their own customers only is whose the new one is."""
        user = self.env.user
        sells_own = user.has_group(
            "sales_team.group_sale_salesman"
        ) and not user.has_group("sales_team.group_sale_salesman_all_leads")
        return {"user_id": user.id} if sells_own and not values.get("user_id") else {}

    @api.model
    def _get_value_rules(self):
        rule = ValueRule("_complete_card_vals", (), NEW_CARDS)
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_card_vals(self, vals_list, _partners):
        defaults = self._get_new_defaults()
        for vals in vals_list:
            vals.update(self._propose_card_vals({**defaults, **vals}))

    @api.model
    def _propose_card_vals(self, vals):
        return super()._propose_card_vals(vals) | self._propose_taxpayer_vals(vals)

    @api.model
    def _propose_taxpayer_vals(self, vals):
        """What ``vals`` lack of the country and the kinds of taxpayer."""
        given = dict(vals)
        company = self.env["res.company"].browse(vals.get("company_id"))
        company = company or self.env.company
        # sudo: the country of the customer's company, as for their tax id.
        home = company.sudo().country_id
        country = self.env["res.country"].browse(vals.get("country_id")) or home
        proposed = {"country_id": country.id}
        if _TAXPAYER in self._fields and home.code == "CL":
            is_company = vals.get("is_company")
            is_company = is_company or tax_id.is_rut_of_company(vals.get("vat"))
            proposed.update(
                self._propose_chilean_vals(country.code == "CL", is_company)
            )
        # Odoo's own default of the kind is nobody's choice.
        kind_id = given.get(_KIND)
        if kind_id and kind_id == self._get_kind_id("l10n_latam_base.it_vat"):
            given[_KIND] = False
        for fname in _PROPOSED:
            if given.get(fname) or not proposed.get(fname):
                proposed.pop(fname, None)
        return proposed

    @api.model
    def _propose_chilean_vals(self, is_chilean, is_company):
        """Kind of identification and of taxpayer of a Chilean company's customer."""
        if not is_chilean:
            return {_TAXPAYER: "4"}
        kind_id = self._get_kind_id(
            "l10n_cl.it_RUT" if is_company else "l10n_cl.it_RUN"
        )
        return {_KIND: kind_id, _TAXPAYER: "1" if is_company else "3"}

    @api.model
    def _get_kind_id(self, xml_id):
        """Id of a kind of identification, where there are any."""
        # Once: ``env.ref`` asks for the record each time, and for a name that is not
        # there too, with a statement for each new customer.
        if xml_id.partition(".")[0] not in self.env.registry._init_modules:
            return False
        return self.env["ir.model.data"]._xmlid_to_res_id(xml_id)

    @api.onchange("country_id", "is_company")
    def _onchange_kind_of_taxpayer(self):
        """On a new card the proposal follows whom it is for, until it is chosen."""
        if self._origin or _TAXPAYER not in self._fields or not self.is_customer_card:
            return
        ours = ("l10n_latam_base.it_vat", "l10n_cl.it_RUT", "l10n_cl.it_RUN")
        kinds = [*map(self._get_kind_id, ours)]
        if self[_KIND] and self[_KIND].id not in kinds:
            return
        vals = {"country_id": self.country_id.id, "is_company": self.is_company}
        vals["company_id"] = self.company_id.id
        proposed = self._propose_taxpayer_vals(vals)
        self.update({_KIND: kinds[0], **proposed})
