from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.mailboxes import split_mailboxes
from ..tools.offer_articles import frame_body, render_articles
from ..tools.offer_template import compile_template, fill_subject, fill_template

# As many are prepared in the request; more in the lanes.
INLINE = 500
BATCH = 200


class OfferPreparationMixin(models.AbstractModel):
    """From a draft to mails that can be reviewed: enqueue, price, write, freeze."""

    _name = "xpyme.offer.preparation.mixin"
    _description = "Preparation of an Offer Campaign"

    def _check_ready_to_prepare(self):
        """:raise UserError: the campaign could not reach anybody"""
        self.ensure_one()
        if not self._get_mailbox_fields():
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
        """Enqueue, and freeze what fits into the request."""
        count = self._enqueue()
        # sudo: states are written by the actions only.
        self.sudo().write({"state": "prepared", "prepared_at": fields.Datetime.now()})
        if count > INLINE:
            self.env["xpyme.offer"]._wake_lanes()
            return
        while self._freeze_batch():
            pass

    # === RECIPIENTS ===#

    def _get_mailbox_fields(self):
        """Kind and field of the customer's mailboxes that get the mail, in order."""
        kinds = []
        if self.send_to_email:
            kinds.append(("email", "email"))
        if self.send_to_document_email:
            kinds.append(("document", "document_email"))
        return kinds

    def _enqueue(self):
        """A row for each customer and mailbox, in one statement; their number.

        Who is left out is enqueued with his reason.
        """
        self.ensure_one()
        partners = self.env["res.partner"]._search(self._get_recipients_domain())
        self.env.flush_all()
        boxes = [
            SQL("(%s, %s, %s)", kind, place, SQL.identifier("partner", fname))
            for place, (kind, fname) in enumerate(self._get_mailbox_fields(), start=1)
        ]
        query = SQL(
            _ENQUEUE,
            partners=partners.subselect(),
            boxes=SQL(", ").join(boxes),
            refusal=self.env["xpyme.offer"]._get_refusal_sql(
                SQL("box.email"), SQL("%s", self.company_id.id)
            ),
            campaign=self.id,
            company=self.company_id.id,
            uid=self.env.uid,
        )
        self.env.cr.execute(query)
        count = self.env.cr.rowcount
        self.env["xpyme.offer"].invalidate_model()
        self.invalidate_recordset()
        return count

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
            ``ready`` with subject, body, message id, left out articles and details
        """
        partners = self.env["res.partner"].sudo().browse({row[1] for row in rows})
        campaign = self.sudo().with_company(self.company_id)
        partners = partners.with_company(self.company_id)
        articles = campaign._get_articles(partners)
        refused = partners._get_offer_refusals(self.company_id)
        pieces = compile_template(campaign.template_id.body_html)
        return [
            campaign._write_mail(
                self.env["xpyme.offer"].sudo().browse(offer_id),
                partners.browse(partner_id),
                email,
                pieces,
                articles[partner_id],
                refused.get(partner_id),
            )
            for offer_id, partner_id, email in rows
        ]

    def _write_mail(self, offer, partner, email, pieces, sheet, refusal):
        """One of ``_write_mails``; the template comes in ``pieces``."""
        reason = self._get_reason(email, refusal, sheet)
        if reason:
            return {"id": offer.id, "skip_reason": reason, "sheet": sheet}
        content = fill_template(pieces, partner.name, sheet.html)
        footer = self._get_footer(offer, email, sheet.lang)
        return {
            "id": offer.id,
            "skip_reason": None,
            "sheet": sheet,
            "subject": fill_subject(self.subject, partner.name),
            "body_html": frame_body(content, footer),
            "message_id": offer._make_message_id(email, self),
        }

    def _write_draft(self, partner):
        """The mail that a customer would get of this draft."""
        self.ensure_one()
        campaign = self.sudo().with_company(self.company_id)
        partner = partner.sudo().with_company(self.company_id)
        sheet = campaign._get_articles(partner)[partner.id]
        pieces = compile_template(campaign.template_id.body_html)
        offer = self.env["xpyme.offer"].new()
        email = campaign._get_first_mailbox(partner)
        refusal = campaign._get_refusal(partner, email)
        vals = campaign._write_mail(offer, partner, email, pieces, sheet, refusal)
        return {"email": email, "subject": False, "body_html": False, **vals}

    def _get_first_mailbox(self, partner):
        """The first address that a customer gets this campaign at, or an empty text."""
        texts = [partner[fname] for _kind, fname in self._get_mailbox_fields()]
        return next((box for text in texts for box in split_mailboxes(text)[0]), "")

    def _get_refusal(self, partner, email):
        """Why a customer would get no offer at an address, or None."""
        self.env.flush_all()
        refusal = self.env["xpyme.offer"]._get_refusal_sql(
            SQL("%s", email), SQL("%s", self.company_id.id)
        )
        [(reason,)] = self.env.execute_query(
            SQL("SELECT %s FROM res_partner partner WHERE id = %s", refusal, partner.id)
        )
        refused = partner._get_offer_refusals(self.company_id)
        return reason or refused.get(partner.id)

    def _get_reason(self, email, refusal, sheet):
        if not email:
            return "empty"
        if not self.env["xpyme.offer"]._is_deliverable(email):
            return "invalid"
        return refusal or ("no_article" if not sheet.has_articles else None)

    def _get_articles(self, partners):
        """``{partner_id: sheet}`` with the priced and rendered articles of each."""
        pricing = self.env["xpyme.offer.pricing"].with_company(self.company_id)
        sheets = pricing._get_sheets(self, partners)
        # Customers with the same articles at the same prices share their HTML.
        rendered = {}
        for sheet in sheets.values():
            rows = tuple(sheet.rows)
            if rows not in rendered:
                rendered[rows] = render_articles(rows)
            sheet.html = rendered[rows]
        return sheets

    def _get_footer(self, offer, email, lang):
        """Who sends it and why, and how to get no more of them: lines of pieces.

        LSSI art. 20 and 21 and Ley 19.496 art. 28 B ask for these, in every mail.
        """
        env = self.with_context(lang=lang).env
        company = self.company_id.with_context(lang=lang)
        address = company.partner_id._display_address(without_company=True)
        place = ", ".join(filter(None, (line.strip() for line in address.split("\n"))))
        sender = env._("Advertising by %s", company.name)
        lines = [[f"{sender} · {place}" if place else sender]]
        lines.append(
            [
                env._("You receive it at %s because you are our customer.", email),
                " ",
                (env._("I want no more offers"), offer._get_unsubscribe_url(email)),
            ]
        )
        if company.offer_legal_text:
            lines.append([company.offer_legal_text])
        return lines


_ENQUEUE = """
WITH chosen AS (
    SELECT id, email, document_email FROM res_partner WHERE id IN %(partners)s
), given AS (
    SELECT partner.id, kind, place, coalesce(btrim(content), '') AS content,
           bool_or(btrim(content) <> '') OVER (PARTITION BY partner.id) AS has_box
      FROM chosen partner
           CROSS JOIN LATERAL (VALUES %(boxes)s) AS given(kind, place, content)
), word AS (
    SELECT given.*, number,
           regexp_replace(word, '^mailto:', '', 'i') AS word,
           bool_or(word LIKE '%%@%%') OVER (PARTITION BY given.id, kind) AS has_address
      FROM given CROSS JOIN LATERAL regexp_split_to_table(
           regexp_replace(content, '"[^"]*"', ' ', 'g'), '[;,<>[:space:]]+'
           ) WITH ORDINALITY AS split(word, number)
), address AS (
    SELECT id, kind, place, number,
           CASE WHEN octet_length(split_part(word, '@', 1))
                     = length(split_part(word, '@', 1))
                THEN lower(word)
                ELSE split_part(word, '@', 1) || '@' || lower(split_part(word, '@', 2))
           END AS email,
           NULL AS reason
      FROM word
     WHERE word LIKE '%%@%%'
    UNION ALL
    SELECT id, kind, place, 0, content, 'invalid'
      FROM word
     WHERE NOT has_address AND number = 1 AND content <> ''
    UNION ALL
    SELECT DISTINCT id, NULL, 0, 0, '', 'empty'
      FROM given
     WHERE has_box IS NOT TRUE
), judged AS (
    SELECT box.id, box.kind, left(box.email, 320) AS email, box.number, box.place,
           CASE WHEN row_number() OVER (
                     PARTITION BY box.id, left(box.email, 320)
                     ORDER BY box.place, box.number) > 1
                THEN 'same_mailbox'
                ELSE coalesce(box.reason, %(refusal)s)
           END AS reason
      FROM address box JOIN res_partner partner ON partner.id = box.id
)
INSERT INTO xpyme_offer (
    campaign_id, company_id, partner_id, email, mailbox, state, skip_reason,
    attempts, create_uid, create_date, write_uid, write_date)
SELECT %(campaign)s, %(company)s, id, email, kind,
       CASE WHEN reason IS NULL THEN 'pending' ELSE 'skipped' END, reason,
       0, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM judged
 ORDER BY id, place, number
ON CONFLICT DO NOTHING
"""
