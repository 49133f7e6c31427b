import logging

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, models
from odoo.http import _request_stack

_logger = logging.getLogger(__name__)


class RiskDocument(models.AbstractModel):
    """Tells the risk managers of a document that was held back."""

    _inherit = "xpyme.risk.document.mixin"

    def _tell_risk_managers(self, verdicts):
        """That these documents are over a limit."""
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
        :param tell: what the activity says of a document, in the managers' language,
            and its customer
        """
        rows = []
        for doc, customer in customers.items():
            managers = self._get_risk_managers(doc.sudo().company_id)
            summary = tell(doc.with_context(lang=managers[:1].lang), customer)
            rows.append((doc._name, doc.id, customer.id, managers.ids, summary))
        registry, is_done = self.env.registry, []

        def leave():
            if is_done or not rows:
                return
            is_done.append(True)
            # The request has lost its environment by now, where core still looks.
            _request_stack.push(None)
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    for name, *row in rows:
                        env[name]._leave_risk_activity(*row)
            except OperationalError:
                # Another session has just left the same one.
                _logger.info("An activity about a customer's risk was left elsewhere")
            finally:
                _request_stack.pop()

        self.env.cr.postcommit.add(leave)
        self.env.cr.postrollback.add(leave)

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
        """Done: a manager has released the document."""
        kind = self.env.ref("xpyme_contacts.activity_type_risk", False)
        # sudo: those of the other managers too.
        activities = self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
        if activities:
            activities.action_feedback(feedback=feedback)
