from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...tools.mailboxes import get_forms, normalise_mailbox, split_mailboxes
from .leaving import _digest
from .offer import SENDING, SKIPPED, WAITING

_BATCH = 1000
# Where a message has addresses, besides its author's.
_HEADS = {"incoming_email_cc", "incoming_email_to", "outgoing_email_to", "reply_to"}


class Offer(models.Model):
    """Offers that no longer tell who got them, at their wish or because they are old.

    That there was one stays, for the figures of its campaign; and so does its link to
    leave, for whoever still has the mail.
    """

    _inherit = "xpyme.offer"

    def _forget(self):
        """Take away addressee, text and prices; what was to be sent is not sent."""
        self.flush_recordset()
        mark = self.env["xpyme.offer.consent"]._hash
        known = [(box, offer) for offer in self if (box := offer.email)]
        marks = {offer.id: mark(box) for box, offer in known}
        proofs = {offer.id: _digest(offer._get_token(box)) for box, offer in known}
        self.env.cr.execute(
            SQL(
                """
                UPDATE xpyme_offer
                   SET email = NULL, subject = NULL, body_html = NULL, error = NULL,
                       omitted = NULL,
                       kept_mark = coalesce(given.mark, kept_mark),
                       kept_proof = coalesce(given.proof, kept_proof),
                       state = CASE WHEN state IN %(waiting)s THEN %(skipped)s
                                    ELSE state END,
                       skip_reason = CASE WHEN state IN %(waiting)s THEN 'forgotten'
                                          ELSE skip_reason END
                  FROM unnest(%(ids)s::int[], %(marks)s::text[], %(proofs)s::text[])
                       AS given(id, mark, proof)
                 WHERE given.id = xpyme_offer.id
                """,
                waiting=tuple(state for state in WAITING if state != SENDING),
                skipped=SKIPPED,
                ids=self.ids,
                marks=[marks.get(key) for key in self.ids],
                proofs=[proofs.get(key) for key in self.ids],
            )
        )
        self.env.cr.execute(
            SQL("DELETE FROM xpyme_offer_detail WHERE offer_id = ANY(%s)", self.ids)
        )
        self.env.invalidate_all()

    @api.model
    def _forget_old(self):
        """Forget offers older than their company keeps them (scheduled action)."""
        now, cron = fields.Datetime.now(), self.env["ir.cron"]
        for company in self.env["res.company"].search(
            [("offer_retention_months", ">", 0)]
        ):
            limit = now - relativedelta(months=company.offer_retention_months)
            domain = Domain("company_id", "=", company.id)
            domain &= Domain("email", "!=", False) & Domain("create_date", "<", limit)
            domain &= Domain("state", "not in", WAITING)
            while offers := self.search(domain, limit=_BATCH, order="id"):
                offers._forget()
                if not cron._commit_progress(len(offers)):
                    return


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _forget(self):
        """Of a customer's offers and consents only marks are left, which refuse.

        An address that another customer has too is theirs to refuse with.
        """
        offers = self.env["xpyme.offer"].search([("partner_id", "in", self.ids)])
        consents = self.env["xpyme.offer.consent"]
        said = consents.search([("partner_id", "in", self.ids)])
        boxes = {*offers.mapped("email"), *said.mapped("email")} - {False}
        for partner in self:
            for text in (partner.email, partner.document_email):
                boxes.update(split_mailboxes(text)[0])
        boxes = {normalise_mailbox(box) or box for box in boxes}
        others = self.with_context(active_test=True)._search_by_mailbox(boxes)
        own = {box for box in boxes if not others[box] - self}
        marks = [consents._hash(box) for box in sorted(own)]
        for company in self.env["res.company"].search([("id", "!=", False)]):
            consents._suppress(marks, company)
        own_said = consents.search([("email_hash", "in", marks)])
        own_said._forget()
        (said - own_said).write({"partner_id": False})
        offers._forget()
        self._forget_mailboxes(own)
        self.offer_line_ids.unlink()
        self._forget_campaigns()
        return super()._forget()

    def _forget_mailboxes(self, boxes):
        """Lists that have the addresses of these customers, and mails to them.

        :param boxes: that no other customer has
        """
        env = self._see_all()
        forms = [form for box in boxes for form in get_forms(box)]
        for model, fname in self._get_rows_of_mailboxes().items():
            env[model].search([(fname, "in", forms)]).unlink()
        # sudo: mails that came back are noted by the gateway only.
        dead = env["xpyme.offer.suppression"].sudo()
        known = Domain("email", "in", forms) | Domain("partner_id", "in", self.ids)
        dead.search(known).unlink()
        # sudo: what the page to join or a document has not sent yet, or could not.
        mails = env["mail.mail"].sudo()
        mails.search([("recipient_ids", "in", self.ids)]).unlink()
        self._find_by_box(mails, "email_to", boxes).unlink()
        # sudo: messages of others' documents name them too.
        messages = env["mail.message"].sudo()
        for fname in _HEADS & messages._fields.keys():
            self._find_by_box(messages, fname, boxes).write({fname: False})

    @api.model
    def _get_rows_of_mailboxes(self):
        """``{model: its field with a normalised address}``: rows that go with the
        mailboxes of a person. Add yours."""
        return {"mail.blacklist": "email", "mail.gateway.allowed": "email_normalized"}

    @api.model
    def _find_by_box(self, rows, fname, boxes):
        """The rows whose field of addresses has one of ``boxes``."""
        forms = [form for box in boxes for form in get_forms(box)]
        domain = Domain.OR(Domain(fname, "ilike", escape_psql(form)) for form in forms)
        return rows.search(domain).filtered(
            lambda row: not boxes.isdisjoint(split_mailboxes(row[fname])[0])
        )

    def _forget_campaigns(self):
        """Campaigns for one of these customers alone have their name, and end."""
        campaigns = self.env["xpyme.offer.campaign"].search(
            [("partner_id", "in", self.ids)]
        )
        for campaign in campaigns.with_context(tracking_disable=True):
            nobody = self.env._("Forgotten customer")
            campaign.write(
                {
                    "name": self.env._("Offer to %s", nobody),
                    "subject": nobody,
                    "repeat_every": False,
                }
            )
            campaign.with_context(active_test=False).activity_ids.unlink()
            campaign.message_ids.unlink()
