from odoo.http import Controller, request, route

_MAX_REASON = 500


class OfferUnsubscribe(Controller):
    """How a person says that they want no more offers, without logging in.

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
    def answer(self, offer_id, token, **post):
        offer = request.env["xpyme.offer"]._find_by_token(offer_id, token)
        if not offer:
            return self._render(offer, "wrong")
        trace = get_trace()
        if post.get("List-Unsubscribe") == "One-Click":
            offer._refuse_offers("one_click", trace=trace)
        elif post.get("again"):
            offer._want_offers_again(trace=trace)
            return self._render(offer, "again")
        else:
            offer._refuse_offers(
                "page",
                everywhere=bool(post.get("everywhere")),
                reason=" ".join(post.get("reason", "").split())[:_MAX_REASON],
                trace=trace,
            )
        return self._render(offer, "done")

    def _render(self, offer, step):
        company = (offer.company_id or request.env.company).sudo()
        lang = offer.partner_id.lang or company.partner_id.lang or "en_US"
        return render_page(
            "xpyme_contacts.offer_unsubscribe_page",
            lang,
            # Whose a link is that belongs to no mail, nobody knows.
            {
                "step": step,
                "company": offer and company,
                "email": offer.email,
                "others": offer and offer._tell_other_mailboxes(),
            },
            status=404 if step == "wrong" else 200,
        )


def get_trace():
    """Where a request comes from: its address and program."""
    agent = request.httprequest.user_agent.string[:200]
    return f"{request.httprequest.remote_addr} {agent}".strip()


def render_page(template, lang, values, status=200):
    """A page of ours that needs no login, in a language or else in English."""
    request.update_context(lang=request.env["res.lang"]._get_code(lang) or "en_US")
    page = request.render(template, values, status=status)
    # The address of the page is a secret of the person: it is told to nobody.
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex"
    return page
