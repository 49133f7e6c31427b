from ast import literal_eval

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.mailboxes import split_mailboxes

# What is pasted from a web page: Python takes them for white space, PostgreSQL for
# letters.
_BLANKS = "\u0085\u00a0\u2007\u2009\u200a\u202f\u3000"
_ENQUEUE = """
WITH chosen AS (
    SELECT id, email, document_email FROM res_partner WHERE id IN %(partners)s
), given AS (
    SELECT partner.id, kind, place, coalesce(btrim(box), '') AS content,
           bool_or(btrim(box) <> '') OVER (PARTITION BY partner.id) AS has_box
      FROM chosen partner
           CROSS JOIN LATERAL (VALUES %(boxes)s) AS given(kind, place, content)
           CROSS JOIN LATERAL translate(content, %(blanks)s, %(spaces)s) AS box
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


class OfferCampaign(models.Model):
    """Who gets a campaign, at which of his addresses, and why he would not."""

    _inherit = "xpyme.offer.campaign"

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        """:raise ValidationError: the filter cannot be read"""
        for campaign in self:
            try:
                campaign._get_partners().search_count(campaign._get_filter(), limit=1)
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The filter of the customers cannot be read. Choose it again."
                    )
                ) from error

    def _get_partners(self):
        """Where its customers are looked for: a filter may ask for what each company
        keeps of its own, such as a tariff."""
        return self.env["res.partner"].with_company(self.company_id)

    def _get_filter(self):
        return Domain(literal_eval(self.partner_domain or "[]"))

    def _get_recipients_domain(self):
        """Domain of the customers who are to get an offer."""
        self.ensure_one()
        domain = Domain("customer_rank", ">", 0) & Domain("fsm_location", "=", False)
        domain &= Domain("parent_id", "=", False) | Domain("is_company", "=", True)
        domain &= Domain("company_id", "=", False) | Domain(
            "company_id", "parent_of", self.company_id.id
        )
        if self.partner_id:
            customer = self.partner_id.commercial_partner_id
            return domain & Domain("id", "=", customer.id)
        return domain & self._get_filter()

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
        partners = self._get_partners()._search(self._get_recipients_domain())
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
            blanks=_BLANKS,
            spaces=" " * len(_BLANKS),
        )
        self.env.cr.execute(query)
        count = self.env.cr.rowcount
        self.env["xpyme.offer"].invalidate_model()
        self.invalidate_recordset()
        return count

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
