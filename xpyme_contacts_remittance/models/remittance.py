from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from odoo.addons.xpyme_contacts.tools.inner import inner

from ..tools import banking_days

# The bank has the file: what was settled meanwhile is left as it is.
_SENT = inner("xpyme_receipts_sent")


class AccountPaymentOrder(models.Model):
    """A remittance: a debit order of OCA's batch payments."""

    _inherit = "account.payment.order"
    _technicians_only_read = True

    remittance_group_ids = fields.Many2many(
        "xpyme.remittance.group",
        check_company=True,
        help="Customers of these groups are proposed; empty: all.",
    )
    # A copy has not been sent, and whoever deletes an order deletes its file.
    payment_file_id = fields.Many2one(copy=False)
    date_generated = fields.Date(copy=False)
    date_uploaded = fields.Date(copy=False)

    def draft2open(self):
        """:raise UserError: a receipt that cannot be debited, or not with that amount
        :raise RedirectWarning: the method has no account for receipts on their way"""
        for remittance in self.filtered(lambda order: order.payment_type == "inbound"):
            obstacles = remittance.payment_line_ids._get_obstacles()
            if obstacles:
                raise UserError(
                    self.env._(
                        "These receipts cannot be debited. Take them out of the "
                        "remittance, and into it again once they can:\n%s",
                        remittance._list_obstacles(obstacles),
                    )
                )
            if remittance.journal_id:
                remittance.payment_method_line_id._check_remittance_account(
                    remittance.journal_id
                )
        return super().draft2open()

    def open2generated(self):
        """:raise UserError: none of the receipts can be debited any more, or somebody
        has made the file"""
        for remittance in self.filtered(lambda order: order.payment_type == "inbound"):
            remittance._check_step("open")
            remittance._judge_anew()
        return super().open2generated()

    def generated2uploaded(self):
        """The bank debits what the file says: that a receipt has been settled since
        keeps nobody from taking note of it, and is told.

        :raise UserError: there is no file, or it has been noted
        """
        self.ensure_one()
        if self.payment_type != "inbound":
            return super().generated2uploaded()
        self._check_step("generated")
        settled = self.payment_line_ids.filtered(lambda line: line._is_beyond_debt())
        sent = self.with_context(**_SENT)
        res = super(AccountPaymentOrder, sent).generated2uploaded()
        if settled:
            self._tell_settled(settled)
        return res

    def action_cancel(self):
        """Undo what was sent: the mandates that it used up can be used again."""
        sent = self.filtered(lambda order: order.state == "uploaded")
        res = super().action_cancel()
        sent.payment_line_ids._give_mandates_back()
        return res

    def _check_step(self, state):
        """:raise UserError: a window that is older than what somebody has done since"""
        if self.state != state:
            raise UserError(
                self.env._(
                    "This step is not the next one of %s: load the page again and see "
                    "how far it is.",
                    self.name,
                )
            )

    def _judge_anew(self):
        """Take out what cannot be debited any more, and debit the rest on days on
        which the bank still can.

        :raise UserError: nothing is left
        """
        obstacles = self.payment_line_ids._get_obstacles()
        gone = self.payment_line_ids.browse().union(*obstacles)
        told = self._list_obstacles(obstacles)
        if self.payment_line_ids <= gone:
            raise UserError(
                self.env._(
                    "No receipt of this remittance can be debited any more: cancel "
                    "it.\n%s",
                    told,
                )
            )
        earliest = banking_days.first_debit_date(fields.Date.context_today(self))
        late = min(self.payment_lot_ids.mapped("date")) < earliest
        if not (gone or late or self._has_stale_payments()):
            return
        self.cancel2draft()
        gone.unlink()
        self.draft2open()
        self._tell_changes(gone and told, late)

    def _has_stale_payments(self):
        """Whether the file would debit otherwise than the receipts say by now."""
        return any(
            payment.currency_id.compare_amounts(
                payment.amount, sum(payment.payment_line_ids.mapped("amount_currency"))
            )
            for payment in self.payment_ids
        )

    def _tell_changes(self, taken_out, late):
        """In the history, what is other in the file than it was when confirmed."""
        if taken_out:
            told = self.env._(
                "Taken out before the file was made, for they cannot be debited any "
                "more:\n%s",
                taken_out,
            )
            self.message_post(body=plaintext2html(told))
        if late:
            self.message_post(
                body=self.env._(
                    "A debit day had come before the file was made: receipts are "
                    "debited on the next day on which the bank still can."
                )
            )

    def _list_obstacles(self, obstacles):
        return "\n".join(
            f"{line._describe_receipt()}: {obstacle}"
            for line, obstacle in obstacles.items()
        )

    def _tell_settled(self, lines):
        """A task for whoever has sent them: the bank brings too much."""
        note = self.env._(
            "Less is owed of these receipts than when the file was made. What the bank "
            "brings beyond stays in the customers' favour: match it with what they "
            "owe, or pay it back.\n%s",
            "\n".join(line._describe_receipt() for line in lines),
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.env.user.id,
            summary=self.env._("Debited although settled"),
            note=plaintext2html(note),
        )

    def action_return_receipts(self):
        """A return of receipts of this remittance, to be told which."""
        self.ensure_one()
        line = self.payment_method_line_id._get_remitting_line(self.journal_id)
        return {
            "name": self.env._("Returned receipts"),
            "type": "ir.actions.act_window",
            "res_model": "payment.return",
            "views": [(False, "form")],
            "context": {
                "default_company_id": self.company_id.id,
                "default_journal_id": self.journal_id.id,
                "default_payment_method_line_id": line.id,
            },
        }


class AccountPaymentLine(models.Model):
    """A receipt in a remittance."""

    _inherit = "account.payment.line"
    _technicians_only_read = True

    _open_receipt_uniq = models.UniqueIndex(
        "(move_line_id) WHERE payment_type = 'inbound'"
        " AND state IN ('draft', 'open', 'generated')",
        "A receipt stands in another remittance already: look for it there, or make "
        "this remittance again.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_sent(self):
        """:raise UserError: the bank has the file, and would be asked twice"""
        sent = self.filtered(
            lambda line: line.payment_type == "inbound"
            and line.state in ("generated", "uploaded")
        )
        if sent:
            raise UserError(
                self.env._(
                    "The file of %(remittance)s asks for %(receipt)s: cancel the whole "
                    "remittance, or return the receipt once the bank has debited it.",
                    remittance=sent.order_id[:1].name,
                    receipt=sent[0]._describe_receipt(),
                )
            )

    @api.depends("partner_id", "move_line_id")
    def _compute_mandate_id(self):
        """Whoever adds a receipt, it is debited by a mandate that can be used."""
        res = super()._compute_mandate_id()
        for line in self.filtered(lambda line: line.mandate_id and line.move_line_id):
            receipt = line.move_line_id.with_company(line.company_id)
            line.mandate_id = receipt._get_remittance_mandate(
                receipt.partner_id.commercial_partner_id, line._get_planned_date()
            )
        return res

    def _get_obstacles(self):
        """Why receipts cannot be debited as they stand here, of those that cannot.

        :return: ``{line: one sentence}``
        """
        obstacles, debits = {}, {}
        for line in self:
            obstacle = line._get_mandate_obstacle(debits)
            if not obstacle and line._is_beyond_debt():
                obstacle = self.env._("Less is owed by now than would be debited.")
            if obstacle:
                obstacles[line] = obstacle
        return obstacles

    def _get_mandate_obstacle(self, debits):
        """Why the mandate is none for this receipt; False if it is.

        :param debits: see ``_get_second_debit_obstacle``
        """
        self.ensure_one()
        mandate = self.mandate_id
        if not mandate:
            return self.mandate_required and self.env._(
                "The customer has no mandate in force."
            )
        date = self._get_planned_date()
        grouped = self.order_id.payment_method_line_id.group_lines
        # Whoever stands in the line, the invoice says whose debt it is.
        debtor = self.move_line_id.partner_id or self.partner_id
        return mandate._get_obstacle(
            date, debtor.commercial_partner_id
        ) or mandate._get_second_debit_obstacle(debits, date if grouped else self)

    def _describe_receipt(self):
        return self.env._(
            "%(receipt)s of %(customer)s",
            receipt=self.move_line_id.move_id.name or self.communication,
            customer=self.partner_id.display_name,
        )

    def _give_mandates_back(self):
        """The mandates that expired with these receipts have not debited them."""
        expired = self.mandate_id.filtered(lambda mandate: mandate.state == "expired")
        single = expired.filtered(lambda mandate: mandate.type == "oneoff")
        single.write({"state": "valid", "last_debit_date": False})
        last = self.filtered(
            lambda line: line.payment_ids.payment_lot_id.sequence_type == "FNAL"
        )
        (last.mandate_id & expired).write({"state": "final"})

    def _is_beyond_debt(self):
        """Whether more is debited than the receipt has left; another line has none."""
        self.ensure_one()
        receipt = self.move_line_id
        if not receipt:
            return False
        left = (
            receipt.amount_residual_currency if receipt.parent_state == "posted" else 0
        )
        return self.currency_id.compare_amounts(self.amount_currency, left) > 0

    def _prepare_write_draft2open(self):
        """Debited when the customer pays and banks work."""
        vals = super()._prepare_write_draft2open()
        if self.payment_type == "inbound":
            vals["date"] = self._get_debit_date(vals["date"])
        return vals

    def _get_planned_date(self):
        """When it is debited if it is confirmed today."""
        return self._prepare_write_draft2open()["date"]

    def _get_debit_date(self, date):
        customer = self.partner_id.commercial_partner_id
        fixed = self.order_id.date_prefered == "fixed"
        today = fields.Date.context_today(self)
        earliest = max(date, banking_days.first_debit_date(today))
        moved = not fixed and customer._get_debit_date(date)
        return moved or banking_days.next_banking_day(earliest)

    def _prepare_overview_row(self):
        """What the customer's card tells of this receipt."""
        move = self.move_line_id.move_id
        paid = self.payment_ids.move_id.line_ids.matched_debit_ids.debit_move_id
        returned = bool(paid.move_id.payment_return_ids)
        if returned:
            situation = self.env._("Returned")
        elif self.state == "uploaded":
            situation = self.env._("Given to the bank")
        else:
            situation = self.env._("Being prepared")
        return {
            "receipt": move.name or self.communication,
            "remittance": self.order_id.name,
            "date": self.date or self.ml_maturity_date,
            "amount": self.currency_id.format(self.amount_currency),
            "situation": situation,
            "returned": returned,
        }
