from odoo.http import Controller, request, route


class OfferUnsubscribe(Controller):
    """How a person says that he wants no more offers, without logging in.

    RFC 8058: a mail program posts to the address in the mail's header, and that is all.
    A person who follows the link in the mail gets a page that asks. Opening the page
    changes nothing: the scanners of mail servers open every link.
    """

    @route(
        "/xpyme/offers/<int:offer_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
    )
    def show(self, offer_id, token, **_kwargs):
        offer = request.env["xpyme.offer"]._find_by_token(offer_id, token)
        if not offer:
            return self._render(offer, "wrong")
        return self._render(offer, "done" if offer._is_refused() else "ask")

    # No session and no token of a form: a mail program has neither. The address itself
    # is the proof.
    @route(
        "/xpyme/offers/<int:offer_id>/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def unsubscribe(self, offer_id, token, **post):
        offer = request.env["xpyme.offer"]._find_by_token(offer_id, token)
        if not offer:
            return self._render(offer, "wrong")
        one_click = post.get("List-Unsubscribe") == "One-Click"
        offer._refuse_offers("one_click" if one_click else "page")
        return self._render(offer, "done")

    def _render(self, offer, step):
        company = (offer.company_id or request.env.company).sudo()
        lang = offer.partner_id.lang or company.partner_id.lang or "en_US"
        request.update_context(lang=request.env["res.lang"]._get_code(lang) or "en_US")
        page = request.render(
            "xpyme_contacts.offer_unsubscribe_page",
            # Whose a link is that belongs to no mail, nobody knows.
            {
                "step": step,
                "company_name": offer and company.name,
                "email": offer.email,
            },
            status=404 if step == "wrong" else 200,
        )
        # The address of the page is a secret of the person: it is told to nobody.
        page.headers["Referrer-Policy"] = "no-referrer"
        page.headers["X-Robots-Tag"] = "noindex"
        return page
