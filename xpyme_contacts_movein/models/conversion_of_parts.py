"""What the cells of a row say of what belongs to a customer."""

from functools import cached_property

from odoo.addons.xpyme_contacts.tools import code_format, tax_id
from odoo.addons.xpyme_contacts.tools.names import join_name, name_key

from ..tools.headings import fold
from ..tools.targets import CUSTOMERS
from .conversion import CustomerConverter

_DELIVERY = ("entrega", "envio", "delivery", "despacho")
_INVOICE = ("factura", "facturacion", "invoice", "fiscal")


class RowConverter(CustomerConverter):
    """Converts the rows of a file of any kind: each has a method."""

    def _get_owner(self):
        """Whom the row belongs to, by code or tax id.

        :raise Rejected: it does not say
        """
        self._add_tax_id()
        customer = code_format.normalise(self.get("customer"))
        vat = self.vals.pop("vat", False)
        if not customer and not vat:
            self.reject(
                self.env._(
                    "The row does not say whose it is. Type the customer's code."
                )
            )
        number = code_format.parse(customer)
        return {
            "customer": customer or None,
            "owner_key": customer and self.job._get_key(CUSTOMERS, customer) or None,
            "code_number": number or None,
            "vat_key": tax_id.get_key(vat or "") or None,
        }

    def _convert_contacts(self):
        owner = self._get_owner()
        name = join_name(self.get("name"), self.get("surname"), "")
        self.vals["name"] = name
        if not name:
            self.reject(self.env._("The contact has no name. Type it."))
        self._add_phones()
        self._add_mailboxes()
        self._add_comment()
        self.vals["contact_code"] = self.get("code") or False
        return self._with_code(owner, self.get("code") or name_key(name))

    def _convert_addresses(self):
        owner = self._get_owner()
        self._add_place()
        self._add_phones()
        self._add_mailboxes()
        self._add_comment()
        self.vals["contact_code"] = self.get("code") or False
        word = fold(self.get("address_type"))
        kind = "invoice" if word.startswith(_INVOICE) else "other"
        self.vals["type"] = (
            "delivery" if not word or word.startswith(_DELIVERY) else kind
        )
        if not any(self.vals.get(name) for name in ("name", "street", "city", "zip")):
            self.reject(self.env._("The address is empty. Type street and town."))
        places = (self.vals.get(name) or "" for name in ("name", "street", "zip"))
        return self._with_code(owner, self.get("code") or name_key(" ".join(places)))

    def _convert_leaves(self):
        owner = self._get_owner()
        self.vals["name"] = self.get("reason") or False
        if not self.vals.get("date_from") or not self.vals.get("date_to"):
            self.reject(self.env._("The leave has no first or last day. Type both."))
        return self._with_code(owner, self.vals["date_from"])

    def _convert_prices(self):
        owner = self._get_owner()
        word = self.get("product")
        self.vals["product_id"] = self.products.get(word)
        if not self.vals["product_id"]:
            self.reject(
                self.env._(
                    "There is no article with the reference %s. Correct it, or make "
                    "the article first.",
                    word or "—",
                )
            )
        return self._with_code(owner, word)

    def _convert_family_discounts(self):
        owner = self._get_owner()
        word = self.get("family")
        self.vals["categ_id"] = self.families.get(fold(word))
        if not self.vals["categ_id"]:
            self.reject(
                self.env._(
                    "There is no family %s. Correct it, or make the family first.",
                    word or "—",
                )
            )
        return self._with_code(owner, fold(word))

    @cached_property
    def products(self):
        """``{reference or barcode: id}`` of the articles that the company sells."""
        articles = self.env["product.product"].search_fetch(
            [("company_id", "in", (False, self.job.company_id.id))],
            ["default_code", "barcode"],
            order="id desc",
        )
        words = [(article.barcode, article.id) for article in articles]
        words += [(article.default_code, article.id) for article in articles]
        return {word: article_id for word, article_id in words if word}

    @cached_property
    def families(self):
        families = self.env["product.category"].search([], order="id desc")
        words = [(fold(family.name), family.id) for family in families]
        words += [(fold(family.complete_name), family.id) for family in families]
        return dict(words)

    def _with_code(self, owner, code):
        code = f"{owner['customer'] or owner['vat_key']} / {code}"
        return {**owner, "code": code, "key": self.job._get_key(self.kind, code)}
