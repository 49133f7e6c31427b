"""Ways to a customer's file for who has no business with it.

Each is ``attempt(call, secret)``, or ``attempt(browser, secret)`` for pages; see
``clients.py``. ``secret`` names the rows, see ``in_shell/furnish_strangers.py``.
"""

import json

from tests.page_attempts import ADDRESS

CUSTOMER = "res.partner"
NAME = {"name": "X"}
NUMBERS = ("float", "integer", "monetary")


def _customer(method, **values):
    return lambda call, secret: call(CUSTOMER, method, [secret.secret], **values)


def _write(**vals):
    return _customer("write", vals=vals)


def _own(get_vals):
    """A write on a customer of one's own."""
    return lambda call, secret: call(
        CUSTOMER, "write", [secret.own], vals=get_vals(secret)
    )


def _make(model, get_vals):
    return lambda call, secret: call(model, "create", vals_list=[get_vals(secret)])


def _link(secret):
    return {"partner_id": secret.secret}


def _order_of(call, secret, **vals):
    line = [0, 0, {"product_id": secret.product, "price_unit": 1}]
    values = {"partner_id": secret.own, "order_line": [line], **vals}
    (order,) = call("sale.order", "create", vals_list=[values])
    return order


def _give_own_order(call, secret):
    order = _order_of(call, secret)
    call("sale.order", "write", [order], vals={"partner_id": secret.secret})


def _merge(call, secret):
    vals = {"partner_ids": [[6, 0, [secret.secret, secret.own]]]}
    vals.update(state="selection", dst_partner_id=secret.own)
    model = "base.partner.merge.automatic.wizard"
    (wizard,) = call(model, "create", vals_list=[vals])
    call(model, "action_merge", [wizard])


def _offer_to_stranger(call, secret):
    vals = {"name": "X", "subject": "X", "email_from": "x@example.com"}
    vals["partner_id"] = secret.secret
    (campaign,) = call("xpyme.offer.campaign", "create", vals_list=[vals])
    call("xpyme.offer.campaign", "action_prepare", [campaign])


def _filter_by_secret(call, secret):
    vals = {"name": "X", "subject": "X", "email_from": "x@example.com"}
    vals["partner_domain"] = "[('credit_limit', '>', 1000)]"
    (campaign,) = call("xpyme.offer.campaign", "create", vals_list=[vals])
    call("xpyme.offer.campaign", "action_prepare", [campaign])
    fields = {"fields": ["partner_id"], "domain": [["campaign_id", "=", campaign]]}
    return call("xpyme.offer", "search_read", **fields)


def _read_context(context):
    """A client's context does not open another company."""

    def attempt(call, secret):
        names = {"fields": ["name", "vat"]}
        return call(CUSTOMER, "read", [secret.secret], **names, context=context(secret))

    return attempt


def _decide(method):
    def attempt(call, secret):
        vals = {"res_model": "sale.order", "res_id": secret.quotation, "reason": "X"}
        (wizard,) = call("xpyme.risk.decision", "create", vals_list=[vals])
        call("xpyme.risk.decision", method, [wizard])

    return attempt


def _by_field(path):
    """Ask one's own orders about somebody else's customer."""
    return lambda call, secret: call(
        "sale.order", "search_read", domain=[[path, "!=", False]], fields=["name"]
    )


# Of a salesperson of another company.
ELSEWHERE = {
    "write": _write(**NAME),
    "write limit": _write(credit_limit=1),
    "write left limit": _write(internal_credit_limit=1),
    "write defaulter": _write(is_defaulter=True),
    "write deregistration": _write(deregistration_date="2020-01-01"),
    "write notice": _write(sale_warn_msg="X"),
    "write code": _write(customer_code=7),
    "write company": lambda call, s: call(
        CUSTOMER, "write", [s.secret], vals={"company_id": s.rival}
    ),
    "write contact": lambda call, s: call(
        CUSTOMER, "write", [s.contact], vals={"phone": "1"}
    ),
    "web_save": _customer("web_save", vals=NAME, specification={"name": {}}),
    "unlink": _customer("unlink"),
    "archive": _customer("action_archive"),
    "copy": _customer("copy"),
    "read": _customer("read", fields=["name"]),
    "read limit": _customer("read", fields=["credit_limit"]),
    "web_read": _customer("web_read", specification={"name": {}, "vat": {}}),
    "export": _customer("export_data", fields_to_export=["name", "vat"]),
    "read as the company": _read_context(lambda s: {"allowed_company_ids": [1]}),
    "read as the superuser": _read_context(lambda s: {"su": True, "uid": 1}),
    "contacts": _customer("action_open_contacts"),
    "print": _customer("action_print_contacts"),
    "vcards": _customer("action_download_contact_vcards"),
    "risk": _customer("action_open_risk_report"),
    "sales": _customer("action_open_customer_sales"),
    "follow-up": _customer("action_open_followup"),
    "new offer": _customer("action_new_offer"),
    "preview": _customer("action_preview_offer"),
    "prices": _customer("action_open_customer_prices"),
    "price review": _customer("action_review_prices"),
    "discounts": _customer("get_document_discounts"),
    "label mark": _customer("action_mark_for_labels"),
    "same tax id": _customer("action_open_same_tax_id_customers"),
    "other data": _customer("action_open_other_data"),
    "message": _customer("message_post", body="X"),
    "follow": _customer("message_subscribe", partner_ids=[1]),
    "activity": _customer(
        "activity_schedule", act_type_xmlid="mail.mail_activity_data_todo"
    ),
    "note read": lambda call, s: call(
        "mail.message", "read", [s.note], fields=["body"]
    ),
    "note unlink": lambda call, s: call("mail.message", "unlink", [s.note]),
    "child created": _make(
        CUSTOMER, lambda s: {"name": "X", "parent_id": s.secret, "email": "x@x.es"}
    ),
    "own card below theirs": _own(lambda s: {"parent_id": s.secret}),
    "their contact taken": _own(lambda s: {"child_ids": [[4, s.contact]]}),
    "their contact changed": _own(lambda s: {"child_ids": [[1, s.contact, NAME]]}),
    "their contact deleted": _own(lambda s: {"child_ids": [[2, s.contact]]}),
    "merge": _merge,
    "offer": _offer_to_stranger,
    "offer by limit": _filter_by_secret,
    "order": lambda call, s: _order_of(call, s, partner_id=s.secret),
    "own order given": _give_own_order,
    "their order read": lambda call, s: call(
        "sale.order", "read", [s.order], fields=["amount_total"]
    ),
    "their order confirmed": lambda call, s: call(
        "sale.order", "action_confirm", [s.quotation]
    ),
    "their order left out": lambda call, s: call(
        "sale.order", "action_leave_out_of_risk", [s.order]
    ),
    "their order released": _decide("action_release"),
    "their order accepted": _decide("action_accept"),
    "their order's price": lambda call, s: call(
        "sale.order.line", "search_read", domain=[["order_id", "=", s.order]]
    ),
    "by debt": _by_field("partner_id.risk_debt"),
    "by limit": _by_field("partner_id.credit_limit"),
    "discount": _make("xpyme.customer.discount", lambda s: {**_link(s), **NAME}),
    "price": _make(
        "xpyme.customer.price", lambda s: {**_link(s), "product_id": s.product}
    ),
    "alternative code": _make("xpyme.alternative.code", lambda s: {**_link(s), **NAME}),
    "bank": _make("res.partner.bank", lambda s: {**_link(s), "acc_number": "9"}),
    "by code": lambda call, s: call(CUSTOMER, "name_search", name="TARJETA-SECRETO"),
    "by name": lambda call, s: call(CUSTOMER, "name_search", name="SECRETO"),
    "by tax id": lambda call, s: call(
        CUSTOMER, "search_read", domain=[["vat", "=", "ESA28015865"]], fields=["name"]
    ),
}


def ask(question, field, kind):
    """A question about a field of customers, as a client may put it."""
    many = f"{field}:count"
    leaf = [field, ">" if kind in NUMBERS else "!=", 1 if kind in NUMBERS else False]
    values = {
        "read": ("read", {"fields": [field]}),
        "web_read": ("web_read", {"specification": {field: {}}}),
        "search_read": ("search_read", {"domain": [], "fields": [field], "limit": 3}),
        "condition": ("search_count", {"domain": [leaf]}),
        "negation": ("search_count", {"domain": ["!", leaf]}),
        "order": ("search", {"domain": [], "order": field, "limit": 3}),
        "reverse": ("search", {"domain": [], "order": f"{field} desc", "limit": 3}),
        "group": (
            "formatted_read_group",
            {"domain": [], "groupby": [field], "aggregates": ["__count"]},
        ),
        "aggregate": (
            "formatted_read_group",
            {"domain": [], "groupby": [], "aggregates": [many]},
        ),
        "export": ("export_data", {"fields_to_export": [field]}),
        "name_search": ("name_search", {"name": "", "domain": [leaf]}),
        "web_search_read": (
            "web_search_read",
            {"domain": [leaf], "specification": {"name": {}}},
        ),
        "onchange": (
            "onchange",
            {"values": {}, "field_names": [], "fields_spec": {field: {}}},
        ),
    }
    return values[question]


QUESTIONS = (
    *("read", "web_read", "search_read", "condition", "negation", "order", "reverse"),
    *("group", "aggregate", "export", "name_search", "web_search_read", "onchange"),
)
# Questions that go to a record, and not to the model.
OF_RECORDS = ("read", "web_read", "export", "onchange")


def _get(path):
    return lambda browser, secret: browser.get(path.format(**vars(secret))).text


def _export(model, whose, field):
    def attempt(browser, secret):
        data = {"model": model, "ids": [getattr(secret, whose)], "domain": []}
        data["fields"] = [{"name": field, "label": "X", "type": "char"}]
        data.update(import_compat=False, context={})
        return browser.post("/web/export/csv", data=json.dumps(data)).text

    return attempt


def _submit(browser, secret):
    form = {**ADDRESS, "partner_id": secret.secret, "address_type": "delivery"}
    (form["country_id"],) = browser.call(
        "res.country", "search", domain=[["code", "=", "ES"]]
    )
    return browser.post("/my/address/submit", **form).text


PAGES = {
    "vcards": _get("/xpyme_contacts/vcard?ids={secret},{contact}"),
    "vcard of the web": _get("/web/partner/vcard?partner_ids={secret}"),
    "file of addresses": _get("/xpyme_contacts/email_export/1"),
    "sheet of contacts": _get("/report/html/xpyme_contacts.contact_sheet/{secret}"),
    "sheet of risk": _get("/report/html/xpyme_contacts.risk_sheet/{secret}"),
    "labels": _get("/report/html/xpyme_contacts.customer_labels/{secret}"),
    "order on the portal": _get("/my/orders/{order}"),
    "order with a wrong word": _get("/my/orders/{order}?access_token=x"),
    "order in pdf": _get("/my/orders/{order}?report_type=text"),
    "unsubscribe by guessing": _get("/xpyme/offers/1/x"),
    "image": _get("/web/image/res.partner/{secret}/image_1920?unique=1"),
    "content": _get("/web/content/res.partner/{secret}/image_1920"),
    "export customer": _export("res.partner", "secret", "vat"),
    "export limit": _export("res.partner", "secret", "credit_limit"),
    "export order": _export("sale.order", "order", "amount_total"),
    "address": _submit,
    "address archived": lambda browser, s: browser.route(
        "/my/address/archive", partner_id=s.contact
    ),
    "thread": lambda browser, s: browser.route(
        "/mail/thread/messages", thread_model="res.partner", thread_id=s.secret
    ),
    "thread data": lambda browser, s: browser.route(
        "/mail/data",
        fetch_params=[
            [
                "mail.thread",
                {
                    "thread_model": "res.partner",
                    "thread_id": s.secret,
                    "request_list": ["activities", "followers", "attachments"],
                },
            ]
        ],
    ),
    "message": lambda browser, s: browser.route(
        "/mail/message/post",
        thread_model="res.partner",
        thread_id=s.secret,
        post_data={"body": "X"},
    ),
    "own page": _get("/my"),
    "own card": _get("/my/account"),
    "own orders": _get("/my/orders"),
    "own quotations": _get("/my/quotes"),
    "own order": _get("/my/orders/{own_order}"),
}
