"""Thousands of random calls of technicians by RPC: no row of a customer's file changes.

The models, fields and methods are those that the server has, so that what an addon
brings later is tried too.
"""

import json
import random
from pathlib import Path

import pytest

from tests.clients import Refused

pytestmark = pytest.mark.long

SURFACE = Path(__file__).parent / "in_shell" / "tell_surface.py"
CALLS, ROUND = 5000, 50
ORM = ("create", "write", "unlink", "copy", "web_save")
# Theirs are their own partners, by preferences, and the places of their orders.
OWN = (
    "(SELECT partner_id FROM res_users WHERE login IN ('humble', 'selling')"
    " UNION SELECT id FROM res_partner WHERE fsm_location)"
)
GUARDED = {
    "res_partner": f"WHERE id NOT IN {OWN}",
    "res_partner_category": "",
    "res_partner_res_partner_category_rel": f"WHERE partner_id NOT IN {OWN}",
    "res_partner_industry": "",
    "res_partner_bank": "",
    "res_partner_id_number": "",
    "mail_blacklist": "",
    "phone_blacklist": "",
    "xpyme_alternative_code": "",
    "xpyme_customer_type": "",
    "xpyme_customer_route": "",
    "xpyme_offer_line": "",
    "xpyme_offer_consent": "",
    "mail_message": f"WHERE model = 'res.partner' AND res_id NOT IN {OWN}",
    "mail_activity": f"WHERE res_model = 'res.partner' AND res_id NOT IN {OWN}",
    "mail_followers": f"WHERE res_model = 'res.partner' AND res_id NOT IN {OWN}",
    "ir_attachment": f"WHERE res_model = 'res.partner' AND res_id NOT IN {OWN}",
}


class Caller:
    """Draws calls from what the server has."""

    def __init__(self, shop, surface, seed):
        self.shop, self.surface, self.random = shop, surface, random.Random(seed)
        self.models = sorted(surface)

    def draw(self):
        """``(model, method, ids, values)``"""
        choose = self.random.choice
        model = choose(self.models)
        known = self.surface[model]
        ids = [choose(known["ids"])] if known["ids"] else [1]
        if self.random.random() < 0.5:
            method = choose(ORM)
        else:
            method = choose(sorted(known["methods"]))
        if method == "create":
            return model, method, None, {"vals_list": [self._vals(known)]}
        if method in ("write", "web_save"):
            values = {"vals": self._vals(known)}
            if method == "web_save":
                values["specification"] = {}
            return model, method, ids, values
        names = known["methods"].get(method, [])
        return model, method, ids, {name: self._any() for name in names}

    def _vals(self, known):
        fields = sorted(known["fields"])
        many = min(len(fields), self.random.randint(1, 6))
        names = self.random.sample(fields, many)
        return {name: self._value(*known["fields"][name]) for name in names}

    def _value(self, kind, comodel):
        choose = self.random.choice
        if kind in ("many2one", "many2one_reference"):
            return self._id(comodel)
        if kind in ("one2many", "many2many"):
            row = self._id(comodel)
            commands = ([4, row, 0], [3, row, 0], [2, row, 0], [6, 0, [row]])
            return [choose((*commands, [0, 0, {"name": "X"}], [1, row, {"name": "X"}]))]
        if kind == "boolean":
            return choose((True, False))
        if kind in ("integer", "float", "monetary"):
            return choose((0, 1, -1, self.shop.contact))
        if kind == "date":
            return "2026-01-01"
        if kind == "datetime":
            return "2026-01-01 10:00:00"
        return choose(("X", "res.partner", "nuevo@example.com", str(self.shop.contact)))

    def _id(self, comodel):
        if comodel == "res.partner" or comodel not in self.surface:
            shop = self.shop
            return self.random.choice((shop.contact, shop.customer, shop.other))
        return self.random.choice(self.surface[comodel]["ids"] or [1])

    def _any(self):
        shop = self.shop
        return self.random.choice(
            (
                *(1, "X", "nuevo@example.com", False, {"name": "X"}, "res.partner"),
                *([], shop.contact, [shop.contact], [shop.customer, shop.other]),
            )
        )


@pytest.fixture(scope="module")
def surface(lab, shop):
    told = lab.shell(shop.db, SURFACE.read_text())
    line = next(line for line in told.splitlines() if line.startswith("SURFACE "))
    return json.loads(line.removeprefix("SURFACE "))


@pytest.fixture
def checksums(rows):
    def read():
        return {
            table: rows(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text))"
                f" FROM {table} t {condition}"
            )
            for table, condition in GUARDED.items()
        }

    return read


@pytest.mark.parametrize("login", ["humble", "selling"])
def test_no_random_call_changes_a_customers_file(shop, surface, checksums, login):
    caller = Caller(shop, surface, seed=login)
    call = shop.client("xmlrpc", login).call
    before, passed = checksums(), 0
    for _ in range(CALLS // 2 // ROUND):
        done = []
        for _ in range(ROUND):
            drawn = caller.draw()
            try:
                call(*drawn[:3], **drawn[3])
                done.append(drawn)
            except Refused:
                pass
        after = checksums()
        changed = [table for table in GUARDED if before[table] != after[table]]
        assert not changed, json.dumps([changed, done], indent=1)
        passed += len(done)
    # Reading, their own records, and what does nothing.
    assert passed > CALLS // 50
