from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.offer_articles import frame_body, render_articles
from ...tools.offer_template import (
    compile_template,
    describe,
    fill_subject,
    fill_template,
)

# As many are prepared in the request; more in the lanes.
INLINE = 500
BATCH = 200


class OfferCampaign(models.Model):
    """From a draft to mails that can be reviewed: enqueue, price, write, freeze."""

    _inherit = "xpyme.offer.campaign"

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
        """Enqueue, and freeze what fits into the request; the number of offers."""
        count = self._enqueue()
        # sudo: states are written by the actions only.
        self.sudo().write({"state": "prepared", "prepared_at": fields.Datetime.now()})
        if count > INLINE:
            self.env["xpyme.offer"]._wake_lanes()
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
        row = {"id": offer.id, "skip_reason": None, "sheet": sheet}
        try:
            content = fill_template(pieces, partner.name, sheet.html)
            footer = self._get_footer(offer, email, sheet.lang)
            return {
                **row,
                "subject": fill_subject(self.subject, partner.name),
                "body_html": frame_body(content, footer),
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
        sheet = campaign._get_articles(partner)[partner.id]
        pieces = compile_template(campaign.template_id.body_html)
        offer = self.env["xpyme.offer"].new()
        email = campaign._get_first_mailbox(partner)
        refusal = campaign._get_refusal(partner, email)
        vals = campaign._write_mail(offer, partner, email, pieces, sheet, refusal)
        return {"email": email, "subject": False, "body_html": False, **vals}

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
