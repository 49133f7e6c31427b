from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import consteq, format_date

from ...tools.mailboxes import mask, normalise_mailbox
from ...tools.offer_template import fill_subject
from .consent import GRANTED, WITHDRAWN


class Offer(models.Model):
    """The reader of an offer leaves, or comes back: the mail is their proof.

    What their addresses are is not told to whoever has found the mail.
    """

    _inherit = "xpyme.offer"

    kept_mark = fields.Char(
        readonly=True,
        help="Tells the address again of which the offer has been forgotten.",
    )
    kept_proof = fields.Char(
        readonly=True,
        help="What the link in the mail is known by once the address is forgotten.",
    )

    # === WHO ASKS ===#

    @api.model
    def _find_by_token(self, offer_id, token):
        """The offer whose mail carried the token; empty for a wrong one."""
        # sudo: the person is not logged in; the token is the proof.
        offer = self.sudo().browse(offer_id).exists()
        if offer and token.isascii() and consteq(offer._get_proof(), _digest(token)):
            return offer
        return self.sudo().browse()

    def _get_proof(self):
        """What a token is compared with."""
        return self.kept_proof or _digest(self._get_token(self.email))

    def _get_mark(self):
        """What the register of consents knows the address by."""
        return self.kept_mark or self.env["xpyme.offer.consent"]._hash(self.email)

    # === WHAT THEY SAY ===#

    def _is_refused(self):
        """Whether no more offers of the company are wanted at the mail's address."""
        self.ensure_one()
        return self._get_mark() in self._filter_refused([self._get_mark()])

    def _filter_refused(self, marks):
        """Those of the marks whose addresses want no more offers of the company."""
        consents = self.env["xpyme.offer.consent"]
        consents.flush_model()
        last = consents._get_last_of_mark_sql(
            SQL("box.mark"), SQL("%s", self.company_id.id)
        )
        query = SQL(
            "SELECT box.mark FROM unnest(%s::text[]) AS box(mark) WHERE %s = %s",
            list(marks),
            last,
            WITHDRAWN,
        )
        return {mark for (mark,) in self.env.execute_query(query)}

    def _get_other_mailboxes(self):
        """The other addresses of the customer that offers still go to.

        None while the address of the mail is no longer the customer's: whoever has it
        now speaks for nobody else.
        """
        boxes = dict.fromkeys(self.partner_id._get_offer_mailboxes())
        own = normalise_mailbox(self.email)
        if own not in boxes:
            return []
        mark = self.env["xpyme.offer.consent"]._hash
        marks = {mark(box): box for box in boxes if box != own}
        refused = self._filter_refused(marks)
        return [box for mark, box in marks.items() if mark not in refused]

    def _tell_other_mailboxes(self):
        """The other addresses as far as their owner tells them again."""
        return ", ".join(map(mask, self._get_other_mailboxes()))

    def _refuse_offers(self, source, everywhere=False, reason="", trace=""):
        """The person who has this mail wants no more; said once, noted once.

        :param everywhere: nor at the customer's other addresses
        :param reason: their own words, if they gave any
        :param trace: where the request came from
        """
        others = self._get_other_mailboxes() if everywhere else []
        own = [] if self._is_refused() else [self.email]
        text = self._tell_refusal(source, bool(others))
        if reason:
            text += "\n" + self.env._("Their reason: %s", reason)
        self._note(WITHDRAWN, [*own, *others], source, text, trace)

    def _want_offers_again(self, trace=""):
        """The person who left has changed their mind."""
        if self.email and self._is_refused():
            env = self._in_readers_language()
            text = env._("The page said: Send me offers again. It was pressed.")
            self._note(GRANTED, [self.email], "page", text, trace)

    def _note(self, kind, boxes, source, text, trace):
        vals = {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "kind": kind,
            "source": source,
            "text": text,
            "trace": trace,
            "offer_id": self.id,
        }
        # Of somebody who was forgotten nothing but the mark is left.
        forgotten = {"email_hash": self.kept_mark, "partner_id": False}
        self.env["xpyme.offer.consent"].create(
            [{**vals, **({"email": box} if box else forgotten)} for box in boxes]
        )

    def _in_readers_language(self):
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        return self.with_context(lang=lang).env

    def _tell_refusal(self, source, everywhere):
        """What the person had before them when they refused, in their language.

        Without their name, which would outlive their wish to be forgotten.
        """
        env = self._in_readers_language()
        told = [
            env._(
                "Offer: %(subject)s (%(company)s, %(date)s)",
                subject=fill_subject(self.campaign_id.subject, "…"),
                company=self.company_id.name,
                date=format_date(env, self.sent_at or self.create_date),
            )
        ]
        if source == "one_click":
            told.append(
                env._(
                    "The mail said: I want no more offers. Pressed: the button of the "
                    "mail program that unsubscribes."
                )
            )
        else:
            # The words of offer_unsubscribe_page.
            told.append(
                env._(
                    "The page asked: Do you want no more offers? Pressed: No more "
                    "offers. Invoices and other documents go on as before."
                )
            )
        if everywhere:
            told.append(env._("Ticked: Also at my other addresses."))
        return "\n".join(told)


def _digest(token):
    return sha256(token.encode()).hexdigest()
