from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerLeave(models.Model):
    """A time when a customer pays nothing (seed 004: Bajas Temporales)."""

    _name = "xpyme.customer.leave"
    _technicians_only_read = True
    _description = "Customer Leave"
    _order = "date_from, id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="partner_id.company_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    name = fields.Char(string="Reason")

    @api.constrains("date_from", "date_to")
    def _check_order(self):
        """:raise ValidationError: it ends before it begins

        One that goes over New Year is typed with both years, whatever year counts.
        """
        for leave in self:
            if leave.date_to < leave.date_from:
                raise ValidationError(
                    self.env._(
                        "The leave of %(customer)s ends before it begins: type the "
                        "last day after the first.",
                        customer=leave.partner_id.name,
                    )
                )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_forgotten_rows(self):
        rows = super()._get_forgotten_rows()
        return {**rows, "xpyme.customer.leave": ("partner_id",)}
