from urllib.parse import quote

from odoo import models
from odoo.tools.misc import format_date

from ...tools.links import split_links
from ...tools.mailboxes import split_mailboxes, wire_form
from ...tools.offer_articles import Head
from ...tools.offer_template import is_safe_image, one_line


class OfferCampaign(models.Model):
    """What every mail says of the shop: who writes, how to answer, how to leave."""

    _inherit = "xpyme.offer.campaign"

    def _get_head(self, lang):
        """The shop's name, and its logo where mail programs can load it."""
        company = self.company_id.with_context(lang=lang)
        base = self.env["xpyme.offer"]._get_base()
        logo = f"{base}/logo.png?company={company.id}"
        is_shown = not company.uses_default_logo and is_safe_image(logo)
        return Head(company.name, logo if is_shown else "", company.website or "")

    def _get_footer(self, offer, partner, email, lang):
        """How to answer, who sends it and why, and how to get no more of them.

        LSSI art. 20 and 21 and Ley 19.496 art. 28 B ask for these, in every mail.

        :return: lines of pieces, see ``frame_body``
        """
        env = self.with_context(lang=lang).env
        company = self.company_id.with_context(lang=lang)
        sender = env._("Advertising by %s", company.name)
        place = self._get_place(partner)
        why = self._tell_basis(env, offer, email)
        leave = (env._("I want no more offers"), offer._get_sealed_url())
        lines = [
            self._get_answer_line(env),
            [f"{sender} · {place}" if place else sender],
            [why, " ", leave],
        ]
        if company.offer_legal_text:
            lines.append(split_links(company.offer_legal_text))
        return lines

    def _tell_basis(self, env, offer, email):
        """Why one gets the offer, and not more than is true."""
        date = offer.basis_date and format_date(env, offer.basis_date)
        if offer.basis == "consent":
            return env._(
                "You receive it at %(email)s because you agreed on %(date)s.",
                email=email,
                date=date,
            )
        if offer.basis == "customer" and date:
            return env._(
                "You receive it at %(email)s because you are our customer (last "
                "purchase: %(date)s).",
                email=email,
                date=date,
            )
        if offer.basis == "customer":
            return env._("You receive it at %s because you are our customer.", email)
        return env._(
            "You receive it at %s because you have left us this address.", email
        )

    def _get_answer_line(self, env):
        """How one orders or asks: by mail, and by telephone if the shop has one."""
        line = [env._("To order or to ask:"), " "]
        if mail := self._get_mail_link(self.name or ""):
            line.append((env._("write to us"), mail))
        phone = self.company_id.phone
        if phone:
            number = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
            line += [" ", env._("or call"), " ", (phone, f"tel:{number}")]
        return line

    def _add_wishes(self, rows, lang, known):
        """Each article with a link to order it: a mail to the shop that names it.

        :param known: ``{row: the same with its link}`` of those made before
        """
        label = self.with_context(lang=lang).env._("I want it")
        for row in rows:
            if row.kind == "product" and row not in known:
                known[row] = row._replace(wish=self._get_wish(label, row))
        return [known.get(row, row) for row in rows]

    def _get_wish(self, label, row):
        named = f"{row.text} ({row.code})" if row.code else row.text
        mail = self._get_mail_link(f"{label}: {one_line(named)}")
        return (label, mail) if mail else ()

    def _get_mail_link(self, subject):
        """A mail to the sender, or nothing: whoever previews a card may have no address
        to send from yet."""
        for address in split_mailboxes(self.email_from)[0]:
            address = quote(wire_form(address), safe="@")
            return f"mailto:{address}?subject={quote(subject)}"
        return ""

    def _get_place(self, customer):
        """The shop's address as one line; the country for those who live abroad."""
        shop = self.company_id.partner_id
        town = " ".join(filter(None, (shop.zip, shop.city)))
        country = shop.country_id
        is_abroad = customer.country_id and customer.country_id != country
        parts = (shop.street, shop.street2, town, is_abroad and country.name)
        return ", ".join(part.strip() for part in parts if part)
