from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.mail_light import (
    AMBER,
    GREEN,
    MAX_BYTES,
    MAX_SUBJECT,
    RED,
    Point,
    get_domain,
    get_strongest,
    is_free_mail,
    judge_link,
)
from ...tools.mailboxes import get_forms, split_mailboxes
from ...tools.offer_template import fill_subject
from .campaign import DRAFT, PREPARED
from .offer import READY
from .post import OfferPost

_ICONS = {
    RED: "fa-times-circle text-danger",
    AMBER: "fa-exclamation-triangle text-warning",
    GREEN: "fa-check-circle text-success",
}
_POINT = Markup("<li><i class='fa fa-fw {}' role='img'></i> {}</li>")
_LIST = Markup("<ul class='list-unstyled mb-0'>{}</ul>")
_MORE = Markup("<details><summary class='text-muted'>{}</summary>{}</details>")


class OfferCampaign(models.Model):
    """A traffic light before a campaign is approved: will its mails arrive?

    It tells what can be known without asking the network. Where the mails would be
    wrong for certain nobody approves them; of all else it warns.
    """

    _inherit = "xpyme.offer.campaign"

    light_colour = fields.Selection(
        [
            (GREEN, "All in order"),
            (AMBER, "Look at this first"),
            (RED, "Not ready to be sent"),
        ],
        compute="_compute_light",
        help="The strongest colour of all points that were looked at.",
    )
    light_html = fields.Html(
        string="What was looked at", compute="_compute_light", sanitize=False
    )

    @api.depends("company_id", "email_from", "state", "subject")
    @api.depends_context("lang")
    def _compute_light(self):
        for campaign in self:
            points = []
            if campaign.state in (DRAFT, PREPARED):
                points = campaign._get_light_points()
            campaign.light_colour = get_strongest(points) if points else False
            campaign.light_html = campaign._render_light(points)

    def _get_light_points(self):
        """A list of ``Point`` (``tools/mail_light.py``); append your own."""
        self.ensure_one()
        points = [self._judge_link(), *self._judge_sender(), self._judge_subject()]
        points += [self._judge_weight(), self._judge_basis(), self._judge_silence()]
        return [point for point in points if point]

    def _get_obstacle(self):
        """Besides: the mails would be wrong for certain."""
        return super()._get_obstacle() or self._get_stop()

    def _get_stop(self):
        """Why mails that were written now would be wrong for certain, or None."""
        points = self._get_light_points()
        return next((point.text for point in points if point.stops), None)

    @api.model
    def _render_light(self, points):
        """What is wrong, the worst first; what is in order can be unfolded."""
        shown = {
            colour: [
                _POINT.format(_ICONS[colour], point.text)
                for point in points
                if point.colour == colour
            ]
            for colour in _ICONS
        }
        found = Markup("")
        if wrong := shown[RED] + shown[AMBER]:
            found += _LIST.format(Markup("").join(wrong))
        if right := shown[GREEN]:
            label = self.env._("%s points are in order", len(right))
            found += _MORE.format(label, _LIST.format(Markup("").join(right)))
        return found

    # === POINTS ===#

    def _judge_link(self):
        """Whether those who want no more offers can say so."""
        base = self.env["xpyme.offer"]._get_base() or ""
        if (written := self._get_written_base()) not in (None, base):
            return self._tell_moved_link(written, base)
        colour = judge_link(base)
        if colour == GREEN:
            return Point(GREEN, self.env._("Customers can leave: %s is public.", base))
        if colour == AMBER:
            return Point(
                AMBER,
                self.env._(
                    "The link to leave, %s, is no https: mail programs show no button "
                    "for it. Set the parameter web.base.url to an https address.",
                    base,
                ),
            )
        return Point(
            RED,
            self.env._(
                "No customer could open the link to leave, which the law asks for: %s "
                "is an address of your own network. Set the parameter web.base.url to "
                "your public https address.",
                base or "—",
            ),
            stops=True,
        )

    def _tell_moved_link(self, written, base):
        told = self.env._(
            "The link to leave leads to %(written)s, as it was prepared, and this "
            "program is at %(base)s now. Set the campaign back to draft and prepare it "
            "again.",
            written=written or "—",
            base=base or "—",
        )
        return Point(RED, told, stops=True)

    def _get_written_base(self):
        """Where the links of the prepared mails lead; None before there are any."""
        offers = self.env["xpyme.offer"]
        ready = [("campaign_id", "=", self._origin.id), ("state", "=", READY)]
        first = self.state == PREPARED and offers.search(ready, order="id", limit=1)
        return first._get_written_base(first.body_html) if first else None

    def _judge_sender(self):
        """Whose address it is, and what becomes of it on the way."""
        address = (split_mailboxes(self.email_from)[0] or [""])[0]
        domain = get_domain(address)
        own = self._get_own_domains(self.company_id)
        if not domain:
            return []
        # sudo: whose the sender is, also of companies that the user does not see.
        companies = self.env["res.company"].sudo()
        others = companies.search([("id", "!=", self.company_id.id)])
        other = others.filtered(lambda c: domain in self._get_own_domains(c))[:1]
        if other and domain not in own:
            told = self.env._(
                "%(address)s is an address of %(other)s, and the offers are from "
                "%(company)s. Type an address of %(company)s.",
                address=address,
                other=other.name,
                company=self.company_id.name,
            )
            return [Point(RED, told, stops=True)]
        if domain not in own and not self._has_server(address):
            told = self.env._(
                "%(address)s is not of a domain of %(company)s, and no mail server is "
                "for it. Type an address of %(company)s, or fill «From filter» of the "
                "mail server that sends from this one.",
                address=address,
                company=self.company_id.name,
            )
            return [Point(RED, told, stops=True)]
        return [self._judge_domain(address, domain, own), *self._judge_way(address)]

    def _has_server(self, address):
        """Whether a mail server is for an address, or for any."""
        servers = OfferPost(self).servers
        found = servers.search(servers._find_mail_server_allowed_domain())
        # Without any Odoo's own settings name one.
        filters = found.mapped("from_filter") or [servers._get_default_from_filter()]
        return any(
            servers._match_from_filter(form, text)
            for form in get_forms(address)
            for text in filters
        )

    def _judge_domain(self, address, domain, own):
        if domain in own and not is_free_mail(domain):
            told = self.env._("The sender %s is the company's own.", address)
            return Point(GREEN, told)
        if is_free_mail(domain):
            return Point(
                AMBER,
                self.env._(
                    "Only the servers of %(domain)s may send from %(address)s: from "
                    "others it lands in the spam. Use an address of your own domain.",
                    domain=domain,
                    address=address,
                ),
            )
        return Point(
            AMBER,
            self.env._(
                "%(address)s is not of a domain of %(company)s. Check that you may "
                "send from it.",
                address=address,
                company=self.company_id.name,
            ),
        )

    @api.model
    def _get_own_domains(self, company):
        """The domains of a company's addresses and of its web site."""
        known = (company.email, company.website, company.alias_domain_id.name)
        return {get_domain(text) for text in known} - {""}

    def _judge_way(self, address):
        """What SPF, DKIM and DMARC will find, as far as Odoo's own settings tell."""
        post = OfferPost(self)
        sender = self._get_sender_on_the_way(post)
        if address not in sender:
            told = self.env._(
                "No mail server is for %(address)s: the mails leave from %(sender)s. "
                "Fill «From filter» of a mail server, or type this sender.",
                address=address,
                sender=sender,
            )
            return [Point(AMBER, told)]
        back = get_domain(post.bounces or address)
        if back != get_domain(address):
            told = self.env._(
                "Mails come back to %(back)s, and are sent from %(domain)s: without a "
                "DKIM signature of %(domain)s, DMARC fails.",
                back=back,
                domain=get_domain(address),
            )
            return [Point(AMBER, told)]
        told = self.env._(
            "SPF aligns: mails are sent from and come back to %s. Whether its DNS has "
            "SPF, DKIM and DMARC, ask its provider.",
            back,
        )
        return [Point(GREEN, told)]

    def _judge_subject(self):
        """How much of the subject is read: with the longest name, once it is known."""
        subjects = [fill_subject(self.subject, "")]
        if self.state == PREPARED:
            subjects = [self._read_frozen("coalesce(max(length(subject)), 0)") * "x"]
        length = len(subjects[0])
        if not length:
            return None
        if length > MAX_SUBJECT:
            told = self.env._(
                "The subject has %(length)s letters: after %(most)s it is cut off. "
                "Shorten it.",
                length=length,
                most=MAX_SUBJECT,
            )
            return Point(AMBER, told)
        return Point(
            GREEN, self.env._("The subject is read whole: %s letters.", length)
        )

    def _judge_weight(self):
        """Gmail cuts long mails off, and with them the link to leave."""
        weight = self._read_frozen("coalesce(max(octet_length(body_html)), 0)")
        if not weight:
            return None
        size = round(weight / 1000)
        if weight > MAX_BYTES:
            told = self.env._(
                "The largest mail has %(size)s kB: Gmail cuts it off at %(most)s, and "
                "with it the link to leave. Offer fewer articles.",
                size=size,
                most=MAX_BYTES // 1000,
            )
            return Point(RED, told)
        return Point(GREEN, self.env._("The largest mail has %s kB.", size))

    def _judge_basis(self):
        """Whether the law lets us write to all of them: where the company asks for it,
        who has no basis is left out before."""
        if not self._read_frozen("count(*) FILTER (WHERE state = 'ready')"):
            return None
        number = self._read_frozen(
            "count(*) FILTER (WHERE state = 'ready' AND basis IS NULL)"
        )
        if number:
            told = self.env._(
                "%s of the mails go to customers who have neither bought nor agreed: "
                "leave them out if your law asks for one of both.",
                number,
            )
            return Point(AMBER, told)
        told = self.env._("Everybody who gets a mail has bought or agreed.")
        return Point(GREEN, told)

    def _judge_silence(self):
        """Whether there is anybody who sends."""
        crons = self.env["xpyme.offer.outbox"].sudo()._get_lanes()
        # sudo: scheduled actions are nobody's to read.
        if crons.filtered("active"):
            return Point(GREEN, self.env._("The scheduled actions that send are on."))
        told = self.env._(
            "The scheduled actions that send are switched off: ask a system "
            "administrator to switch them on."
        )
        return Point(RED, told)

    def _read_frozen(self, figure):
        """A figure of the prepared mails.

        :param figure: SQL, written in this file
        """
        offers = self.env["xpyme.offer"]
        offers.flush_model(["basis", "body_html", "campaign_id", "state", "subject"])
        query = SQL(
            "SELECT %s FROM xpyme_offer WHERE campaign_id = %s",
            SQL(figure),
            self._origin.id or 0,
        )
        return self.env.execute_query(query)[0][0]
