"""The printed contacts as a real PDF, by both builds of wkhtmltopdf."""

import re
from collections import Counter

import pytest

from tests import sheets

NOBODY = "http://127.0.0.1:9"
MILLIMETRE = 72 / 25.4
TOP, BOTTOM, SIDE = 12 * MILLIMETRE, 12 * MILLIMETRE, 10 * MILLIMETRE
BODY_SIZE = 8.5
# contacts of the customers on the long sheet: 60 in all, 21 of them with much to tell
CONTACTS = [2, 41, 17]


@pytest.fixture(scope="module")
def customers(shop):
    ids = sheets.make_customers(shop.client("json2", "admin").call, CONTACTS)
    # has the server make the styles that wkhtmltopdf asks it for
    shop.client("browser", "admin").get(f"/report/html/{sheets.REPORT}/{ids[0]}")
    return ids


@pytest.fixture(scope="module", params=["debian", "patched"])
def printed(request, lab, shop, customers, tmp_path_factory):
    """``{name: pages}`` as printed by one build."""
    build = lab.wkhtmltopdf[request.param]
    wanted = [
        ("one customer", shop.server.url, customers[:1]),
        ("many pages", shop.server.url, customers),
        ("styles out of reach", NOBODY, customers),
    ]
    folder = tmp_path_factory.mktemp("sheets")
    return sheets.print_sheets(lab, shop.db, build, folder, wanted)


@pytest.fixture(params=["one customer", "many pages", "styles out of reach"])
def pages(request, printed):
    return printed[request.param]


def test_pages_are_counted_as_printed(pages):
    told = [re.search(r"Page (\d+) of (\d+)", page.text).groups() for page in pages]
    total = str(len(pages))
    assert told == [(str(number), total) for number in range(1, len(pages) + 1)]


def test_one_customer_takes_one_page(printed):
    assert len(printed["one customer"]) == 1


def test_each_page_tells_the_company_the_customer_and_the_columns(pages):
    for page in pages:
        assert "Taller Biobío · 76.086.428-5" in page.text
        title = "Contacts of (Ñuble|Construcciones).* RUT 77.777.777-7"
        assert re.search(title, page.text)
        assert "Contact Position Phones E-mail Address" in page.text


def test_each_contact_is_printed_once(printed):
    for name, numbers in (("one customer", CONTACTS[:1]), ("many pages", CONTACTS)):
        text = " ".join(page.text for page in printed[name])
        contacts = [n for number in numbers for n in range(number - 1)]
        short = sorted(n for n in contacts if n % 3)
        assert sorted(map(int, re.findall(r"Persona (\d+)", text))) == short
        wordy = sorted(n for n in contacts if not n % 3)
        assert sorted(map(int, re.findall(r"del Prado (\d+)", text))) == wordy


def test_text_is_as_large_with_either_build(pages):
    for page in pages:
        sizes = Counter()
        for text, _x, _y, size in page.spots:
            sizes[size] += len(text)
        (usual, _count), *_others = sizes.most_common()
        assert usual == pytest.approx(BODY_SIZE, abs=0.7)
        assert min(sizes) == pytest.approx(BODY_SIZE, abs=0.7)


def test_pages_are_a4_and_nothing_stands_in_the_margins(pages):
    for page in pages:
        assert (page.width, page.height) == pytest.approx((595, 842), abs=1)
        for text, x, y, size in page.spots:
            assert TOP - 1 <= y - size and y <= page.height - BOTTOM, text
            assert SIDE - 1 <= x <= page.width - SIDE, text
