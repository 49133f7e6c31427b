from odoo import api, models

from ...tools import sides

_LONGEST_TITLE = 11


class CustomerPrice(models.Model):
    """Prices are called by the names of the company's tariffs; those that the company
    does not use are not shown."""

    _inherit = "xpyme.customer.price"

    @api.model
    def _get_tariff_names(self):
        """``{number: name}`` of the company's tariffs in use; the first one always is.

        Views depend on it, also that of a customer, which has the prices in it.
        """
        # sudo: how a tariff is called is no secret for who opens the prices.
        tariffs = self.env["product.pricelist"].sudo()._get_tariffs(self.env.company)
        names = {number: pricelist.name for number, pricelist in tariffs.items()}
        return {1: self.env._("Tariff %s", 1), **names}

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, *sorted(self._get_tariff_names().items()))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        names = self._get_tariff_names()
        for number in sides.TARIFFS:
            own = f"price_{number}", f"pvp_{number}", f"tariff_{number}"
            for node in arch.xpath(f"//*[{' or '.join(f'@name={n!r}' for n in own)}]"):
                if number not in names:
                    node.getparent().remove(node)
                else:
                    self._name_price(node, names[number], view_type)
        return arch, view

    @api.model
    def _name_price(self, node, name, view_type):
        """The title of a price in a view; of a column it is short."""
        if node.tag == "label":
            node.set("string", name)
        elif view_type == "form" and node.tag == "field":
            node.set("string", name)
        elif view_type == "list":
            if len(name) > _LONGEST_TITLE:
                name = f"{name[: _LONGEST_TITLE - 1].rstrip()}…"
            # The column after a tariff's is the same price with tax.
            has_tax = node.get("name").startswith("pvp")
            node.set("string", self.env._("incl. tax") if has_tax else name)
        elif node.tag == "span":
            node.text = name


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        """The form has the special prices in it, with the names of the tariffs."""
        key = super()._get_view_cache_key(view_id, view_type, **options)
        if view_type != "form":
            return key
        names = self.env["xpyme.customer.price"]._get_tariff_names()
        return (*key, *sorted(names.items()))
