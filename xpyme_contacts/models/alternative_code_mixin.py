from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import customer_code


class AlternativeCodeMixin(models.AbstractModel):
    """The other codes that find a customer (seed 004, Esp › Códigos alternativos)."""

    _name = "xpyme.alternative.code.mixin"
    _description = "Alternative Codes of a Customer"

    alternative_code_ids = fields.One2many(
        "xpyme.alternative.code",
        "partner_id",
        string="Alternative Codes",
        # Whoever finds a customer by his name finds him by his codes: portal users too.
        bypass_search_access=True,
        help="Other codes that find the customer in documents, such as those of "
        "loyalty cards.",
    )

    # === SEARCHING ===#

    @api.model
    def _search_codes_first(self, search, name, domain, operator, limit):
        """The answer of ``search``, core's ``name_search``, codes first.

        Who has the very code or alternative code typed or scanned stands before those
        who only have it somewhere in their names.
        """
        is_text = operator in ("ilike", "like", "=", "=ilike")
        # A scanner's client may send a number.
        code = str(name or "").strip() if is_text else ""
        if not code:
            return search(name, domain, operator, limit)
        name = str(name)
        ids = self.env["xpyme.code.register"]._find_partners(code)
        found = self.browse()
        if ids:
            exact = Domain("id", "in", ids) & Domain(domain or Domain.TRUE)
            found = self.search_fetch(exact, ["display_name"], limit=limit)
        rest = [
            row
            for row in search(name, domain, operator, limit)
            if row[0] not in found._ids
        ]
        # sudo: as core does, a name may come from a parent that the user cannot read.
        first = [(partner.id, partner.display_name) for partner in found.sudo()]
        return (first + rest)[:limit]

    # === MERGING ===#

    def _take_codes(self, sources):
        """Before ``sources`` are merged into ``self``: their codes find him.

        His own code stays; without one he takes the first of theirs. The others
        become alternative codes.
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        coded = sources.filtered(lambda p: p.ref and p._is_numbered()).sorted("id")
        codes = coded.mapped("ref")
        coded.write({"ref": False})
        if codes and not self.ref and customer == self:
            self.ref = codes.pop(0)
        kept = [code for code in codes if customer._keep_code(code)]
        if codes:
            customer._message_log(
                body=self.env._(
                    "Codes of the customers merged into this one: %(codes)s. Kept as "
                    "alternative codes: %(kept)s.",
                    codes=", ".join(codes),
                    kept=", ".join(kept) or "–",
                )
            )

    def _keep_code(self, code):
        """Keep a former code as an alternative one.

        :return: whether it finds this customer, and nobody else
        """
        self.ensure_one()
        if customer_code.normalise(code) == customer_code.normalise(self.ref):
            return True
        if code.lower() in {c.name.lower() for c in self.alternative_code_ids}:
            return True
        try:
            with self.env.cr.savepoint():
                self.alternative_code_ids.create({"name": code, "partner_id": self.id})
        except ValidationError:
            return False
        return True

    def _adopt_alternative_codes(self):
        """After a merge: codes that came over by SQL are the commercial entity's."""
        self.ensure_one()
        customer = self.commercial_partner_id
        # sudo: codes of a customer whom the user has just been allowed to merge.
        codes = self.env["xpyme.alternative.code"].sudo()
        codes = codes.search([("partner_id", "in", (self | customer).ids)])
        (codes - customer.alternative_code_ids).write({"partner_id": customer.id})
        self.env.add_to_compute(codes._fields["company_id"], codes)
