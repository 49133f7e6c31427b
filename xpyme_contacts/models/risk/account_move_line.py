from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # The open items of a customer, few among all entries ever made.
    _risk_open_idx = models.Index(
        "(partner_id) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE"
        " AND amount_residual != 0"
    )
