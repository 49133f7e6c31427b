"""Prices come to a living shop that has the customer file, and go again."""

from pathlib import Path

import pytest
from lives import STAGES, Life

CODE = Path(__file__).with_name("in_shell")

pytestmark = pytest.mark.long

# What people made with the addon and Odoo can keep without it.
ADDED_BY_USE = {
    # and that pricelists and discounts are switched on, as by the general settings
    "res_groups_implied_rel",
    "mail_followers",
    "mail_message",
    "mail_tracking_value",
    "product_category",
    "product_product",
    "product_supplier_taxes_rel",
    "product_template",
    "res_partner",
    "sale_order",
    "sale_order_line",
    "xpyme_offer",
    "xpyme_offer_campaign",
    "xpyme_offer_campaign_product",
    "xpyme_offer_detail",
}
CHANGED_BY_FEATURES = {("res_groups", "write_date")}
CHANGED_BY_USE = {("res_company", "write_date")}
# The customer file is at work without prices: an offer, an order, a customer's card.
WITHOUT_PRICES = """
order = env["sale.order"].search([("partner_id.name", "=", "Pinturas Sol")])
assert order.copy().order_line.price_unit == 12
campaign = env["xpyme.offer.campaign"].search([("name", "=", "Primavera")]).copy()
campaign.action_prepare()
(detail,) = campaign.offer_ids.detail_ids
assert (detail.price, detail.origin) == (100, "tariff"), (detail.price, detail.origin)
customer = order.partner_id
env["res.partner"].get_views([(False, "form"), (False, "list")])
assert customer.get_document_entry(env.company.id, "sale.order")["action"]
print("AT WORK")
"""


class LifeOfPrices(Life):
    addon = "xpyme_contacts_pricing"
    at_work = ""

    def look_closer(self, stage, db, connection):
        if stage == "uninstall":
            self.at_work = self.lab.shell(db, WITHOUT_PRICES)


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_prices.py").read_text()
    found = LifeOfPrices(lab, tmp_path_factory.mktemp("prices"), work)
    with lab.database("prices", template="deps") as db:
        lab.shell(db, (CODE / "living_prices.py").read_text())
        lab.odoo("-d", db, "-i", "xpyme_contacts", "--no-http", "--stop-after-init")
        with lab.copy(db, "before_prices") as before:
            found.go_through(before, db)
    return found


@pytest.mark.parametrize("stage", [*STAGES, "use"])
def test_nothing_is_complained_about(life, stage):
    assert life.warnings.get(stage, []) == []


@pytest.mark.parametrize("stage", STAGES)
def test_no_row_of_the_shop_is_changed(life, stage):
    """No order or invoice is priced anew, and nobody's tariff is another one."""
    used = CHANGED_BY_USE if stage == "uninstall" else set()
    assert life.changed(stage, CHANGED_BY_FEATURES | used) == []


@pytest.mark.parametrize("stage", ["install", "upgrade"])
def test_only_the_six_tariffs_are_added_to_the_shop(life, stage):
    added = life.added(stage)
    assert len([row for row in added if " product_pricelist " in row]) == 6
    assert len(added) == 6


def test_no_row_is_left_over(life):
    """Nor the tariffs that nobody used."""
    assert life.left_over(ADDED_BY_USE) == []


def test_no_table_column_index_or_constraint_is_left_over(life):
    assert life.structures["install"] > life.structures["before"]
    assert life.structures["uninstall"] ^ life.structures["before"] == set()


def test_customer_file_is_at_work_without_prices(life):
    assert "AT WORK" in life.at_work
