from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

_ROW = Markup("<tr><td>{}</td><td class='text-end'>{}</td><td class='text-end'>{}</td>")
_ROW += Markup("<td>{}</td></tr>")


class OfferPreview(models.TransientModel):
    """A campaign's mails, one customer after the other.

    Of a draft they are written on the spot by the code that will write them; of a
    prepared campaign they are the frozen ones.
    """

    _name = "xpyme.offer.preview"
    _inherit = ["xpyme.offer.guard"]
    _description = "Preview of an Offer Campaign"

    campaign_id = fields.Many2one("xpyme.offer.campaign", required=True, readonly=True)
    position = fields.Integer(readonly=True)
    number = fields.Integer(readonly=True)
    place = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    email = fields.Char(string="Mailbox", readonly=True)
    subject = fields.Char(readonly=True)
    body_html = fields.Html(string="Mail", readonly=True, sanitize=False)
    prices_html = fields.Html(string="Prices", readonly=True, sanitize=False)
    notice = fields.Char(readonly=True)

    def action_next(self):
        return self._show(self.position + 1)

    def action_previous(self):
        return self._show(self.position - 1)

    def _show(self, position):
        """Fill the window with the mail at a place of the list.

        :raise UserError: the campaign has no customers
        """
        self.ensure_one()
        records = self._get_records()
        number = records.search_count(self._get_domain())
        if not number:
            raise UserError(
                self.env._(
                    "No customer is in this campaign. Change its filter of customers."
                )
            )
        position = min(max(position, 0), number - 1)
        record = records.search(
            self._get_domain(), order="id", limit=1, offset=position
        )
        is_draft = record._name == "res.partner"
        vals = self._get_draft(record) if is_draft else self._get_frozen(record)
        vals["place"] = self.env._(
            "%(position)s of %(number)s", position=position + 1, number=number
        )
        self.write({"position": position, "number": number, **vals})
        return self._get_action()

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview: %s", self.campaign_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_records(self):
        draft = self.campaign_id.state == "draft"
        return self.env["res.partner" if draft else "xpyme.offer"]

    def _get_domain(self):
        campaign = self.campaign_id
        if campaign.state == "draft":
            return campaign._get_recipients_domain()
        return [("campaign_id", "=", campaign.id), ("state", "!=", "pending")]

    def _get_draft(self, partner):
        """The mail that a customer would get now, or what keeps him from it."""
        mail = self.campaign_id._write_draft(partner)
        sheet = mail["sheet"]
        told = self._tell_reason(mail["skip_reason"])
        omitted = self.env["xpyme.offer"]._tell_omitted(sheet.omitted)
        return {
            "partner_id": partner.id,
            "email": partner.email or partner.document_email,
            "subject": mail["subject"],
            "body_html": mail["body_html"],
            "prices_html": self._get_prices(sheet.details),
            "notice": "\n".join(filter(None, [told, omitted])) or False,
        }

    def _get_frozen(self, offer):
        details = [
            (line.product_id.id, line.quantity, line.price, line.origin)
            for line in offer.detail_ids
        ]
        told = self._tell_reason(offer.skip_reason)
        return {
            "partner_id": offer.partner_id.id,
            "email": offer.email,
            "subject": offer.subject,
            "body_html": offer.body_html,
            "prices_html": self._get_prices(details),
            "notice": "\n".join(filter(None, [told, offer.omitted])) or False,
        }

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
        currency = self.campaign_id.company_id.currency_id
        head = _ROW.format(
            self.env._("Article"),
            self.env._("From"),
            self.env._("Price"),
            self.env._("Price from"),
        ).replace("td", "th")
        rows = Markup("").join(
            _ROW.format(names[product], f"{quantity:g}", currency.format(price), why)
            for product, quantity, price, origin in details
            if (why := labels.get(origin, "")) is not None
        )
        return Markup("<table class='table table-sm'>{}{}</table>").format(head, rows)
