from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_date
from odoo.tools.misc import hash_sign

from ...tools.notices import LIMIT, Notice
from ...tools.risk_terms import QUESTION


class RiskDocument(models.AbstractModel):
    """How a document over a limit is refused, and how somebody answers for it.

    A *verdict* is why it does not pass, see ``risk_document_mixin.py``.
    """

    _inherit = "xpyme.risk.document.mixin"

    # === NOTICE ===#

    def _get_document_notices(self, entry):
        """That a manager has released it."""
        if not self._origin or not self._is_stopped_by_risk(entry):
            return []
        # sudo: told to whoever works with the document.
        releases = self.env["xpyme.risk.release"].sudo()._get_releases(self._origin)
        return [
            Notice(
                LIMIT - 1,
                self.env._(
                    "Released up to %(amount)s until %(date)s by %(user)s: %(reason)s",
                    amount=self._format_document_amount(release.amount, self),
                    date=format_date(self.env, release.valid_until),
                    user=release.user_id.name,
                    reason=release.reason,
                ),
            )
            for release in releases[:1]
        ]

    # === REFUSAL ===#

    def _refuse_over_risk(self, verdicts, before):
        """:param before: exposures before a change: the documents that exist
        :raise UserError: for a block, and where nobody can be asked
        :raise RedirectWarning: the same, with the way to answer for it
        """
        document, verdict = next(iter(verdicts.items()))
        message = self._get_over_risk_message(verdicts)
        is_one = document.id in before and len(verdicts) == 1
        kind = self._get_risk_answer(verdict.action) if is_one else None
        if kind != "accepted":
            self._tell_risk_managers(verdicts)
        if not kind:
            raise UserError(message)
        label = self.env._("Release") if kind == "released" else self.env._("Answer")
        raise RedirectWarning(
            message, self._get_risk_decision_action(verdicts, kind), label
        )

    def _get_risk_answer(self, action):
        """How this user may answer for a document over a limit, if he may at all."""
        user = self.env.user
        if self.env.su or user.share or self.env.context.get("import_file"):
            return None
        if action == "ask":
            return "accepted"
        return "released" if self.env["res.partner"]._is_risk_manager() else None

    def _get_over_risk_message(self, verdicts):
        if self.env.user.share:
            return self.env["res.partner"]._get_neutral_refusal()
        document, verdict = next(iter(verdicts.items()))
        values = {
            "customer": verdict.exposure.customer.name,
            "document": document.display_name,
            "debt": self._format_document_amount(verdict.excesses[0].debt, document),
            "excess": document._describe_excesses(verdict),
        }
        if verdict.action == "ask" and self._get_risk_answer("ask"):
            return self.env._(
                "With %(document)s %(customer)s would owe %(debt)s, %(excess)s: go on "
                "only if you answer for it.",
                **values,
            )
        if self._get_risk_answer("block"):
            return self.env._(
                "With %(document)s %(customer)s would owe %(debt)s, %(excess)s: "
                "release it with a reason, or collect first.",
                **values,
            )
        return self.env._(
            "With %(document)s %(customer)s would owe %(debt)s, %(excess)s: ask a risk "
            "manager to release it, or collect first.",
            **values,
        )

    def _describe_excesses(self, verdict):
        company = self.sudo().company_id
        partners = self.env["res.partner"]
        clauses = [
            partners._describe_excess(excess, company) for excess in verdict.excesses
        ]
        return self.env._(" and ").join(clauses)

    @api.model
    def _format_document_amount(self, amount, document):
        company = document.sudo().company_id
        return self.env["res.partner"]._format_risk_amount(amount, company)

    # === ASKING ===#

    @api.model
    def _get_risk_continuations(self):
        """What goes on after the question was answered: ``{code: method}``."""
        return {}

    def _ask_risk(self, state, continuation):
        """The question before documents go to ``state``, from a button of the client.

        :param continuation: what goes on when it is answered
        :return: the dialog, or None: there is nothing to ask
        :raise UserError: a document is blocked
        """
        if not self.env.context.get("risk_interactive") or not self._is_risk_judged():
            return None
        verdicts = self._get_over_risk({}, state)
        if not verdicts:
            return None
        if any(
            self._get_risk_answer(verdict.action) != "accepted"
            for verdict in verdicts.values()
        ):
            self._refuse_over_risk(verdicts, {doc.id: None for doc in self})
        return self._get_risk_decision_action(verdicts, "accepted", continuation, state)

    def _get_risk_decision_action(
        self, verdicts, kind, continuation=None, state=None, amount=None
    ):
        """The dialog in which a user answers for the documents of ``verdicts``."""
        title = self.env._("Over the limit")
        if kind == "released":
            title = self.env._("Release over the limit")
        kept = ("validate_analytic", "check_document_layout", "proforma")
        context = self.env.context
        amounts = [verdict.exposure.amount for verdict in verdicts.values()]
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "xpyme.risk.decision",
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "new",
            "context": {
                **{key: context[key] for key in kept if key in context},
                "default_kind": kind,
                "default_res_model": self._name,
                "default_res_ids": [doc.id for doc in verdicts],
                "default_explanation": self._explain_verdicts(verdicts),
                "default_amount": sum(amounts) if amount is None else amount,
                "default_continuation": continuation,
                "default_state": state,
                "default_question": self._sign_risk_question(verdicts),
            },
        }

    @api.model
    def _sign_risk_question(self, verdicts):
        """Up to which amount this user may answer for a document, today."""
        if len(verdicts) != 1:
            return False
        [(document, verdict)] = verdicts.items()
        question = {
            "whose": (self.env.uid, document._name, document.id),
            "amount": verdict.exposure.amount,
        }
        # sudo: the key is the database's.
        return hash_sign(self.sudo().env, QUESTION, question, expiration_hours=24)

    def _explain_verdicts(self, verdicts):
        """A sentence for each document."""
        return "\n".join(
            self._get_over_risk_message({doc: verdict})
            for doc, verdict in verdicts.items()
        )

    # === RELEASE ===#

    def _log_risk_release(self, release):
        """Tell in the chatter who answers for the document."""
        self.ensure_one()
        values = {
            "amount": self._format_document_amount(release.amount, self),
            "excess": self._format_document_amount(release.excess, self),
            "reason": release.reason,
            "date": format_date(self.env, release.valid_until),
        }
        if release.kind == "accepted":
            body = self.env._("Went on %(excess)s over the customer's limit.", **values)
        else:
            body = self.env._(
                "Released up to %(amount)s until %(date)s: %(reason)s", **values
            )
        self.message_post(body=body)

    def action_release_risk(self):
        """*Liberar*: a risk manager answers for the document, with a reason."""
        self.ensure_one()
        exposure = self.sudo()._get_risk_exposure()
        action = self._get_risk_decision_action(
            self._get_over_risk({}, self._get_next_risk_state()),
            "released",
            amount=exposure and exposure.amount,
        )
        action["context"]["default_res_ids"] = self.ids
        return action
