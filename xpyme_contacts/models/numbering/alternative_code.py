from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import code_format
from ...tools.plain_text import storable
from .free_codes import ALTERNATIVES, Code


class AlternativeCode(models.Model):
    """Another code that finds a customer (seed 004, Esp › Códigos alternativos).

    A loyalty card, or a code of before. No code, of whatever kind, finds two
    customers: see ``xpyme.code.register``.
    """

    _name = "xpyme.alternative.code"
    _description = "Alternative Customer Code"
    _technicians_only_read = True
    _order = "name, id"

    name = fields.Char(string="Code", required=True, index="trigram")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        related="partner_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    number = fields.Integer(
        string="As a Number",
        compute="_compute_number",
        store=True,
        aggregator=None,
        help="The code as a number, if it could be a customer's code.",
    )

    _name_unique = models.UniqueIndex(
        "(lower(name), coalesce(company_id, 0))",
        "This alternative code has just been given to somebody else. Choose another.",
    )
    _number_idx = models.Index("(number) WHERE number > 0")

    @api.depends("name")
    def _compute_number(self):
        for code in self:
            code.number = code_format.parse(code.name)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._complete_vals(vals) for vals in vals_list]
        self._check_free(
            [
                (-place, vals.get("name"), vals.get("partner_id"))
                for place, vals in enumerate(vals_list, 1)
            ]
        )
        return super().create(vals_list)

    def write(self, vals):
        vals = self._complete_vals(vals)
        if {"name", "partner_id"} & vals.keys():
            self._check_free(
                [
                    (
                        code.id,
                        vals.get("name", code.name),
                        vals.get("partner_id", code.partner_id.id),
                    )
                    for code in self
                ]
            )
        return super().write(vals)

    @api.model
    def _complete_vals(self, vals):
        """``vals`` as stored: the code trimmed, and the customer for a contact.

        :raise ValidationError: the code is blank
        """
        vals = storable(vals, self._fields)
        if "name" in vals:
            vals["name"] = str(vals["name"] or "").strip()
            if not vals["name"]:
                raise ValidationError(
                    self.env._("An alternative code is blank: fill it in or delete it.")
                )
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id
        return vals

    @api.model
    def _check_free(self, wanted):
        """
        :param wanted: list of (id of the row, below 0 if new; code; id of the customer)
        :raise ValidationError: a code finds another customer, or is the barcode of one
        """
        owners, codes = {}, []
        for row_id, name, partner_id in wanted:
            if name and partner_id:
                owners[name] = partner = self.env["res.partner"].browse(partner_id)
                owner = (partner_id, partner.company_id.id)
                codes.append(Code(ALTERNATIVES, row_id, name, *owner))
        self.env["xpyme.code.register"]._check_free(codes)
        # sudo: the barcode may be that of a partner whom the user does not see.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        for other in partners.search([("barcode", "in", list(owners))]):
            if other.commercial_partner_id != owners[other.barcode].sudo():
                raise ValidationError(
                    self.env._(
                        "The code %(code)s is the barcode of %(owner)s. Choose another "
                        "one.",
                        code=other.barcode,
                        owner=other.display_name,
                    )
                )


class ResPartner(models.Model):
    """The other codes that find a customer (seed 004, Esp › Códigos alternativos)."""

    _inherit = "res.partner"

    alternative_code_ids = fields.One2many(
        "xpyme.alternative.code",
        "partner_id",
        string="Alternative Codes",
        # Whoever finds a customer by name finds them by their codes.
        bypass_search_access=True,
        help="Other codes that find the customer in documents, such as those of "
        "loyalty cards.",
    )

    # === SEARCHING ===#

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Who has the very code or alternative code typed or scanned stands first.

        A scanner takes the first one.
        """
        is_text = operator in ("ilike", "like", "=", "=ilike")
        # A scanner's client may send a number.
        code = str(name or "").strip() if is_text else ""
        found = self.browse()
        if ids := code and self._may_read_ours() and self._find_by_code(code):
            exact = Domain("id", "in", ids) & Domain(domain or Domain.TRUE)
            found = self.search_fetch(exact, ["display_name"], limit=limit)
        name = str(name) if code else name
        rows = super().name_search(name, domain, operator, limit)
        # sudo: as core does, a name may come from a parent that the user cannot read.
        first = [(partner.id, partner.display_name) for partner in found.sudo()]
        return (first + [row for row in rows if row[0] not in found._ids])[:limit]

    @api.model
    def _find_by_code(self, code):
        """Ids of the partners found by the very code typed or scanned."""
        self.env["xpyme.code.register"]._flush()
        query = SQL(
            """
            SELECT id FROM res_partner WHERE ref = %(code)s
             UNION
            SELECT id FROM res_partner
             WHERE customer_code > 0 AND customer_code = %(number)s
             UNION
            SELECT partner_id FROM xpyme_alternative_code
             WHERE lower(name) = lower(%(code)s)
            """,
            number=code_format.parse(code),
            code=code,
        )
        return [partner_id for (partner_id,) in self.env.execute_query(query)]

    # === MERGING ===#

    def _take_codes(self, sources):
        """Before ``sources`` are merged into ``self``: their codes find the survivor.

        Whose own code stays; without one it is the first of theirs. The others become
        alternative codes.
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        coded = sources.filtered(lambda p: p.ref and p.is_customer_card).sorted("id")
        codes = coded.mapped("ref")
        coded.write({"ref": False})
        if codes and not self.ref and customer == self:
            self.ref = codes.pop(0)
        if codes:
            kept = [code for code in codes if customer._keep_code(code)]
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
        own = {other.name.lower() for other in self.alternative_code_ids}
        is_own = code_format.normalise(code) == code_format.normalise(self.ref)
        if not is_own and code.lower() not in own:
            try:
                with self.env.cr.savepoint():
                    self.alternative_code_ids.create(
                        {"name": code, "partner_id": self.id}
                    )
            except ValidationError:
                return False
        return True

    def _adopt_alternative_codes(self):
        """After a merge: codes that came over by SQL are the commercial entity's."""
        self.ensure_one()
        customer = self.commercial_partner_id
        # sudo: codes of a customer that the user has just been allowed to merge.
        codes = self.env["xpyme.alternative.code"].sudo()
        codes = codes.search([("partner_id", "in", (self | customer).ids)])
        (codes - customer.alternative_code_ids).write({"partner_id": customer.id})
        self.env.add_to_compute(codes._fields["company_id"], codes)

    @api.model
    def _get_forgotten_rows(self):
        rows = super()._get_forgotten_rows()
        return {**rows, "xpyme.alternative.code": ("partner_id",)}
