from odoo import fields, models


class CustomerType(models.Model):
    """What kind of customer (seed 004, Fiscales › Tipo): for lists and statistics."""

    _name = "xpyme.customer.type"
    _technicians_only_read = True
    _description = "Customer Type"
    _order = "code, name"
    _rec_names_search = ["name", "code"]

    code = fields.Char(size=10, help="Short code, to type instead of the name.")
    name = fields.Char(required=True, translate=True)
    is_natural_person = fields.Boolean(
        string="Natural Person",
        help="Customers of this type have a given name and two surnames.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "There is a customer type with this code already.",
    )
