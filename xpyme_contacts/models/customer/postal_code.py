from odoo import api, models

from ...tools.value_rule import CUSTOMERS, ValueRule


class ResPartner(models.Model):
    """The postal code fills in town and province (seed 004, Fiscales › C.P.).

    base_location does so for a code chosen from its list; here also for a code typed,
    imported or sent, when it stands for one town. An unknown code is left alone.
    """

    _inherit = "res.partner"

    @api.model
    def _get_value_rules(self):
        typed = ("zip", "city", "state_id", "country_id")
        rule = ValueRule("_complete_postal_code_vals", typed, CUSTOMERS)
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_postal_code_vals(self, vals_list, records=None):
        """Add the town of a customer's typed codes to ``vals_list``, which change.

        An address typed by hand over one that came from the list leaves the list.

        :param records: the partners written with the one dict of ``vals_list``
        """
        wanted = []
        for vals in vals_list:
            typed = {"zip", "city", "state_id", "country_id"} & vals.keys()
            if records and typed and "zip_id" not in vals and records.zip_id:
                if any(self._differs(records, fname, vals[fname]) for fname in typed):
                    vals["zip_id"] = False
            if vals.get("zip") and not vals.get("zip_id") and not vals.get("city"):
                wanted.append(vals)
        if not wanted:
            return
        found = self._search_postal_codes([vals["zip"].strip() for vals in wanted])
        for vals in wanted:
            country_id = vals.get("country_id") or (
                records[:1].country_id.id if records else False
            )
            towns = found.get(vals["zip"].strip(), self.env["res.city.zip"])
            if country_id:
                towns = towns.filtered(lambda t, c=country_id: t.country_id.id == c)
            if len(towns) == 1:
                vals.update(self._prepare_town_vals(towns))

    @api.model
    def _differs(self, records, fname, value):
        field = self._fields[fname]
        return any(
            field.convert_to_write(record[fname], record) != (value or False)
            for record in records
        )

    @api.model
    def _search_postal_codes(self, codes):
        """``{code: towns}`` of the postal codes known, in one query."""
        # sudo: reference data, readable by every user of the addresses.
        towns = self.env["res.city.zip"].sudo().search([("name", "in", codes)])
        return towns.grouped("name")

    @api.model
    def _prepare_town_vals(self, town):
        return {
            "zip_id": town.id,
            "zip": town.name,
            "city": town.city_id.name,
            "city_id": town.city_id.id,
            "state_id": town.state_id.id,
            "country_id": town.country_id.id,
        }

    @api.onchange("zip", "country_id")
    def _onchange_typed_zip(self):
        """Typing the code in the form shows the town at once."""
        if not self.zip or self.zip_id:
            return
        vals = {"zip": self.zip, "country_id": self.country_id.id}
        self._complete_postal_code_vals([vals])
        if vals.get("zip_id"):
            self.zip_id = vals["zip_id"]
