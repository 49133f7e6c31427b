from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formataddr

from ...models.offer.campaign import DRAFT
from ...models.offer.offer import PENDING
from ...models.offer.post import OfferPost
from ...tools.offer_articles import plain_text
from ...tools.offer_template import one_line
from ...tools.spoken_number import say_number

_ROW = Markup("<tr><td>{}</td><td class='text-end'>{}</td><td class='text-end'>{}</td>")
_ROW += Markup("<td>{}</td></tr>")
_HEAD = Markup("<dt class='col-4 text-muted'>{}</dt><dd class='col-8 mb-1'>{}</dd>")


class OfferPreview(models.TransientModel):
    """The mails of a campaign, or of a customer's card, one customer after the other.

    Of a draft they are written on the spot by the code that will write them; of a
    prepared campaign they are the frozen ones.
    """

    _name = "xpyme.offer.preview"
    _technicians_only_read = True
    _description = "Preview of Offers"

    campaign_id = fields.Many2one(
        "xpyme.offer.campaign",
        readonly=True,
        help="Empty: what the customer's own lines make, without a campaign.",
    )
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    partner_domain = fields.Char(
        string="Customers to choose from", compute="_compute_partner_domain"
    )
    offer_id = fields.Many2one(
        "xpyme.offer",
        compute="_compute_offer_id",
        store=True,
        readonly=False,
        help="The frozen mail, once the campaign is prepared.",
    )
    position = fields.Integer(compute="_compute_position", help="The first one is 1.")
    number = fields.Integer(compute="_compute_position")
    place = fields.Char(compute="_compute_position")
    head_html = fields.Html(
        string="Head of the mail",
        compute="_compute_head_html",
        sanitize=False,
        help="From whom, to whom, and where an answer goes, as mail programs show it.",
    )
    email = fields.Char(string="Mailbox", compute="_compute_mail")
    subject = fields.Char(compute="_compute_mail")
    body_html = fields.Html(string="Mail", compute="_compute_mail", sanitize=False)
    body_text = fields.Text(
        string="As text",
        compute="_compute_body_text",
        help="The same mail for those who read no HTML.",
    )
    prices_html = fields.Html(string="Prices", compute="_compute_mail", sanitize=False)
    notice = fields.Char(compute="_compute_mail")

    # === WHOSE MAIL ===#

    def _is_draft(self):
        return not self.campaign_id or self.campaign_id.state == DRAFT

    def _get_records(self):
        if not self._is_draft():
            return self.env["xpyme.offer"]
        return self.campaign_id._get_partners()

    def _get_domain(self):
        campaign = self.campaign_id
        if not campaign:
            return Domain("id", "=", self.partner_id.id)
        if self._is_draft():
            return campaign._get_recipients_domain()
        frozen = Domain("state", "!=", PENDING)
        return Domain("campaign_id", "=", campaign._origin.id) & frozen

    def _get_current(self):
        return self.partner_id if self._is_draft() else self.offer_id

    @api.depends("campaign_id")
    def _compute_partner_domain(self):
        for preview in self:
            domain = preview._get_domain()
            if not preview._is_draft():
                domain = Domain("offer_ids", "any", domain)
            preview.partner_domain = repr(list(domain))

    @api.depends("campaign_id", "partner_id")
    def _compute_offer_id(self):
        for preview in self:
            if preview._is_draft():
                preview.offer_id = False
            elif preview.offer_id.partner_id != preview.partner_id:
                domain = preview._get_domain()
                domain &= Domain("partner_id", "=", preview.partner_id.id)
                offers = self.env["xpyme.offer"]
                preview.offer_id = offers.search(domain, order="id", limit=1)

    @api.depends("campaign_id", "partner_id", "offer_id")
    def _compute_position(self):
        for preview in self:
            records, domain = preview._get_records(), preview._get_domain()
            until = Domain("id", "<=", preview._get_current().id)
            preview.number = records.search_count(domain)
            preview.position = records.search_count(domain & until)
            preview.place = self.env._(
                "%(position)s of %(number)s",
                position=preview.position,
                number=preview.number,
            )

    def action_next(self):
        return self._step(">", "id")

    def action_previous(self):
        return self._step("<", "id desc")

    def _step(self, operator, order):
        """Show the mail beside the present one; at the end the present one again."""
        self.ensure_one()
        domain = self._get_domain() & Domain("id", operator, self._get_current().id)
        found = self._get_records().search(domain, order=order, limit=1)
        if found and self._is_draft():
            self.partner_id = found
        elif found:
            self.write({"partner_id": found.partner_id.id, "offer_id": found.id})
        return self._get_action()

    @api.model
    def _open(self, campaign):
        """The window on the first mail of a campaign.

        :raise UserError: the campaign has no customers
        """
        first = self.new({"campaign_id": campaign.id})._get_first_partner()
        if not first and campaign.pending_count:
            raise UserError(
                self.env._(
                    "The mails are still being prepared. Look at them in a moment."
                )
            )
        if not first:
            campaign._refuse_empty()
        return self._open_for(first, campaign)

    def _get_first_partner(self):
        """The customer whose mail is shown first; empty if there are no mails."""
        domain = self._get_domain()
        first = self._get_records().search(domain, order="id", limit=1)
        return first if self._is_draft() else first.partner_id

    @api.model
    def _open_for(self, partner, campaign=None):
        """The window on a customer's mail, of a campaign or of his own lines."""
        vals = {"partner_id": partner.id, "campaign_id": campaign and campaign.id}
        return self.create(vals)._get_action()

    def _get_action(self):
        name = self.campaign_id.name or self.partner_id.display_name
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview: %s", name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === WHAT HE GETS ===#

    @api.depends("campaign_id", "partner_id", "offer_id")
    def _compute_mail(self):
        for preview in self:
            preview.update(preview._get_mail())

    @api.depends("subject", "email")
    def _compute_head_html(self):
        """Who it is from as it leaves, which is not always what was typed."""
        for preview in self:
            if not preview.subject:
                preview.head_html = False
                continue
            campaign = preview.campaign_id or preview.partner_id._get_own_campaign()
            preview.head_html = preview._render_head(campaign)

    def _render_head(self, campaign):
        post = OfferPost(campaign)
        name = one_line(self.partner_id.sudo().name)
        # sudo: the mail names its reader to whoever may see it.
        rows = [
            (self.env._("From:"), campaign._get_sender_on_the_way(post)),
            (self.env._("To:"), formataddr((name, self.email))),
            (self.env._("Reply-To:"), post.reply_to or post.sender),
            (self.env._("Subject:"), self.subject),
        ]
        lines = Markup("").join(_HEAD.format(*row) for row in rows)
        return Markup("<dl class='row mb-0 small'>{}</dl>").format(lines)

    @api.depends("body_html")
    def _compute_body_text(self):
        for preview in self:
            body = preview.body_html
            preview.body_text = body and plain_text(body)

    def _get_mail(self):
        """What the window shows; nothing for somebody who is not in the campaign."""
        domain = self._get_domain() & Domain("id", "=", self._get_current().id)
        record = self._get_records().search(domain)
        if not record:
            blank = dict.fromkeys(("email", "subject", "body_html", "prices_html"))
            return {**blank, "notice": self.partner_id and self._tell_absent()}
        if self._is_draft():
            return self._get_draft(record)
        return self._get_frozen(record)

    def _get_draft(self, partner):
        """The mail that a customer would get now, or what keeps him from it."""
        campaign = self.campaign_id or partner._get_own_campaign()
        mail = campaign._write_draft(partner)
        content = mail["content"]
        told = self._tell_reason(mail["skip_reason"]) or mail.get("error")
        omitted = self.env["xpyme.offer"]._tell_omitted(content.omitted)
        return {
            "email": mail["email"],
            "subject": mail["subject"],
            "body_html": mail["body_html"],
            "prices_html": self._get_prices(content.details),
            "notice": "\n".join(filter(None, [told, omitted])) or False,
        }

    def _get_frozen(self, offer):
        details = [
            (line.product_id.id, line.quantity, line.price, line.origin)
            for line in offer.detail_ids
        ]
        told = self._tell_reason(offer.skip_reason) or offer.error
        return {
            "email": offer.email,
            "subject": offer.subject,
            "body_html": offer.body_html,
            "prices_html": self._get_prices(details),
            "notice": "\n".join(filter(None, [told, offer.omitted])) or False,
        }

    def _tell_absent(self):
        return self.env._(
            "%s is not in this campaign. Choose a customer of its list.",
            self.partner_id.display_name,
        )

    def _tell_reason(self, reason):
        selection = self.env["xpyme.offer"]._fields["skip_reason"]
        label = dict(selection._description_selection(self.env)).get(reason)
        return label and self.env._("Gets no offer: %s", label)

    def _get_prices(self, details):
        """The prices with their reason; every text is escaped."""
        origins = self.env["xpyme.offer.detail"]._fields["origin"]
        labels = dict(origins._description_selection(self.env))
        products = self.env["product.product"].browse({row[0] for row in details})
        names = {product.id: product.display_name for product in products.sudo()}
        company = self.campaign_id.company_id or self.env.company
        head = _ROW.format(
            self.env._("Article"),
            self.env._("From"),
            self.env._("Price"),
            self.env._("Price from"),
        ).replace("td", "th")
        rows = Markup("").join(
            _ROW.format(
                names[product],
                say_number(self.env, quantity),
                company.currency_id.format(price),
                labels.get(origin, ""),
            )
            for product, quantity, price, origin in details
        )
        return Markup("<table class='table table-sm'>{}{}</table>").format(head, rows)
