from odoo import api, fields, models
from odoo.exceptions import ValidationError

_MAX_COPIES = 9


class ResPartner(models.Model):
    """How a customer is billed (seed 004: Factura, Bajas Temporales)."""

    _inherit = "res.partner"

    leave_ids = fields.One2many(
        "xpyme.customer.leave",
        "partner_id",
        string="Leaves",
        help="When the customer pays nothing: a due date that falls into one moves to "
        "the day after it.",
    )
    leave_ignore_year = fields.Boolean(
        string="Every Year",
        help="The leaves come round each year, whatever year is typed.",
    )
    invoice_grouping_mode = fields.Selection(
        [("group", "Group"), ("per_delivery", "One per delivery note")],
        string="Way of Invoicing",
        help="Group: what is to be invoiced of the same terms is one invoice. One per "
        "delivery note: each order, or delivery note where stock is installed, has its "
        "own. Empty: as Odoo does; a billing run keeps terms and months apart.",
    )
    invoice_month_end = fields.Boolean(
        string="Month End", help="Is invoiced on the last day of the month only."
    )
    invoicing_group_id = fields.Many2one(
        "xpyme.invoicing.group",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Customers who are billed together.",
    )
    invoice_journal_id = fields.Many2one(
        "account.journal",
        string="Invoice Series",
        company_dependent=True,
        check_company=True,
        domain=lambda self: self.env["account.journal"]._get_series_domain(),
        help="Journal of the customer's orders and invoices. Empty: the company's.",
    )
    invoice_copies = fields.Integer(
        help="How many copies are printed with the original: 0 is the original alone.",
    )
    minimum_consumption = fields.Float(
        digits="Product Price",
        help="What the customer agreed to buy each month, without tax, in the "
        "company's currency. It is told, and changes no document.",
    )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            *("leave_ignore_year", "invoice_grouping_mode", "invoice_month_end"),
            *("invoicing_group_id", "invoice_journal_id", "invoice_copies"),
            "minimum_consumption",
        ]

    @api.constrains("invoice_copies")
    def _check_invoice_copies(self):
        """:raise ValidationError: fewer than none, or more than a printer should"""
        for partner in self:
            if not 0 <= partner.invoice_copies <= _MAX_COPIES:
                raise ValidationError(
                    self.env._(
                        "%(copies)s copies of an invoice cannot be printed: type a "
                        "number from 0 to %(maximum)s.",
                        copies=partner.invoice_copies,
                        maximum=_MAX_COPIES,
                    )
                )

    @api.constrains("minimum_consumption")
    def _check_minimum_consumption(self):
        """:raise ValidationError: a negative one"""
        if any(partner.minimum_consumption < 0 for partner in self):
            raise ValidationError(
                self.env._("The minimum consumption is negative: type what was agreed.")
            )
