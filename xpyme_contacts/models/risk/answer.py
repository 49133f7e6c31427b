import logging
from contextlib import nullcontext

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.http import borrow_request, request
from odoo.tools import format_date, format_list
from odoo.tools.misc import hash_sign

from ...tools.notices import Notice
from ...tools.risk_terms import LIMIT, QUESTION, RELEASED, Verdict

_logger = logging.getLogger(__name__)

# Risk managers whom a message names.
_NAMED = 3


class RiskDocument(models.AbstractModel):
    """How a document over a limit is refused, and how somebody answers for it; how
    risk managers are told of what was held back.

    A :class:`Verdict` is why it does not pass.
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
                RELEASED,
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

    def _get_entry_notices(self, entries):
        """Once somebody has answered for the document, its limit alarms no more."""
        entry, notices = super()._get_entry_notices(entries)
        if not entry or not self._origin or not self._is_risk_answered(entry):
            return entry, notices
        notices = [
            notice._replace(strength=RELEASED) if notice.strength == LIMIT else notice
            for notice in notices
        ]
        notices = sorted(notices, key=lambda notice: notice.strength)
        return {**entry, "risk_answered": True}, notices

    def _is_risk_answered(self, entry):
        """Whether a release covers what the document puts at risk on its way."""
        if not self._is_stopped_by_risk(entry):
            return False
        # sudo: as the judgement.
        document = self.sudo()
        exposure = document._get_risk_exposure(document._get_next_risk_state())
        action = document.company_id._get_strongest_risk_action(
            self.env["res.partner"]._get_document_stages(self._name)
        )
        return bool(exposure) and document._is_risk_covered(
            Verdict(action, exposure, ())
        )

    # === REFUSAL ===#

    def _refuse_over_risk(self, verdicts, before):
        """Refuse documents, with the way to answer for one if the user may.

        :param before: exposures before a change: the documents that exist
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
        """How this user may answer for a document over a limit; None: not at all."""
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
        return self._get_told_message(document, values)

    def _get_told_message(self, document, values):
        """For who can only wait: whom it has been told to."""
        managers = self._get_risk_managers(document.sudo().company_id)
        if not managers:
            return self.env._(
                "With %(document)s %(customer)s would owe %(debt)s, %(excess)s: "
                "collect first. Nobody here is a risk manager who could release it.",
                **values,
            )
        names = managers[:_NAMED].mapped("name")
        return self.env._(
            "With %(document)s %(customer)s would owe %(debt)s, %(excess)s. It has "
            "been told to %(managers)s, who can release it; or collect first.",
            **values,
            managers=format_list(self.env, names, style="or"),
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
        return company.currency_id.format(amount)

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
        self, verdicts, kind, continuation=False, state=False, amount=None
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
        """The message of each document, a line each."""
        return "\n".join(
            self._get_over_risk_message({doc: verdict})
            for doc, verdict in verdicts.items()
        )

    # === RELEASE ===#

    def _log_risk_release(self, release):
        """Say in the chatter who answers for the document."""
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

    # === TELLING ===#

    def _tell_risk_managers(self, verdicts):
        """Tell them that these documents are over a limit."""
        customers = {
            doc: verdict.exposure.customer for doc, verdict in verdicts.items()
        }
        self._tell_managers(
            customers,
            lambda doc, customer: doc.env._(
                "%(document)s of %(customer)s: %(excess)s",
                document=doc.display_name,
                customer=customer.name,
                excess=doc._describe_excesses(verdicts[doc]),
            ),
        )

    def _tell_managers(self, customers, tell):
        """Leave an activity for each, whether this transaction lasts or not.

        A refusal is rolled back, an import that caught one is committed, and a portal
        commits without a refusal: so a transaction of its own follows either end.

        :param customers: ``{document: customer}``
        :param tell: what the activity says of a document, in its reader's language,
            and its customer
        """
        rows = [
            row
            for doc, customer in customers.items()
            for row in doc._prepare_risk_activities(customer, tell)
        ]
        registry, is_done = self.env.registry, []

        def leave():
            if is_done or not rows:
                return
            is_done.append(True)
            # The request has lost its environment by now, where core would look.
            hidden = borrow_request() if request else nullcontext()
            try:
                with hidden, registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    for name, *row in rows:
                        env[name]._leave_risk_activity(*row)
            except OperationalError:
                # Another session has just left the same one.
                _logger.info("An activity about a customer's risk was left elsewhere")

        self.env.cr.postcommit.add(leave)
        self.env.cr.postrollback.add(leave)

    def _prepare_risk_activities(self, customer, tell):
        """What is left on a document: for the managers of each language a row, with
        the arguments of ``_leave_risk_activity``."""
        company = self.sudo().company_id
        managers = self._get_risk_managers(company)
        # Without managers it waits for whoever comes.
        readers = managers.grouped("lang") or {company.partner_id.lang: managers}
        for lang, those in readers.items():
            summary = tell(self.with_context(lang=lang), customer)
            yield self._name, self.id, customer.id, those.ids, summary

    @api.model
    def _get_risk_managers(self, company):
        group = self.env.ref("xpyme_contacts.group_risk_manager")
        # sudo: who the managers are is not this user's to read.
        return group.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    @api.model
    def _leave_risk_activity(self, document_id, customer_id, manager_ids, summary):
        """On the document, or on the customer's card if it was not saved.

        One for each manager, of nobody if there is none; never twice: an open one is
        told anew.
        """
        document = self.browse(document_id).exists()
        customer = self.env["res.partner"].browse(customer_id).exists()
        kind = self.env.ref("xpyme_contacts.activity_type_risk", False)
        if not kind or not customer:
            return
        self.env["xpyme.risk.lock"]._update([f"{self._name}:{document_id}"])
        for manager in self.env["res.users"].browse(manager_ids or [False]):
            record = document or customer
            if manager.id and not record.with_user(manager).has_access("read"):
                record = customer
            known = record.activity_ids.filtered(
                lambda a, manager=manager: a.activity_type_id == kind
                and a.user_id == manager
            )
            known.summary = summary
            if not known:
                record.activity_schedule(
                    activity_type_id=kind.id, user_id=manager.id, summary=summary
                )

    def _close_risk_activities(self, feedback):
        """Mark them as done: a manager has released the document."""
        kind = self.env.ref("xpyme_contacts.activity_type_risk", False)
        # sudo: those of the other managers too.
        activities = self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
        if activities:
            activities.action_feedback(feedback=feedback)
