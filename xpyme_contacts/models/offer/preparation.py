from collections import defaultdict
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.offer_articles import frame_body, render_articles
from ...tools.offer_template import (
    compile_template,
    describe,
    fill_subject,
    fill_template,
)
from .campaign import PREPARED
from .offer import PENDING, SKIPPED

# As many are prepared in the request; more in the lanes.
INLINE = 500
BATCH = 200
# What a unique index of addresses can hold of a long text.
_MAX_ADDRESS = 320
# What a filter may be instead of one: no domain, too deep, numbers of any size.
_UNREADABLE = (
    *(ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError),
    *(psycopg2.DataError, psycopg2.ProgrammingError),
)
# Materialised, because a reason that is asked for twice is judged twice.
_ENQUEUE = """
WITH judged AS MATERIALIZED (%(judged)s)
INSERT INTO xpyme_offer (
    campaign_id, company_id, partner_id, email, mailbox, state, skip_reason, basis,
    basis_date, attempts, create_uid, create_date, write_uid, write_date)
SELECT %(campaign)s, %(company)s, judged.id, email, kind,
       CASE WHEN reason IS NULL THEN %(pending)s ELSE %(skipped)s END, reason, basis,
       basis_date, 0, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
       now() AT TIME ZONE 'UTC'
  FROM judged
 ORDER BY number
ON CONFLICT DO NOTHING
"""
# The consent of each address and the last purchase of each customer, read once.
_JUDGED = """
SELECT box.*, coalesce(box.given, %(refusal)s) AS reason,
       CASE WHEN consent.kind = 'granted' THEN consent.basis
            WHEN sale.date IS NOT NULL THEN 'customer' END AS basis,
       CASE WHEN consent.kind = 'granted'
             AND consent.basis = 'consent'
            THEN (consent.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
            ELSE sale.date END AS basis_date
  FROM unnest(%(ids)s::int[], %(emails)s::text[], %(kinds)s::text[],
              %(reasons)s::text[]) WITH ORDINALITY
       AS box(id, email, kind, given, number)
  JOIN res_partner partner ON partner.id = box.id
  LEFT JOIN LATERAL %(consent)s AS consent ON TRUE
  LEFT JOIN (%(sales)s) AS sale ON sale.customer_id = box.id
"""
_NO_BASIS = (
    "(SELECT offer_basis_required FROM res_company WHERE id = %s)"
    " AND consent.kind IS DISTINCT FROM 'granted' AND sale.date IS NULL"
)


class OfferCampaign(models.Model):
    """From a draft to mails that can be reviewed.

    Enqueue who gets one, at which address, or why not; then price, write, freeze.
    """

    _inherit = "xpyme.offer.campaign"

    def _check_ready_to_prepare(self):
        """:raise UserError: the campaign could not reach anybody"""
        self.ensure_one()
        if not self._get_mailbox_kinds():
            raise UserError(
                self.env._(
                    "Choose where the offers are sent: to the customer's e-mail, to "
                    "the e-mail for documents, or to both."
                )
            )
        lines = self.env["xpyme.offer.line"]
        own = Domain("company_id", "=", self.company_id.id)
        if self.partner_id:
            own &= Domain("partner_id", "=", self.partner_id.commercial_partner_id.id)
        if not self.product_ids and not lines.search_count(own, limit=1):
            raise UserError(
                self.env._(
                    "There is no article to offer. Add articles to the campaign, or to "
                    "the tab Loyalty offers of the customer's card."
                )
            )

    def _prepare(self):
        """Enqueue, and freeze what fits into the request; the number of offers."""
        count = self._enqueue()
        # sudo: states are written by the actions only.
        self.sudo().write({"state": PREPARED, "prepared_at": fields.Datetime.now()})
        if count > INLINE:
            self.env["xpyme.offer.outbox"]._wake_lanes()
            return count
        while self._freeze_batch():
            pass
        return count

    def _refuse_empty(self):
        """:raise UserError: always"""
        raise UserError(
            self.env._(
                "No customer is in this campaign. Change its filter of customers."
            )
        )

    # === RECIPIENTS ===#

    @api.constrains(lambda self: self._get_audience_fields())
    def _check_partner_domain(self):
        """Asked with the rights of whoever writes it, whom constraints do not know.

        :raise AccessError: he may not see what the filter asks for
        :raise ValidationError: the filter cannot be read
        """
        for campaign in self:
            with campaign._reading_filter():
                customers = campaign._get_filtered_partners()
                customers.search_count(campaign._get_filter(), limit=1)

    @contextmanager
    def _reading_filter(self):
        """:raise ValidationError: the filter cannot be read"""
        try:
            yield
        except _UNREADABLE as error:
            raise ValidationError(
                self.env._(
                    "The filter of the customers cannot be read. Choose it again."
                )
            ) from error

    def _get_filtered_partners(self):
        """Where the filter looks: at what its author may see, whoever prepares.

        The names of its recipients would tell him the rest.
        """
        return self._get_partners().with_user(self.filter_user_id or self.env.user)

    def _get_partners(self):
        """Where its customers are looked for: a filter may ask for what each company
        keeps of its own, such as a tariff."""
        return self.env["res.partner"].with_company(self.company_id)

    def _get_recipients_domain(self):
        """Domain of the customers who are to get an offer."""
        self.ensure_one()
        domain = Domain("is_customer_card", "=", True)
        domain &= Domain("company_id", "=", False) | Domain(
            "company_id", "parent_of", self.company_id.id
        )
        if self.partner_id:
            customer = self.partner_id.commercial_partner_id
            return domain & Domain("id", "=", customer.id)
        return domain & self._get_filter()

    def _get_mailbox_kinds(self):
        """The kinds of the customer's mailboxes that get the mail, in order."""
        wanted = [("email", self.send_to_email)]
        wanted.append(("document", self.send_to_document_email))
        return [kind for kind, is_wanted in wanted if is_wanted]

    def _enqueue(self, ids=None):
        """A row for each customer and mailbox, in one statement; their number.

        Who is left out is enqueued with the reason.

        :param ids: of the customers; without them all for whom the campaign is
        """
        self.ensure_one()
        kinds = self._get_mailbox_kinds()
        rows = [
            (partner_id, *box)
            for partner_id, mailboxes in self._read_recipients(ids)
            for box in self._list_boxes(mailboxes, kinds)
        ]
        if not rows:
            return 0
        insert = SQL(
            _ENQUEUE,
            judged=self._get_judged_sql(rows),
            campaign=self.id,
            company=self.company_id.id,
            uid=self.env.uid,
            pending=PENDING,
            skipped=SKIPPED,
        )
        self.env.cr.execute(insert)
        count = self.env.cr.rowcount
        self.env["xpyme.offer"].invalidate_model()
        self.invalidate_recordset()
        return count

    def _get_judged_sql(self, rows):
        """SQL of the boxes ``rows``: why each gets no offer, or why it may get one.

        :param rows: tuples of customer's id, address, kind of mailbox and what keeps
            the box out already
        """
        offers, partners = self.env["xpyme.offer"], self.env["res.partner"]
        email, company = SQL("box.email"), SQL("%s", self.company_id.id)
        ids, emails, kinds, reasons = map(list, zip(*rows, strict=True))
        conditions = offers._get_refusal_conditions(
            email, company, self._get_today_sql()
        )
        no_basis = ("no_basis", SQL(_NO_BASIS, company))
        return SQL(
            _JUDGED,
            refusal=offers._get_reason_sql([*conditions, no_basis]),
            ids=ids,
            emails=emails,
            kinds=kinds,
            reasons=reasons,
            zone=self._get_zone(),
            consent=self.env["xpyme.offer.consent"]._get_last_sql(
                email, company, SQL("consent.kind, consent.date, consent.basis")
            ),
            sales=partners._get_last_sales_sql(self.company_id, set(ids)),
        )

    def _read_recipients(self, ids=None):
        """Pairs of customer's id and mailboxes, see ``_read_mailboxes``."""
        self.env.flush_all()
        domain = self._get_recipients_domain()
        if ids is not None:
            domain &= Domain("id", "in", ids)
        with self._reading_filter():
            partners = self._get_filtered_partners()
            query = partners._search(domain, order="id")
            return list(partners._read_mailboxes(query))

    @api.model
    def _list_boxes(self, mailboxes, kinds):
        """Triples of address, kind and why it gets none of a customer's ``mailboxes``.

        Words that were meant to be addresses stand in the list as they were typed.
        """
        found, seen = [], set()
        for kind in kinds:
            addresses, wrong = mailboxes[kind]
            invalid = [word for word in wrong if "@" in word]
            if wrong and not (addresses or invalid):
                invalid = [", ".join(wrong)]
            for text in (*addresses, *invalid):
                email = text[:_MAX_ADDRESS]
                reason = "invalid" if text in invalid else None
                found.append((email, kind, "same_mailbox" if email in seen else reason))
                seen.add(email)
        return found or [("", None, "empty")]

    def _get_first_mailbox(self, partner):
        """The first address that a customer gets this campaign at, or an empty text."""
        mailboxes = partner._get_mailboxes()[partner]
        kinds = self._get_mailbox_kinds()
        return next((box for kind in kinds for box in mailboxes[kind]), "")

    def _judge(self, partner, email):
        """Values of the offer that a customer would get at an address: why not, or on
        what basis."""
        self.env.flush_all()
        judged = self._get_judged_sql([(partner.id, email, None, None)])
        query = SQL("SELECT reason, basis, basis_date FROM (%s) AS judged", judged)
        [(reason, basis, date)] = self.env.execute_query(query)
        refused = partner._get_offer_refusals(self.company_id)
        reason = reason or refused.get(partner.id)
        return {"skip_reason": reason, "basis": basis, "basis_date": date}

    # === FREEZING ===#

    def _freeze_batch(self, lane=None):
        """Price, write and freeze up to 200 waiting offers; the number of them.

        :param lane: leave the offers of the other lanes alone
        """
        self.ensure_one()
        offers = self.env["xpyme.offer"]
        rows = offers._lock_pending(self, BATCH, lane)
        if rows:
            written = self._write_mails(rows)
            offers._store_frozen(written)
        return len(rows)

    def _write_mails(self, rows):
        """The frozen offers of ``rows``: pairs of offer's and customer's id, address.

        :return: a list of dicts: id, and state ``skipped`` with its reason, or
            ``ready`` with subject, body, message id, left out articles and details,
            or ``failed`` with an error
        """
        partners = self.env["res.partner"].sudo().browse({row[1] for row in rows})
        campaign = self.sudo().with_company(self.company_id)
        partners = partners.with_company(self.company_id)
        articles = campaign._get_articles(partners)
        refused = partners._get_offer_refusals(self.company_id)
        pieces = compile_template(campaign.template_id.body_html)
        # Together: what the mail says of the basis is read once for the batch.
        offers = self.env["xpyme.offer"].sudo().browse([row[0] for row in rows])
        return [
            campaign._write_mail(
                offer,
                partners.browse(partner_id),
                email,
                pieces,
                articles[partner_id],
                refused.get(partner_id),
            )
            for offer, (_id, partner_id, email) in zip(offers, rows, strict=True)
        ]

    def _write_mail(self, offer, partner, email, pieces, content, refusal):
        """One of ``_write_mails``; the template comes in ``pieces``."""
        reason = self._get_reason(email, refusal, content)
        if reason:
            return {"id": offer.id, "skip_reason": reason, "content": content}
        row = {"id": offer.id, "skip_reason": None, "content": content}
        try:
            body = fill_template(pieces, partner.name, content.html)
            head = self._get_head(content.lang)
            footer = self._get_footer(offer, partner, email, content.lang)
            return {
                **row,
                "subject": fill_subject(self.subject, partner.name),
                "body_html": frame_body(body, footer, head),
                "message_id": offer._make_message_id(email, self),
            }
        except Exception as error:
            # One bad mail stops nothing.
            return {**row, "error": describe(error)}

    def _write_draft(self, partner):
        """The mail that a customer would get of this draft."""
        self.ensure_one()
        campaign = self.sudo().with_company(self.company_id)
        partner = partner.sudo().with_company(self.company_id)
        content = campaign._get_articles(partner)[partner.id]
        pieces = compile_template(campaign.template_id.body_html)
        email = campaign._get_first_mailbox(partner)
        offer = self.env["xpyme.offer"].new(campaign._judge(partner, email))
        refusal = offer.skip_reason
        vals = campaign._write_mail(offer, partner, email, pieces, content, refusal)
        return {"email": email, "subject": False, "body_html": False, **vals}

    def _get_reason(self, email, refusal, content):
        if not email:
            return "empty"
        if not self.env["xpyme.offer"]._is_deliverable(email):
            return "invalid"
        return refusal or ("no_article" if not content.has_articles else None)

    def _get_articles(self, partners):
        """``{partner_id: content}`` with the priced and rendered articles of each."""
        pricing = self.env["xpyme.offer.pricing"].with_company(self.company_id)
        contents = pricing._get_contents(self, partners)
        # Customers with the same articles at the same prices share their HTML.
        rendered, closing, wished = {}, {}, defaultdict(dict)
        for content in contents.values():
            lang = content.lang
            if lang not in closing:
                closing[lang] = self._get_closing_rows(lang)
            rows = (*content.rows, *closing[lang])
            if (rows, lang) not in rendered:
                linked = self._add_wishes(rows, lang, wished[lang])
                rendered[rows, lang] = render_articles(linked)
            content.html = rendered[rows, lang]
        return contents
