"""Ways to change or take away a customer's file through pages and routes.

Each is ``attempt(browser, shop)`` in a logged-in session.
"""

import json

ADDRESS = {
    "name": "X",
    "email": "x@example.com",
    "phone": "+56412909725",
    "street": "X",
    "city": "X",
    "zip": "4030000",
}
CSV = b"id,name\nx_one,X\nx_two,Y\n"


def _submit(get_partner):
    """The portal's address form; it answers with messages instead of an error."""

    def attempt(browser, shop):
        form = {**ADDRESS, "partner_id": get_partner(shop)}
        chile = [["code", "=", "CL"]]
        (form["country_id"],) = browser.call("res.country", "search", domain=chile)
        form["address_type"] = "delivery"
        answer = browser.post("/my/address/submit", **form)
        return "\n".join(answer.json()["messages"])

    return attempt


def _archive(get_partner):
    return lambda browser, shop: browser.route(
        "/my/address/archive", partner_id=get_partner(shop)
    )


def _export(kind, model, whose, field):
    def attempt(browser, shop):
        data = {
            "model": model,
            "fields": [{"name": field, "label": "X", "type": "char"}],
            "ids": [getattr(shop, whose)],
            "domain": [],
            "import_compat": False,
            "context": {},
        }
        browser.post(f"/web/export/{kind}", data=json.dumps(data))

    return attempt


def _import(call, browser, route):
    """Odoo's own import, the file given by route or by call."""
    vals = {"res_model": "res.partner", "file_name": "x.csv", "file_type": "text/csv"}
    (wizard,) = call("base_import.import", "create", vals_list=[vals])
    if route:
        file = {"ufile": ("x.csv", CSV, "text/csv")}
        browser.post("/base_import/set_file", id=wizard, files=file)
    else:
        call("base_import.import", "write", [wizard], vals={"file": CSV.decode()})
    options = {"quoting": '"', "separator": ",", "has_headers": True}
    options["encoding"] = "utf-8"
    mapping = {"fields": ["id", "name"], "columns": ["id", "name"], "options": options}
    answer = call("base_import.import", "execute_import", [wizard], **mapping)
    assert not answer["ids"]
    return answer["messages"][0]["message"]


def _post(get_data):
    def attempt(browser, shop):
        thread = {"thread_model": "res.partner", "thread_id": shop.contact}
        browser.route("/mail/message/post", **thread, post_data=get_data(shop))

    return attempt


def _upload(path, names):
    def attempt(browser, shop):
        model, record, file = names
        form = {model: "res.partner", record: shop.contact}
        answer = browser.post(path, files={file: ("x.txt", b"X")}, **form)
        if "error" in answer.text:
            return answer.text
        raise AssertionError("the file was taken")

    return attempt


# The answer tells the refusal: an error, a message, or the page is forbidden.
PAGES = {
    "portal address of his customer": _submit(lambda shop: shop.address),
    "portal address of a contact": _submit(lambda shop: shop.contact),
    "portal address of his own": _submit(
        lambda shop: shop.users["technician"]["partner"]
    ),
    "portal address created": _submit(lambda shop: ""),
    "portal address archived": _archive(lambda shop: shop.address),
    "portal contact archived": _archive(lambda shop: shop.contact),
    "export csv": _export("csv", "res.partner", "contact", "name"),
    "export xlsx": _export("xlsx", "res.partner", "contact", "name"),
    "export csv of an order": _export("csv", "fsm.order", "order", "phone"),
    "export xlsx of a user": _export("xlsx", "res.users", "user", "email"),
    "vcard of the web": lambda browser, shop: browser.get(
        f"/web/partner/vcard?partner_ids={shop.contact}"
    ),
    "vcards of the web": lambda browser, shop: browser.get(
        f"/web/partner/vcard?partner_ids={shop.contact},{shop.customer}"
    ),
    "vcard by address": lambda browser, shop: browser.get(
        f"/web_enterprise/partner/{shop.contact}/vcard"
    ),
    "vcards of ours": lambda browser, shop: browser.get(
        f"/xpyme_contacts/vcard?ids={shop.contact}"
    ),
    "import by route": lambda browser, shop: _import(browser.call, browser, True),
    "import by call": lambda browser, shop: _import(browser.call, browser, False),
    "message on a contact": _post(lambda shop: {"body": "X"}),
    "message to an unknown address": _post(
        lambda shop: {"body": "X", "partner_emails": ["nuevo@example.com"]}
    ),
    "message changed": lambda browser, shop: browser.route(
        "/mail/message/update_content",
        message_id=shop.note,
        update_data={"body": "X", "attachment_ids": []},
    ),
    "reaction": lambda browser, shop: browser.route(
        "/mail/message/reaction", message_id=shop.note, content="👍", action="add"
    ),
    "follower by route": lambda browser, shop: browser.route(
        "/mail/thread/subscribe",
        res_model="res.partner",
        res_id=shop.contact,
        partner_ids=[shop.other],
    ),
    "file by mail": _upload(
        "/mail/attachment/upload", ("thread_model", "thread_id", "ufile")
    ),
    "file by web": _upload("/web/binary/upload_attachment", ("model", "id", "ufile")),
    "file deleted": lambda browser, shop: browser.route(
        "/mail/attachment/delete", attachment_id=shop.file
    ),
    "onchange": lambda browser, shop: browser.call(
        "res.partner",
        "onchange",
        [shop.contact],
        values={"name": "X", "contact_phone": "1"},
        field_names=["name"],
        fields_spec={"name": {}, "contact_name": {}},
    ),
}

# These answer without an error, and must have made nobody.
SILENT = {
    "recipient by address": lambda browser, shop: browser.route(
        "/mail/partner/from_email",
        thread_model="fsm.order",
        thread_id=shop.order,
        emails=["nuevo@example.com"],
    ),
    "message of an order to an unknown address": lambda browser, shop: browser.route(
        "/mail/message/post",
        thread_model="fsm.order",
        thread_id=shop.order,
        post_data={"body": "X", "partner_emails": ["nuevo@example.com"]},
    ),
    "recipients of an order": lambda browser, shop: browser.route(
        "/mail/thread/recipients", thread_model="fsm.order", thread_id=shop.order
    ),
}
