import base64

from odoo.http import Controller, request, route

from ..tools.links import split_links
from .offer_unsubscribe import get_trace, render_page

_QR_PIXELS = 480


class OfferJoin(Controller):
    """How a person asks for offers, without logging in.

    They type their address and tick the words; a mail brings the link that confirms.
    Opening that link changes nothing: the scanners of mail servers open every link.
    """

    @route("/xpyme/offers/join/<int:company_id>", type="http", auth="public")
    def ask(self, company_id, email="", agreed="", nickname="", **_kwargs):
        company = self._find_company(company_id)
        if not company:
            return self._render(company, "wrong", status=404)
        if request.httprequest.method != "POST":
            return self._render(company, "ask")
        address = company._read_address(email)
        if not address or not agreed:
            why = "agree" if address else "address"
            return self._render(company, "ask", email=email, why=why)
        # Nobody sees the box of the nickname but programs that fill in every one.
        if not nickname:
            company._invite(address, request.httprequest.remote_addr)
        return self._render(company, "look", email=address)

    @route(
        "/xpyme/offers/join/<int:company_id>/<string:token>",
        type="http",
        auth="public",
        # The link is the proof, also where a mail program keeps no cookies.
        csrf=False,
    )
    def confirm(self, company_id, token, **_kwargs):
        company = self._find_company(company_id)
        email = company and company._read_invitation(token)
        if not email:
            return self._render(company, "old", status=404)
        if request.httprequest.method != "POST":
            return self._render(company, "confirm", email=email)
        company._join(email, get_trace())
        return self._render(company, "done", email=email)

    @route(
        "/xpyme/offers/join/<int:company_id>/poster",
        type="http",
        auth="user",
        readonly=True,
    )
    def poster(self, company_id, **_kwargs):
        """The QR code of the page, for whoever works for the company."""
        company = self._find_company(company_id)
        if not company or company not in request.env.user.company_ids:
            return request.not_found()
        url = company._get_join_url()
        code = request.env["ir.actions.report"].barcode(
            "QR", url, width=_QR_PIXELS, height=_QR_PIXELS
        )
        picture = "data:image/png;base64," + base64.b64encode(code).decode()
        values = {"company": company, "url": url, "picture": picture}
        lang = company.partner_id.lang
        return render_page("xpyme_contacts.offer_join_poster", lang, values)

    def _find_company(self, company_id):
        """The company, if it has such a page; as whoever asks has no rights on it."""
        # sudo: the page shows the company's name and its words, nothing else.
        companies = request.env["res.company"].sudo()
        company = companies.browse(company_id).exists().filtered("offer_join_page")
        lang = company.partner_id.lang
        lang = request.env["res.lang"]._get_code(lang) or "en_US"
        return company.with_context(lang=lang)

    def _render(self, company, step, status=200, **values):
        return render_page(
            "xpyme_contacts.offer_join_page",
            company.partner_id.lang,
            {
                "company": company,
                "step": step,
                "words": split_links(company._get_join_words()) if company else [],
                "email": "",
                "why": "",
                **values,
            },
            status=status,
        )
