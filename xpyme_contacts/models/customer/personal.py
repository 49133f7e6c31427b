from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.address_labels import label_lines

_MAX_AGE = 150
_PERSONAL = "xpyme_contacts.group_customer_documents"


class ResPartner(models.Model):
    """Sundry data of a customer (seed 004: Otros): age, marks for lists and labels.

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
    marked_for_listing = fields.Boolean(
        string="Listing",
        copy=False,
        help="Mark of those who are to be listed. It is set and taken away by hand or "
        "for many at once, and nothing happens by itself.",
    )
    marked_for_labels = fields.Boolean(
        string="Label",
        copy=False,
        help="Mark of those whose address label is to be printed. It is set and taken "
        "away by hand or for many at once, and nothing happens by itself.",
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
                        date=partner.birthdate_date,
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

    # === MARKS ===#

    def action_mark_for_listing(self):
        self.write({"marked_for_listing": True})

    def action_unmark_for_listing(self):
        self.write({"marked_for_listing": False})

    def action_mark_for_labels(self):
        self.write({"marked_for_labels": True})

    def action_unmark_for_labels(self):
        self.write({"marked_for_labels": False})

    def action_print_labels(self):
        """The label sheet of ``self``, else of all who are marked for labels.

        :raise UserError: nobody is marked
        """
        partners = self or self.search([("marked_for_labels", "=", True)])
        if not partners:
            raise UserError(
                self.env._(
                    "Nobody is marked for labels. Mark the customers in the list first."
                )
            )
        report = self.env.ref("xpyme_contacts.xpyme_customer_labels_action")
        return report.report_action(partners, config=False)

    def _get_label_lines(self):
        """What stands on this partner's label: names first, then the address."""
        self.ensure_one()
        company = self.commercial_partner_id.name
        address = self._display_address(without_company=True)
        return label_lines(company, self.name, address)
