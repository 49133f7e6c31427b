from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

_MAX_AGE = 150
_PERSONAL = "xpyme_contacts.group_customer_documents"


class ResPartner(models.Model):
    """Personal data of a customer (seed 004: Otros): age, birth date, documents.

    Identity documents are OCA's, see ``res.partner.id_number``. Birth date, age by it
    and documents are read by the group *Personal Data of Customers* only.
    """

    _inherit = "res.partner"

    # Personal data, of OCA's. A copy would be refused to whoever may not read it.
    id_numbers = fields.One2many(groups=_PERSONAL)
    birthdate_date = fields.Date(groups=_PERSONAL, copy=False)
    age = fields.Integer(groups=_PERSONAL)
    stated_age = fields.Integer(
        help="Age as the customer said it. It does not change as time goes by.",
    )

    # === CHECKS ===#

    @api.constrains("stated_age")
    def _check_stated_age(self):
        """:raise ValidationError: nobody is that old"""
        for partner in self:
            if not 0 <= partner.stated_age <= _MAX_AGE:
                raise ValidationError(
                    self.env._(
                        "The age of %(customer)s cannot be %(age)s: it is a number "
                        "from 0 to %(maximum)s.",
                        customer=partner.name,
                        age=partner.stated_age,
                        maximum=_MAX_AGE,
                    )
                )

    @api.constrains("birthdate_date")
    def _check_birthdate(self):
        """:raise ValidationError: born in the future"""
        today = fields.Date.context_today(self)
        # sudo: also checked when somebody creates a customer who may not see it.
        for partner in self.sudo().filtered("birthdate_date"):
            if partner.birthdate_date > today and partner._is_of_customer():
                raise ValidationError(
                    self.env._(
                        "%(customer)s cannot be born on %(date)s, a day to come.",
                        customer=partner.name,
                        date=format_date(self.env, partner.birthdate_date),
                    )
                )

    # === MERGING ===#

    def _take_personal_data(self, sources):
        """The personal data that ``self`` lacks, from ``sources`` merged into it."""
        self.ensure_one()
        for fname in ("birthdate_date", "ip_address"):
            source = sources.filtered(fname)[:1]
            if source and not self[fname]:
                self[fname] = source[fname]
