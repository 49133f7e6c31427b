from odoo import api, models
from odoo.exceptions import UserError

from .item import DONE


class BillingRun(models.Model):
    _inherit = "xpyme.billing.run"

    def _check_may_send(self):
        """:raise UserError: Odoo sends no invoices in the background"""
        # sudo: whether it is switched on, for whoever has no rights on it.
        cron = self.env.ref("account.ir_cron_account_move_send").sudo()
        if not cron.active and any(run.action_after == "send" for run in self):
            raise UserError(
                self.env._(
                    "The invoices can be confirmed, not sent: the scheduled action "
                    "“%s” is switched off.",
                    cron.name,
                )
            )


class BillingWorker(models.AbstractModel):
    """Sends what it has confirmed, as Odoo's list of invoices does: in the background,
    to each customer the way that stands on their card."""

    _inherit = "xpyme.billing.worker"

    @api.model
    def _post(self, items):
        result = super()._post(items)
        if items.run_id.action_after == "send":
            self._send(items.filtered(lambda item: item.state == DONE))
        return result

    @api.model
    def _send(self, items):
        run = items.run_id
        author = run.started_by_id or run.env.user
        moves = items.move_ids.filtered(
            lambda move: move.state == "posted"
            and not (move.is_move_sent or move.sending_data)
        )
        unreached = moves.filtered(lambda move: not self._is_reached(move))
        unreached.billing_run_item_id.write(
            {"note": run.env._("Not sent: the customer has no e-mail address.")}
        )
        (moves - unreached).sending_data = {
            "author_user_id": author.id,
            "author_partner_id": author.partner_id.id,
        }
        # sudo: whoever may send invoices has no rights on scheduled actions.
        run.env.ref("account.ir_cron_account_move_send").sudo()._trigger()

    @api.model
    def _is_reached(self, move):
        """Whether there is an address for an invoice that goes by e-mail."""
        sender = self.env["account.move.send"]
        if "email" not in sender._get_default_sending_methods(move):
            return True
        template = sender._get_default_mail_template_id(move)
        lang = sender._get_default_mail_lang(move, template)
        return bool(sender._get_default_mail_partner_ids(move, template, lang))
