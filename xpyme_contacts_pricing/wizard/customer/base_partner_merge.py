from odoo import models
from odoo.tools import SQL

_DROP = """
    DELETE FROM %(table)s AS gone USING %(table)s AS kept
     WHERE gone.partner_id = ANY(%(sources)s)
       AND (kept.partner_id = %(owner)s
            OR kept.partner_id = ANY(%(sources)s) AND kept.id > gone.id)
       AND %(same)s
 RETURNING gone.%(what)s
"""
_KEEP_MINIMUMS = """
    UPDATE xpyme_customer_price AS kept SET min_price = most.min_price
      FROM (SELECT company_id, product_id, max(min_price) AS min_price
              FROM xpyme_customer_price
             WHERE partner_id = ANY(%(partners)s)
             GROUP BY company_id, product_id) AS most
     WHERE kept.partner_id = ANY(%(partners)s)
       AND kept.company_id = most.company_id
       AND kept.product_id = most.product_id
       AND coalesce(kept.min_price, 0) < most.min_price
"""
# What a customer has once; the last field is what a line is of.
_UNIQUE = {
    "xpyme.customer.price": ("company_id", "product_id"),
    "xpyme.customer.family.discount": ("categ_id",),
}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Prices and discounts come over; core deletes all if a single one clashes.

        They belong to the customer, also where the contact of one survives.
        """
        customer = dst_partner.commercial_partner_id
        # sudo: who merges customers need not be a salesperson.
        self._leave_excluded_settings(src_partners.sudo(), dst_partner.sudo())
        self._keep_minimums(src_partners | customer)
        dropped = []
        for model, keys in _UNIQUE.items():
            dropped += self._drop_clashing(model, keys, src_partners, customer)
            self._hand_over(model, src_partners, customer)
        self._hand_over("xpyme.customer.price.change", src_partners, customer)
        self._take_document_discounts(src_partners, customer)
        self.env["xpyme.customer.price"]._forget_memo()
        if dropped:
            customer._message_log(
                body=self.env._(
                    "Prices or discounts of the customers merged into this one were "
                    "left out, because this one has a line of the same: %s.",
                    ", ".join(dropped),
                )
            )
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _leave_excluded_settings(self, sources, kept):
        """Take from those that go what cannot stand beside the surviving card's.

        Core fills what that one leaves empty, of each company; the last one's fills.
        """
        margins = ("margin_on_sale", "margin_on_cost")
        chosen = kept.filtered(lambda p: any(p[fname] for fname in margins))
        chosen = chosen or sources.filtered(lambda p: any(p[f] for f in margins))[-1:]
        left = []
        for fname, other in (margins, margins[::-1]):
            if chosen[other]:
                left += self._leave_setting(sources - chosen, fname)
        # sudo: a merge concerns the settings in every company.
        companies = self.env["res.company"].sudo()
        for company in companies.search([]):  # pylint: disable=no-search-all
            left += self._leave_excluded_tariffs(
                sources.with_company(company), kept.with_company(company)
            )
        if left:
            kept._message_log(
                body=self.env._(
                    "Settings of the customers merged into this one were left out, "
                    "because they exclude those that it has: %s.",
                    ", ".join(dict.fromkeys(left)),
                )
            )

    def _leave_excluded_tariffs(self, sources, kept):
        """A tariff is not the discount tariff as well; in the company of the records.

        :return: names of the settings
        """
        tariff, table = "specific_property_product_pricelist", "discount_pricelist_id"
        left = []
        if kept[table]:
            same = sources.filtered(lambda p: p[tariff] == kept[table])
            left += self._leave_setting(same, tariff)
        held = kept[tariff] or sources.filtered(tariff)[-1:][tariff]
        held = held or kept.property_product_pricelist
        same = sources.filtered(lambda p: p[table] and p[table] == held)
        return left + self._leave_setting(same, table)

    def _leave_setting(self, partners, fname):
        """Empty it where it is set; its name, once."""
        partners = partners.filtered(fname)
        if not partners:
            return []
        partners.write({fname: False})
        return [partners._fields[fname]._description_string(self.env)]

    def _take_document_discounts(self, sources, customer):
        """Of equal discounts one is left: an only one is applied without asking."""
        # sudo: who merges customers need not be a salesperson.
        discounts = self.env["xpyme.customer.discount"].sudo()
        theirs = discounts.search([("partner_id", "in", sources.ids)], order="id")
        own = discounts.search([("partner_id", "=", customer.id)])
        kept = {(found.name, found.percent): found for found in own}
        for found in theirs:
            twin = kept.setdefault((found.name, found.percent), found)
            if twin != found:
                self._update_foreign_keys_generic(found._name, found, twin)
                found.unlink()
        self._hand_over(discounts._name, sources, customer)

    def _keep_minimums(self, partners):
        """Of lines of the same the greater minimum price stays, whichever line does.

        A sales administrator, who may lower it, merges as the surviving card says.
        """
        if self.env.user._is_sales_administrator():
            return
        prices = self.env["xpyme.customer.price"]
        prices.flush_model()
        self.env.cr.execute(SQL(_KEEP_MINIMUMS, partners=partners.ids))
        prices.invalidate_model(["min_price"])

    def _drop_clashing(self, model, keys, sources, customer):
        """Delete the lines that are there twice: the customer's, or the newest, stays.

        :return: names of what the deleted lines were of
        """
        self.env[model].flush_model()
        same = (SQL("gone.%s = kept.%s", *[SQL.identifier(key)] * 2) for key in keys)
        query = SQL(
            _DROP,
            table=SQL.identifier(self.env[model]._table),
            what=SQL.identifier(keys[-1]),
            same=SQL(" AND ").join(same),
            sources=sources.ids,
            owner=customer.id,
        )
        ids = {one for (one,) in self.env.execute_query(query)}
        what = self.env[self.env[model]._fields[keys[-1]].comodel_name]
        # sudo: only the names are told, of articles of all companies.
        return what.sudo().browse(sorted(ids)).mapped("display_name")

    def _hand_over(self, model, sources, customer):
        self.env[model].flush_model()
        query = SQL(
            "UPDATE %s SET partner_id = %s WHERE partner_id = ANY(%s)",
            SQL.identifier(self.env[model]._table),
            customer.id,
            sources.ids,
        )
        self.env.cr.execute(query)
        self.env[model].invalidate_model()
