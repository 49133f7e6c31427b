from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.address_labels import COLUMNS, ROWS


class LabelPrint(models.TransientModel):
    """Where on the sheet the labels begin: one half used is not thrown away."""

    _name = "xpyme.label.print"
    _description = "Print Address Labels"
    _technicians_only_read = True

    partner_ids = fields.Many2many("res.partner", string="Whose", required=True)
    start = fields.Integer(
        string="First free label",
        default=1,
        help="Counted from the left and from above: 4 is the first of the second row.",
    )

    @api.constrains("start")
    def _check_start(self):
        last = COLUMNS * ROWS
        if any(not 1 <= wizard.start <= last for wizard in self):
            raise UserError(
                self.env._("A sheet has the labels 1 to %s: choose one of them.", last)
            )

    def action_print(self):
        self.ensure_one()
        report = self.env.ref("xpyme_contacts.xpyme_customer_labels_action")
        data = {"ids": self.partner_ids.ids, "start": self.start}
        return report.report_action(self.partner_ids, data=data, config=False)
