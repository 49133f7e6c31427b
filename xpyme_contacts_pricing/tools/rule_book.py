"""The rules of a pricelist, found without walking through all of them.

Odoo tries the rules in their order until one fits; with a rule for each article that is
quadratic. Here only those are tried that may concern the article, in the same order.
"""

from collections import defaultdict


class RuleBook:
    """:param rules: records of ``product.pricelist.item`` in Odoo's order"""

    def __init__(self, rules):
        self.none = rules.browse()
        self._by_key = defaultdict(list)
        for position, rule in enumerate(rules):
            self._by_key[self._key(rule)].append((position, rule))

    @staticmethod
    def _key(rule):
        if rule.applied_on == "0_product_variant":
            return ("variant", rule.product_id.id)
        if rule.applied_on == "1_product":
            return ("template", rule.product_tmpl_id.id)
        if rule.applied_on == "2_product_category":
            return ("family", rule.categ_id.id)
        return ("all", 0)

    def find(self, product, quantity):
        """The rule for a quantity of an article, in its own unit; empty if none."""
        keys = [
            ("variant", product.id),
            ("template", product.product_tmpl_id.id),
            *(("family", family) for family in family_ids(product)),
            ("all", 0),
        ]
        fitting = (
            next(
                (
                    found
                    for found in self._by_key.get(key, ())
                    if not found[1].min_quantity or quantity >= found[1].min_quantity
                ),
                None,
            )
            for key in keys
        )
        found = min((f for f in fitting if f), key=lambda f: f[0], default=None)
        return found[1] if found else self.none


def family_ids(product):
    """The article's family and those above it, the nearest first."""
    # By way of the template: what a variant inherits is computed for each of them.
    path = product.product_tmpl_id.categ_id.parent_path or ""
    return [int(part) for part in reversed(path.split("/")) if part]
