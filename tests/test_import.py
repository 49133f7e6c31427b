"""A shop's customers come from a file, through Odoo's own import screen."""

import csv
import io

import pytest

HEADER = ["External ID", "Name", "Tax ID", "Email", "Phone", "Street", "City"]
HEADER += ["Country", "Is Customer"]
FIELDS = ["id", "name", "vat", "email", "phone", "street", "city", "country_id"]
FIELDS += ["customer_flag"]
NAMES = ["Ñuñoa Áridos", "Peña y Güiraldes", "Panadería Doña Inés", "Añiñir Múñoz"]
TOWNS = ["Concepción", "Chillán", "Los Ángeles", "Curanilahue"]
SIZES = [
    pytest.param(200, 15, id="200"),
    pytest.param(2000, 150, marks=pytest.mark.long, id="2000"),
]
STAMPS = """
    SELECT count(*), md5(string_agg(p::text, '|' ORDER BY id)) FROM res_partner p
"""


def make_rut(number):
    """A RUT with its right check digit."""
    total = sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(str(number))))
    return f"{number}-{'0K987654321'[total % 11]}"


def make_bad_rut(number):
    rut = make_rut(number)
    return rut[:-1] + ("1" if rut.endswith("0") else "0")


def make_rows(prefix, size, bad=()):
    """Customers as a shop's old program writes them; ``bad`` have a wrong RUT."""
    for place in range(size):
        rut = (make_bad_rut if place in bad else make_rut)(70000000 + place)
        name = f"{NAMES[place % 4]} {prefix} {place}"
        row = [f"{prefix}_{place}", name, rut, f"{prefix}{place}@example.com"]
        row += [f"41 2{place:06}", f"Avenida Nº {place}", TOWNS[place % 4]]
        yield [*row, "Chile", "1"]


def spread(size, bad):
    """Places of bad rows all over a file, its first and last row among them."""
    return {round(place * (size - 1) / (bad - 1)) for place in range(bad)}


class Import:
    """What a person does on the import screen with one file."""

    def __init__(self, browser, rows, encoding):
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *rows])
        self._call = browser.call
        values = {"res_model": "res.partner", "file_name": "clientes.csv"}
        values["file_type"] = "text/csv"
        (self._id,) = self._call("base_import.import", "create", vals_list=[values])
        file = ("clientes.csv", text.getvalue().encode(encoding), "text/csv")
        browser.post("/base_import/set_file", id=self._id, files={"ufile": file})
        options = {"quoting": '"', "separator": "", "encoding": "", "has_headers": True}
        self.preview = self._call(
            "base_import.import", "parse_preview", [self._id], options=options
        )
        assert "error" not in self.preview, self.preview

    def run(self, dryrun):
        """Messages of the import, by the place of their row."""
        answer = self._call(
            "base_import.import",
            "execute_import",
            [self._id],
            fields=FIELDS,
            columns=HEADER,
            options=self.preview["options"],
            dryrun=dryrun,
        )
        self.ids = answer["ids"]
        return answer["messages"]


@pytest.fixture
def browser(shop):
    return shop.client("browser", "salesperson")


@pytest.fixture
def stamps(rows):
    return lambda: rows(STAMPS)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
@pytest.mark.parametrize(("size", "bad"), SIZES)
@pytest.mark.parametrize("dryrun", [True, False], ids=["dry run", "real"])
def test_with_bad_rows_nothing_is_saved_and_each_is_named(
    browser, stamps, encoding, size, bad, dryrun
):
    wrong = spread(size, bad)
    before = stamps()
    screen = Import(browser, make_rows(f"mal{size}", size, wrong), encoding)
    messages = screen.run(dryrun)
    assert not screen.ids
    assert {message["rows"]["from"] for message in messages} == wrong
    assert {message["type"] for message in messages} == {"error"}
    for message in messages:
        assert "RUT" in message["message"]
        assert make_bad_rut(70000000 + message["rows"]["from"]) in message["message"]
    assert stamps() == before


def test_many_bad_rows_at_the_start_do_not_hide_the_others(browser, stamps):
    wrong = {*range(40), 90, 199}
    before = stamps()
    screen = Import(browser, make_rows("inicio", 200, wrong), "utf-8")
    messages = screen.run(dryrun=False)
    assert {message["rows"]["from"] for message in messages} == wrong
    assert len(messages) == len(wrong)
    assert stamps() == before


def test_faults_of_different_kinds_are_named_together(browser, stamps):
    lines = list(make_rows("mezcla", 120, {5, 60}))
    lines[20][HEADER.index("Country")] = "Narnia"
    lines[80][HEADER.index("Name")] = ""
    before = stamps()
    messages = Import(browser, lines, "utf-8").run(dryrun=False)
    told = {message["rows"]["from"]: message["message"] for message in messages}
    assert set(told) == {5, 20, 60, 80}
    assert "RUT" in told[5] and "RUT" in told[60]
    assert "Narnia" in told[20]
    assert stamps() == before


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
@pytest.mark.parametrize(("size", "bad"), SIZES)
def test_corrected_all_go_in_with_one_contact_each_and_again_nothing_changes(
    browser, stamps, rows, encoding, size, bad
):
    prefix = f"bien{size}{encoding[:3]}"
    screen = Import(browser, make_rows(prefix, size), encoding)
    assert screen.preview["options"]["encoding"].lower() in (encoding, "iso-8859-1")
    assert screen.run(dryrun=True) == []
    assert rows("SELECT 1 FROM res_partner WHERE email LIKE %s", f"{prefix}%") == []
    assert screen.run(dryrun=False) == []
    assert len(screen.ids) == size
    assert_one_mirror_each(rows, screen.ids)
    names = rows("SELECT name FROM res_partner WHERE id = ANY(%s)", screen.ids)
    assert {name for (name,) in names} == {row[1] for row in make_rows(prefix, size)}
    before = stamps()
    again = Import(browser, make_rows(prefix, size), encoding)
    assert again.run(dryrun=False) == []
    assert again.ids == screen.ids
    assert stamps() == before


def assert_one_mirror_each(rows, ids):
    found = rows(
        """
        SELECT customer.id, count(*), bool_and(contact.is_mirror_contact),
               bool_and(contact.name = customer.name
                        AND contact.phone = customer.phone
                        AND contact.email = customer.email
                        AND contact.street = customer.street
                        AND contact.country_id = customer.country_id)
          FROM res_partner customer
          JOIN res_partner contact ON contact.parent_id = customer.id
         WHERE customer.id = ANY(%s) GROUP BY customer.id
        """,
        ids,
    )
    assert {row[0] for row in found} == set(ids)
    assert {row[1:] for row in found} == {(1, True, True)}
