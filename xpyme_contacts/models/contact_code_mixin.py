from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

_LENGTH = 6


class ContactCodeMixin(models.AbstractModel):
    """The code of a contact or of an address within its customer (seed 004).

    Contacts and addresses are numbered apart; two customers may use the same code.
    """

    _name = "xpyme.contact.code.mixin"
    _description = "Code of a Contact or an Address"

    contact_code = fields.Char(
        string="Contact or Address Code",
        size=_LENGTH,
        copy=False,
        help="Code of this contact, or of this address, within its customer: at most "
        "6 characters, used to state it in documents.",
    )

    @api.model
    def _normalise_contact_code_vals(self, vals):
        """Trim the code in ``vals``.

        :raise ValidationError: it is too long; Odoo would cut it off in silence
        """
        if "contact_code" not in vals:
            return
        code = str(vals["contact_code"] or "").strip()
        if len(code) > _LENGTH:
            raise ValidationError(
                self.env._(
                    "The code “%(code)s” is too long: at most %(length)s characters.",
                    code=code,
                    length=_LENGTH,
                )
            )
        vals["contact_code"] = code or False

    @api.constrains("contact_code", "parent_id", "type")
    def _check_contact_code(self):
        """:raise ValidationError: another contact or address of the customer has it"""
        coded = self.filtered(lambda p: p.contact_code and p.parent_id)
        if not coded:
            return
        coded.flush_model(["contact_code", "parent_id", "type"])
        query = SQL(
            """
            SELECT partner.contact_code, other.id, parent.name
              FROM res_partner partner
              JOIN res_partner other
                ON other.parent_id = partner.parent_id
               AND (other.type = 'contact') = (partner.type = 'contact')
               AND lower(other.contact_code) = lower(partner.contact_code)
               AND other.id <> partner.id
              JOIN res_partner parent ON parent.id = partner.parent_id
             WHERE partner.id = ANY(%s)
             LIMIT 1
            """,
            coded.ids,
        )
        for code, owner_id, customer in self.env.execute_query(query):
            raise ValidationError(
                self.env._(
                    "%(owner)s of %(customer)s already has the code %(code)s. Choose "
                    "another one.",
                    # sudo: the name of a contact of the same customer.
                    owner=self.browse(owner_id).sudo().display_name,
                    customer=customer,
                    code=code,
                )
            )

    def _release_contact_codes(self, sources):
        """Before ``sources`` are merged into ``self``: no code is there twice.

        Their contacts and addresses come over with their codes; where this customer
        has the same one, it stays his and is told in the history of the other.
        """
        self.ensure_one()
        family = self.with_context(active_test=False).search(
            [("parent_id", "in", (self | sources).ids), ("contact_code", "!=", False)]
        )
        seen = set()
        for partner in family.sorted(lambda p: (p.parent_id != self, p.id)):
            key = (partner.type == "contact", partner.contact_code.lower())
            if key not in seen:
                seen.add(key)
                continue
            code = partner.contact_code
            partner.contact_code = False
            partner._message_log(
                body=self.env._(
                    "The code %(code)s was taken away when the customers were merged: "
                    "%(customer)s has it already.",
                    code=code,
                    customer=self.name,
                )
            )
