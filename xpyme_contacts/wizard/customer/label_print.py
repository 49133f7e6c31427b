from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.address_labels import SHEETS, USUAL
from ...tools.spoken_number import say_number


class LabelPrint(models.TransientModel):
    """On which paper, and where on its first sheet the labels begin: one half used is
    not thrown away.
    """

    _name = "xpyme.label.print"
    _description = "Print Address Labels"
    _technicians_only_read = True

    partner_ids = fields.Many2many("res.partner", string="Whose", required=True)
    sheet = fields.Selection(
        "_get_sheets",
        string="Paper",
        required=True,
        default=USUAL,
        help="The sheets of A4 in the printer. Your last choice is proposed.",
    )
    start = fields.Integer(
        string="First free label",
        default=1,
        help="Counted from the left and from above: on a sheet of three columns 4 is "
        "the first of the second row.",
    )

    @api.model
    def _get_sheets(self):
        """Each by its number of labels and their size."""
        return [
            (
                name,
                self.env._(
                    "%(count)s labels of %(width)s × %(height)s mm",
                    count=sheet.count,
                    width=say_number(self.env, sheet.size[0]),
                    height=say_number(self.env, sheet.size[1]),
                ),
            )
            for name, sheet in SHEETS.items()
        ]

    @api.constrains("start", "sheet")
    def _check_start(self):
        for wizard in self:
            last = SHEETS[wizard.sheet].count
            if not 1 <= wizard.start <= last:
                raise UserError(
                    self.env._(
                        "A sheet has the labels 1 to %s: choose one of them.", last
                    )
                )

    def action_print(self):
        self.ensure_one()
        self.env["ir.default"].set(self._name, "sheet", self.sheet, user_id=True)
        report = self.env.ref("xpyme_contacts.xpyme_customer_labels_action")
        data = {
            "ids": self.partner_ids.ids,
            "sheet": self.sheet,
            "start": self.start,
        }
        return report.report_action(self.partner_ids, data=data, config=False)
