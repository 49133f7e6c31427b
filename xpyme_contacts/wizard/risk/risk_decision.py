from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import verify_hash_signed

from ...tools.risk_terms import QUESTION

_DAYS = 7


class RiskDecision(models.TransientModel):
    """The dialog over a customer's limit: whoever is asked goes on and answers for it,
    or a risk manager releases the document with a reason and an expiry, or leaves a
    dead order out of the risk.
    """

    _name = "xpyme.risk.decision"
    _description = "Decision over a Customer's Limit"
    _technicians_only_read = True

    kind = fields.Selection(
        [
            ("accepted", "Asked"),
            ("released", "Release"),
            ("left_out", "Left out of the risk"),
        ],
        required=True,
        default="released",
    )
    res_model = fields.Selection(
        [("sale.order", "Sales Order"), ("account.move", "Invoice")], required=True
    )
    res_ids = fields.Json(string="Documents", required=True)
    state = fields.Char(help="The state that the documents would go to.")
    continuation = fields.Char(help="What goes on afterwards.")
    question = fields.Char(help="What was asked on saving, signed by the server.")
    explanation = fields.Text(readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(
        help="The document passes up to this amount, with tax, in the company's "
        "currency."
    )
    reason = fields.Char()
    valid_until = fields.Date(
        default=lambda self: fields.Date.context_today(self) + timedelta(days=_DAYS)
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Make the dialog for orders or invoices.

        :raise UserError: it is about no sales document
        """
        known = dict(self._fields["res_model"].selection)
        for vals in vals_list:
            model = vals.get("res_model") or self.env.context.get("default_res_model")
            ids = vals.get("res_ids") or self.env.context.get("default_res_ids")
            if model not in known or not _is_list_of_ids(ids):
                raise UserError(
                    self.env._(
                        "Only orders and invoices are answered for here: open the "
                        "document and use its buttons."
                    )
                )
        return super().create(vals_list)

    def _get_documents(self):
        if not self.res_model:
            return self.env["sale.order"]
        return self.env[self.res_model].browse(self.res_ids).exists()

    @api.depends("res_model", "res_ids")
    def _compute_currency_id(self):
        for wizard in self:
            company = wizard._get_documents().sudo().company_id[:1]
            wizard.currency_id = (company or self.env.company).currency_id

    # === ACTIONS ===#

    def action_accept(self):
        """*Continuar*: log in the chatter who answers, and let the document go on.

        :raise UserError: a document is blocked by now
        """
        self.ensure_one()
        documents = self._get_documents()
        documents.check_access("write")
        verdicts = documents._get_over_risk({}, self.state)
        for document in documents:
            verdict = verdicts.get(document.sudo())
            if verdict and verdict.action != "ask":
                documents._refuse_over_risk({document: verdict}, {})
            if verdict or not self.continuation:
                self._write_release(document, verdict, "accepted")
        method = documents._get_risk_continuations().get(self.continuation)
        if not method:
            return {"type": "ir.actions.act_window_close"}
        # Asked once: what has grown meanwhile is refused.
        result = getattr(
            documents.with_context(risk_interactive=False, active_model=None), method
        )()
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}

    def action_release(self):
        """Release the document.

        :raise AccessError: the user is no risk manager
        :raise UserError: without a reason, an amount or a date to come
        """
        self.ensure_one()
        if not self.env["res.partner"]._is_risk_manager():
            raise AccessError(
                self.env._("Only a risk manager releases a document: ask one.")
            )
        document = self._get_documents()
        document.ensure_one()
        document.check_access("read")
        self._check_release()
        state = document._get_next_risk_state()
        verdict = document._get_over_risk({}, state).get(document.sudo())
        self._write_release(document, verdict, "released")
        document._close_risk_activities(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_leave_out(self):
        """Leave an order out of the risk.

        :raise AccessError: the user is no risk manager, or may not read the order
        :raise UserError: without a reason, or nothing is left to invoice
        """
        self.ensure_one()
        orders = self._get_documents()
        orders.ensure_one()
        vals = {"risk_left_out": True, "risk_left_out_reason": self._get_reason()}
        orders._check_risk_left_out_vals(vals)
        orders.check_access("read")
        orders._check_left_out_allowed()
        # sudo: risk managers answer for orders that they may only read.
        orders.sudo().write(vals)
        body = self.env._("Left out of the risk: %s", vals["risk_left_out_reason"])
        orders.sudo().message_post(body=body)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_reason(self):
        """The reason that was typed.

        :raise UserError: there is none
        """
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Type the reason: it is kept for whoever asks."))
        return reason

    def _check_release(self):
        """Check what a manager has typed.

        :raise UserError: without a reason, an amount or a date to come
        """
        self._get_reason()
        if self.amount <= 0:
            raise UserError(
                self.env._("Type the amount up to which the document passes.")
            )
        today = fields.Date.context_today(self)
        if not self.valid_until or self.valid_until < today:
            raise UserError(
                self.env._("The release ends before it begins: choose a date to come.")
            )

    def _write_release(self, document, verdict, kind):
        """Record who answers for a document, and log it there.

        :param verdict: None for a document that is within the limits
        :param kind: by the button; what the dialog holds comes from a client
        """
        exposure = self._get_exposure(document)
        vals = {
            "name": document.display_name,
            "res_model": document._name,
            "res_id": document.id,
            "partner_id": exposure.customer.id,
            "company_id": document.sudo().company_id.id,
            "kind": kind,
            "excess": verdict and max(excess.amount for excess in verdict.excesses),
            "user_id": self.env.uid,
        }
        if kind == "accepted":
            vals.update(self._prepare_acceptance_vals(document, exposure))
        else:
            vals.update(self._prepare_release_vals())
        # sudo: nobody writes releases but this dialog, which has judged the user.
        release = self.env["xpyme.risk.release"].sudo().create(vals)
        document._log_risk_release(release)

    def _get_exposure(self, document):
        """The document's :class:`Exposure`.

        :raise UserError: it puts nothing at risk
        """
        exposure = document.sudo()._get_risk_exposure(self.state)
        if not exposure:
            raise UserError(
                self.env._(
                    "%s puts nothing at risk: it needs no release.",
                    document.display_name,
                )
            )
        return exposure

    def _prepare_release_vals(self):
        """As a manager has typed it."""
        return {
            "amount": self.amount,
            "reason": self.reason.strip(),
            "valid_until": self.valid_until,
        }

    def _prepare_acceptance_vals(self, document, exposure):
        """What the document is or, asked on saving, what the server saw it become."""
        asked = 0.0 if self.continuation else self._get_amount_asked(document)
        return {
            "amount": max(exposure.amount, asked),
            "stage": exposure.stage,
            "reason": self.env._("Went on when asked"),
            "valid_until": fields.Date.context_today(self),
        }

    def _get_amount_asked(self, document):
        """The amount of the question that the server has signed, 0 if there is none.

        What was saved is rolled back by the question: only the signature tells it from
        an amount that a client made up.
        """
        try:
            # sudo: the key is the database's.
            asked = verify_hash_signed(self.sudo().env, QUESTION, self.question or "")
        except ValueError:
            asked = None
        whose = (self.env.uid, document._name, document.id)
        return asked["amount"] if asked and tuple(asked["whose"]) == whose else 0.0


def _is_list_of_ids(value):
    """
    >>> _is_list_of_ids([1, 2]), _is_list_of_ids("x"), _is_list_of_ids([{}])
    (True, False, False)
    """
    return isinstance(value, list) and all(isinstance(item, int) for item in value)
