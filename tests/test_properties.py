"""The rules on text, given any text and what nearly is right: no server, no database.

Whatever is typed, a rule answers; and what it answers it leaves as it is the next time.
"""

import importlib.util
import ipaddress
import json
import os
import re
import shutil
import subprocess
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

TOOLS = Path(__file__).parents[1] / "xpyme_contacts" / "tools"
EXAMPLES = 10_000 if os.environ.get("XPYME_LONG") else 300
QUOTED = re.compile(r'"[^"]*"')


def load(name):
    """A module of the addon's tools, without the addon and so without Odoo."""
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tax_id, bank, mailboxes = load("tax_id"), load("bank"), load("mailboxes")
code_format, names = load("code_format"), load("names")
plain_text, mail_headers = load("plain_text"), load("mail_headers")

# --- what people type: digits of other scripts, odd dashes, blanks of all kinds

DASHES = "-‐‑‒–—―−﹣－"
BLANKS = " \t\n\u00a0\u2009\u200b\u2060\u3000\ufeff"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def any_text(alphabet, size):
    """Any text at all, or one of nothing but characters that belong there."""
    return st.one_of(st.text(max_size=size), st.text(alphabet=alphabet, max_size=size))


@st.composite
def nearly(draw, base, noise):
    """Something right with up to four characters put in, taken out or changed."""
    text = list(draw(base))
    for _change in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text)))
        taken = draw(st.integers(0, 1))
        text[place : place + taken] = draw(st.text(alphabet=noise, max_size=1))
    text = "".join(text)
    return draw(
        st.sampled_from([text, text.lower(), text.translate(WIDE), f" {text}\n"])
    )


@st.composite
def ruts(draw):
    body = str(draw(st.integers(1_000_000, 99_999_999)))
    dotted = f"{int(body):,}".replace(",", draw(st.sampled_from(["", ".", " "])))
    before = draw(st.sampled_from(["", "CL", "0", "00", "cl "]))
    return (
        f"{before}{dotted}{draw(st.sampled_from(DASHES))}{tax_id.rut_check_digit(body)}"
    )


@st.composite
def ibans(draw):
    country = draw(st.sampled_from(["ES", "GB", "FR", "DE", "NO", "MT", "CL", "XX"]))
    rest = draw(st.text(alphabet="0123456789ABCDEF", min_size=10, max_size=30))
    check = draw(st.integers(0, 99))
    before = draw(st.sampled_from(["", "IBAN", "IBAN: ", "iban "]))
    return f"{before}{country}{check:02}{rest}"


BICS = st.from_regex(r"[A-Z]{4}(ES|CL|FR|ZZ)[A-Z0-9]{2}([A-Z0-9]{3})?", fullmatch=True)
ADDRESSES = st.from_regex(
    r"(Ana <)?[a-z0-9.+_ñ]{1,12}@[a-z0-9-]{1,9}(\.[a-z0-9-]{1,9}){0,2}\.[a-z]{2,4}>?",
    fullmatch=True,
)
RUT_LIKE = any_text(f"0123456789Kk.CLcl{DASHES}{BLANKS}", 25) | nearly(
    ruts(), f"0123456789K.{DASHES}{BLANKS}"
)
IBAN_LIKE = any_text(f"ESGBesgb0123456789IBANiban{DASHES}{BLANKS}", 40) | nearly(
    ibans(), f"0123456789AZ{DASHES}{BLANKS}"
)
BIC_LIKE = any_text(f"CAIXESBB0123456789xßﬃﬀ{BLANKS}", 14) | nearly(
    BICS, f"AZ09ñßﬁ{BLANKS}"
)
CODE_LIKE = (
    any_text(f"0123456789-+.,eE²½٠١٥{BLANKS}", 12)
    | nearly(st.integers(-10, 1_000_010).map(str), f"0-+{BLANKS}")
    | st.integers(0, 10**9).map(lambda n: str(n).translate(ARABIC))
)
BOX_LIKE = any_text(f"ab@.c;,<>\"'{BLANKS}", 60) | st.lists(
    nearly(ADDRESSES, f'@.;,<>"{BLANKS}'), max_size=4
).flatmap(
    lambda boxes: st.sampled_from([";", ", ", "\n", " "]).map(lambda s: s.join(boxes))
)

IP_LIKE = any_text(f"0123456789abcdefx.:%/{BLANKS}", 30) | nearly(
    st.ip_addresses().map(str), f"0123456789af.:%/{BLANKS}"
)

any_examples = settings(max_examples=EXAMPLES, deadline=None, database=None)


@any_examples
@given(RUT_LIKE)
def test_rut(text):
    stored = tax_id.normalise_rut(text)
    assert tax_id.normalise_rut(stored) == stored
    assert tax_id.clean_tax_id(tax_id.clean_tax_id(text)) == tax_id.clean_tax_id(text)
    assert tax_id.is_missing(text) == (stored in ("", "/"))
    if tax_id.is_rut(stored):
        shown = tax_id.format_rut(stored)
        assert tax_id.normalise_rut(shown) == stored
        assert stored.isascii() and 9 <= len(stored) <= 10


@any_examples
@given(ruts())
def test_right_rut_is_right_however_it_is_typed_and_no_other_digit_is(text):
    stored = tax_id.normalise_rut(text)
    assert tax_id.is_rut(stored)
    others = set("0123456789K") - {stored[-1]}
    assert not any(tax_id.is_rut(stored[:-1] + digit) for digit in others)


@any_examples
@given(IBAN_LIKE)
def test_iban(text):
    cleaned = bank.clean_account(text)
    assert bank.clean_account(cleaned) == cleaned
    country = bank.iban_country(text)
    assert bank.iban_country(cleaned) == country
    assert country == "" or cleaned.startswith(country)


@any_examples
@given(BIC_LIKE)
@example("caixesbb")
def test_bic(text):
    code = bank.normalise_bic(text)
    assert bank.normalise_bic(code) == code
    assert "".join(bank.split_bic(code)) == (code if bank.is_bic(code) else "")
    if bank.is_bic(code):
        assert len(code) in (8, 11) and code.isascii() and code == code.upper()


@any_examples
@given(CODE_LIKE)
@example("9" * 5000)
@example("²")
def test_customer_code(text):
    stored = code_format.normalise(text)
    assert code_format.normalise(stored) == stored
    number = code_format.parse(text)
    assert number == code_format.parse(stored)
    assert number in range(1_000_000)
    assert not number or str(number) == stored


@any_examples
@given(st.integers(1, 999_999), st.integers(0, 20))
def test_a_code_is_itself_in_any_writing(number, zeros):
    typed = f" {'0' * zeros}{number}\t"
    assert code_format.normalise(typed) == str(number)
    assert code_format.parse(typed) == number


@any_examples
@given(IP_LIKE)
@example(7)
@example("fe80::1%eth0")
def test_ip(text):
    stored = plain_text.normalise_ip(text)
    assert plain_text.normalise_ip(stored) == stored
    if plain_text.is_ip(stored):
        assert ipaddress.ip_address(stored)
        assert len(stored) < 60 or "%" in stored


@any_examples
@given(st.ip_addresses())
def test_right_ip_is_right(address):
    assert plain_text.is_ip(plain_text.normalise_ip(f" {address}\n"))


@any_examples
@given(BOX_LIKE)
def test_mailboxes(text):
    addresses, wrong = mailboxes.split_mailboxes(text)
    joined = mailboxes.join_mailboxes(addresses)
    assert mailboxes.split_mailboxes(joined) == (addresses, [])
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        assert mailboxes.normalise_mailbox(address) == address
        assert len(address) <= 320 and not set(address) & set(" \t\r\n;,<>\"'\0")
    # Nothing is dropped in silence but what nobody sees, or stands in quotes, as names.
    dropped = not addresses and not wrong
    seen = QUOTED.sub("", mailboxes.without_invisible(text))
    assert not dropped or not re.sub(r"[\s;,<>]", "", seen)


@any_examples
@given(st.text(max_size=30))
def test_mailbox(text):
    address = mailboxes.normalise_mailbox(text)
    assert mailboxes.normalise_mailbox(address) == address


@any_examples
@given(st.text(max_size=30), st.text(max_size=30))
def test_names(one, other):
    assert names.name_key(names.name_key(one)) == names.name_key(one)
    assert names.same_name(one, other) == names.same_name(other, one)
    joined = names.join_name(*names.split_name(one))
    assert names.join_name(*names.split_name(joined)) == joined == " ".join(one.split())


# --- what is written into the head of a mail: Spanish, Catalan, emoji, odd marks

WORDS = (
    "Promoción válida sólo hasta el sábado próximo Ofertas para Constructora Los"
    " Copihues SpA: últimos días Talleres 😀Ñoño núm. 23– Escala l·l Barça i més àèò"
    ' 👩‍👩‍👧 ü ¿Qué? =?utf-8?q?a?= =?= ?= = _ "La Ñ" (nota) <b> a,b; c: @ \\ 1.234,50 €'
    " % ' & *"
).split()
# One line of text, as ``one_line`` makes it.
SIGNS = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Cn", "Co")
)
LINES = st.lists(
    st.sampled_from(WORDS) | st.text(alphabet=SIGNS, min_size=1, max_size=30),
    min_size=1,
    max_size=25,
).map(" ".join)


def decode(text):
    return str(make_header(decode_header(text.replace("\r\n", ""))))


def write_head(text):
    """A head with a text as subject and as the name of a mailbox."""
    box = mail_headers.exact_mailbox("To", text, "ana@acme.example")
    subject = mail_headers.ExactText("Subject", text)
    lines = [("Subject", subject), ("To", box)]
    encoded = (f"{n}: {mail_headers.encode_header(n, v)}\r\n" for n, v in lines)
    return ("".join(encoded) + "\r\n").encode("ascii")


@any_examples
@given(LINES)
@example("a" * 500)
@example("Promoción válida sólo hasta el sábado próximo: descuentos en todo el almacén")
def test_heads_of_mails(text):
    head = write_head(text)
    mail = message_from_bytes(head)
    assert decode(mail["Subject"]) == text
    [(name, address)] = getaddresses([mail["To"].replace("\r\n", "")])
    assert (decode(name), address) == (text, "ana@acme.example")
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert b"?==?" not in head
    # As Python reads it that is newer than these rules.
    assert message_from_bytes(head, policy=policy.default)["Subject"] == text


READ_HEADS = """
import json, sys
from email import message_from_bytes
from email.header import decode_header, make_header
sys.path.insert(0, sys.argv[1])
import mail_headers
for text in json.load(sys.stdin):
    subject = mail_headers.ExactText("Subject", text)
    line = "Subject: " + mail_headers.encode_header("Subject", subject)
    mail = message_from_bytes((line + "\\r\\n\\r\\n").encode("ascii"))
    found = str(make_header(decode_header(mail["Subject"].replace("\\r\\n", ""))))
    assert found == text, (found, text)
print(sys.version_info[:2])
"""


def find_python(version):
    """An interpreter that runs: what pyenv puts into the path may not."""
    kept = Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
    for python in filter(None, (shutil.which(f"python{version}"), *map(str, kept))):
        if not subprocess.run([python, "-c", ""], capture_output=True).returncode:
            return python
    return None


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13"])
def test_heads_of_mails_on_every_python(version):
    python = find_python(version)
    if not python:
        pytest.skip(f"Python {version} is not on this machine")
    number = EXAMPLES // 3
    texts = [
        " ".join(
            WORDS[(start * step) % len(WORDS)] for step in range(1, 2 + start % 25)
        )
        for start in range(number)
    ]
    command = [python, "-c", READ_HEADS, str(TOOLS)]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tuple(map(int, version.split("."))))
