from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_archive(self):
        """The calls that somebody who leaves had to make are for somebody else.

        Core deletes the alerts, which would cancel the calls.
        """
        # sudo: as core does it for whoever may archive a user.
        calls = self.env["crm.phonecall"].sudo()
        calls.search(
            [("user_id", "in", self.ids), ("state", "in", ("open", "pending"))]
        ).user_id = False
        return super().action_archive()
