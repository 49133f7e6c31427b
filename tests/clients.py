"""The ways in which programs talk to a running Odoo, each as a small client.

Every client has ``call(model, method, ids, **values)``: ``ids`` is None for a method of
the model itself. A refusal of the server is a ``Refused`` with its human text.
"""

import re
import xmlrpc.client

import requests

TIMEOUT = 120


class Refused(Exception):
    """The server answered with an error.

    :param text: what a person would read
    :param kind: the exception's class or the HTTP status, where the answer tells it
    """

    def __init__(self, text, kind=""):
        super().__init__(text)
        self.text = text
        self.kind = str(kind)


class XmlRpc:
    """``/xmlrpc/2/object``"""

    def __init__(self, server, user):
        self._identity = (server.database, user["id"], user["password"])
        self._url = f"{server.url}/xmlrpc/2/object"

    def call(self, model, method, ids=None, /, **values):
        positional = _positional(method, ids, values)
        # a connection of its own: any of the server's processes may answer
        proxy = xmlrpc.client.ServerProxy(self._url, allow_none=True)
        try:
            return proxy.execute_kw(*self._identity, model, method, positional, values)
        except xmlrpc.client.Fault as fault:
            raise Refused(fault.faultString, fault.faultCode) from fault


class JsonRpc:
    """``/jsonrpc``"""

    def __init__(self, server, user):
        self._identity = (server.database, user["id"], user["password"])
        self._url = f"{server.url}/jsonrpc"

    def call(self, model, method, ids=None, /, **values):
        positional = _positional(method, ids, values)
        arguments = [*self._identity, model, method, positional, values]
        params = {"service": "object", "method": "execute_kw", "args": arguments}
        return _result_of(requests.post(self._url, **_body(params), timeout=TIMEOUT))


class Bearer:
    """``/json/2`` with an API key."""

    def __init__(self, server, user):
        self._url = f"{server.url}/json/2"
        self._headers = {
            "Authorization": f"bearer {user['key']}",
            "X-Odoo-Database": server.database,
        }

    def call(self, model, method, ids=None, /, **values):
        body = values if ids is None else {"ids": ids, **values}
        url = f"{self._url}/{model}/{method}"
        answer = requests.post(url, json=body, headers=self._headers, timeout=TIMEOUT)
        if answer.ok:
            return answer.json()
        error = answer.json()
        raise Refused(error["message"], error["name"])


class Browser:
    """A logged-in session: what the web client, the portal and the pages call."""

    def __init__(self, server, user):
        self.url = server.url
        self._session = requests.Session()
        params = {"db": server.database, "login": user["login"]}
        params["password"] = user["password"]
        self.route("/web/session/authenticate", **params)

    def call(self, model, method, ids=None, /, **values):
        positional = _positional(method, ids, values)
        params = {"model": model, "method": method, "args": positional}
        return self.route("/web/dataset/call_kw", **params, kwargs=values)

    def route(self, path, **params):
        """Call a route of type jsonrpc."""
        answer = self._session.post(self.url + path, **_body(params), timeout=TIMEOUT)
        return _result_of(answer)

    def get(self, path):
        """Open a page."""
        return _checked(self._session.get(self.url + path, timeout=TIMEOUT))

    def post(self, path, files=None, **form):
        """Send a form, with the session's token against forgery."""
        form["csrf_token"] = self._token()
        answer = self._session.post(
            self.url + path, data=form, files=files, timeout=TIMEOUT
        )
        return _checked(answer)

    def _token(self):
        page = self._session.get(f"{self.url}/my/account", timeout=TIMEOUT).text
        return re.search(r'csrf_token: "(\w+)"', page).group(1)


CLIENTS = {"xmlrpc": XmlRpc, "jsonrpc": JsonRpc, "json2": Bearer, "browser": Browser}


def _positional(method, ids, values):
    """What goes before the named values; Odoo looks at ``create``'s by place."""
    if method == "create":
        return [values.pop("vals_list")]
    return [] if ids is None else [ids]


def _body(params):
    return {"json": {"jsonrpc": "2.0", "method": "call", "params": params}}


def _result_of(answer):
    """The result in a JSON-RPC answer."""
    found = _checked(answer).json()
    if "error" in found:
        data = found["error"]["data"]
        raise Refused(data["message"], data["name"])
    return found.get("result")


def _checked(answer):
    """The answer, unless it is an error page."""
    if answer.ok:
        return answer
    raise Refused(_text_of(answer.text), answer.status_code)


def _text_of(page):
    """The words of an error page, without its markup."""
    page = re.sub(r"(?s)<(style|script|head).*?</\1>", " ", page)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
