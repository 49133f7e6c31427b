from contextlib import contextmanager

from odoo import api, models

from ...tools.inner import heard
from ...tools.risk_terms import STOPS, Verdict
from ...tools.risk_verdict import add_to_debt, get_excesses


class RiskDocumentMixin(models.AbstractModel):
    """Judges a document by its customer's limits wherever the exposure grows.

    Each limit apart, the document counted once. Form, RPC, import, portal, payment,
    cron and duplicate all write through here.
    """

    _name = "xpyme.risk.document.mixin"
    _description = "Document Judged by Its Customer's Limits"
    _inherit = ["xpyme.document.notice.mixin"]

    # === EXPOSURE ===#

    def _get_risk_exposure(self, state=None):
        """The :class:`Exposure` of this document, or None if it puts nothing at risk.

        :param state: as if it were in that one
        """
        raise NotImplementedError

    def _is_counted_in_risk(self):
        """Whether the debt, as it is now in the database, holds this document."""
        raise NotImplementedError

    def _get_added_risk(self, exposure):
        """What the debt, as it is now in the database, lacks of the document."""
        if self._is_counted_in_risk():
            return 0.0
        return self._get_uncounted_risk(exposure)

    def _get_uncounted_risk(self, exposure):
        """What the debt lacks of a document that it does not hold."""
        return exposure.owed

    @api.model
    def _is_risk_judged_in(self, state, action):
        """Whether an ``action`` (ask, block) is taken in this state."""
        raise NotImplementedError

    def _get_next_risk_state(self):
        """The state that the document is on its way to."""
        raise NotImplementedError

    def _is_risk_judged(self):
        """Whether some stage of these documents can stop one."""
        # sudo: how the company wants it holds for whoever sells.
        stages = self.env["res.partner"]._get_document_stages(self._name)
        return any(
            company._get_strongest_risk_action(stages) in STOPS
            for company in self.sudo().company_id
        )

    def _get_risk_exposures(self):
        # sudo: payments and payers are not for every salesperson to read.
        return {doc.id: doc._get_risk_exposure() for doc in self.sudo()}

    def _get_risk_growth(self, before, state=None):
        """``{document: exposure}`` of those that put more at risk than ``before``.

        In another state, or of another customer, it is all new.
        """
        growth = {}
        for doc in self.sudo():
            old, new = before.get(doc.id), doc._get_risk_exposure(state)
            if not new:
                continue
            amount = new.amount
            if old and (old.state, old.customer) == (new.state, new.customer):
                amount -= old.amount
            if doc.company_id.currency_id.compare_amounts(amount, 0.0) > 0:
                growth[doc] = new
        return growth

    # === NOTICE ===#

    def _get_noticed_risk(self):
        """What the document adds to the debt: all of a new one, else its growth."""
        document = self.sudo()
        exposure = document._get_risk_exposure()
        if not exposure:
            return 0.0, "tell"
        saved, added = document._origin, exposure.owed
        is_known = saved.state == self._get_next_risk_state()
        if saved and (is_known or saved._is_counted_in_risk()):
            before = saved._get_risk_exposure()
            if before and before.customer == exposure.customer:
                added -= before.owed
        return added, document.company_id._get_risk_action(exposure.stage)

    def _is_stopped_by_risk(self, entry):
        stages = self.env["res.partner"]._get_document_stages(self._name)
        action = entry["company"]._get_strongest_risk_action(stages)
        risk = entry["risk"]
        return action in STOPS and bool(risk and get_excesses(risk.figures))

    # === JUDGEMENT ===#

    def _is_judged_above(self):
        return heard(self.env.context, "xpyme_risk_judged_above")

    @contextmanager
    def _judging_risk(self, state=None):
        """Judge what is changed within.

        :param state: the one they are brought to; in a new one they are judged whole
        :raise UserError, RedirectWarning: see :meth:`_refuse_over_risk`
        """
        if self._is_judged_above() or not self._is_risk_judged():
            yield
            return
        staying = self.filtered(lambda doc: state in (None, doc.state))
        before = dict.fromkeys(self.ids) | staying._get_risk_exposures()
        yield
        self._check_risk(before)

    def _check_risk(self, before, state=None):
        """Judge documents as they are now.

        :param before: exposures before a change; documents not in it are new
        :param state: as if they were in that one
        :raise UserError, RedirectWarning: see :meth:`_refuse_over_risk`
        """
        if not self._is_risk_judged():
            return
        if verdicts := self._get_over_risk(before, state):
            self._refuse_over_risk(verdicts, before)

    def _get_over_risk(self, before, state=None):
        """``{document: Verdict}`` of those that may not pass."""
        judged = {}
        for doc, exposure in self._get_risk_growth(before, state).items():
            action = doc.company_id._get_risk_action(exposure.stage)
            if action in STOPS and self._is_risk_judged_in(exposure.state, action):
                judged[doc] = (action, exposure)
        verdicts = {}
        for company in {doc.company_id for doc in judged}:
            own = {doc: row for doc, row in judged.items() if doc.company_id == company}
            verdicts.update(self._judge_in_company(company, own))
        return {
            doc: verdict
            for doc, verdict in verdicts.items()
            if not doc._is_risk_covered(verdict)
        }

    def _judge_in_company(self, company, judged):
        """The verdicts on documents of one company: ``{document: Verdict}``.

        :param judged: ``{document: (action, exposure)}``
        """
        customers = self.env["res.partner"].sudo()
        customers = customers.union(*(row.customer for _action, row in judged.values()))
        limited = customers._get_limited_customers(company)
        if not limited:
            return {}
        if any(row.stage != "quotation" for _action, row in judged.values()):
            # The figures are of this transaction's snapshot: had another session sold
            # to these customers since, this would fail and the request be repeated.
            self.env["xpyme.risk.lock"]._hold(limited)
        figures = limited._get_risk_figures(company)
        return self._get_verdicts(company, judged, figures)

    def _get_verdicts(self, company, judged, figures):
        """:param figures: of the customers who have limits"""
        added = {
            doc: doc._get_added_risk(exposure)
            for doc, (_action, exposure) in judged.items()
        }
        rounding, verdicts = company.currency_id.rounding, {}
        for doc, (action, exposure) in judged.items():
            customer = exposure.customer
            if customer.id not in figures:
                continue
            batch = sum(
                added[other]
                for other, (_action, row) in judged.items()
                if customer._shares_risk_with(row.customer)
            )
            owed = add_to_debt(figures[customer.id], batch, rounding)
            if excesses := get_excesses(owed):
                verdicts[doc] = Verdict(action, exposure, excesses)
        return verdicts

    def _is_risk_covered(self, verdict):
        """Whether somebody has answered for the document up to its amount."""
        # sudo: the release holds for whoever goes on with the document.
        covered = (
            self.env["xpyme.risk.release"]
            .sudo()
            ._get_covered_amounts(self, verdict.exposure.stage, verdict.action)
        )
        amount = covered.get((self.id, verdict.exposure.customer.id), 0.0)
        currency = self.sudo().company_id.currency_id
        return currency.compare_amounts(verdict.exposure.amount, amount) <= 0

    # === WHERE NOBODY IS ===#

    def _is_risk_silent(self):
        return heard(self.env.context, "xpyme_risk_silently")

    def _skip_blocked(self):
        """The documents left as they are because the customer is blocked; risk
        managers are told."""
        blocked = {doc: doc._get_blocked_customer() for doc in self}
        blocked = {doc: customer for doc, customer in blocked.items() if customer}
        self._tell_managers(
            blocked,
            lambda doc, customer: doc.env._(
                "%(document)s of %(customer)s, who is blocked (Baja), was signed or "
                "paid and stays as it is: take the mark off his card, or give the "
                "money back.",
                document=doc.display_name,
                customer=customer.name,
            ),
        )
        return self.browse([doc.id for doc in blocked])

    def _skip_over_risk(self, state):
        """The documents left as they are because of a limit; risk managers are told."""
        verdicts = self._get_over_risk({}, state) if self._is_risk_judged() else {}
        if verdicts:
            self._tell_risk_managers(verdicts)
        return self.browse([doc.id for doc in verdicts])
