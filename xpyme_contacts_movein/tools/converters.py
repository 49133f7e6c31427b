"""What a cell means: dates, numbers, ticks and accounts as programs write them."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from stdnum.es import ccc
from stdnum.exceptions import ValidationError

from .headings import fold

# What people type where a program wants something and there is nothing.
_FILLERS = frozenset(("pordefinir", "sindefinir", "nodefinido", "na", "null", "none"))
_LONGEST_FILLER = 12
_YES = frozenset(("1", "s", "si", "y", "yes", "true", "verdadero", "x", "v", "t"))
_NO = frozenset(("0", "n", "no", "false", "falso", "f", ""))
_EXCEL_BEGIN = date(1899, 12, 30)
_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%y")
# A NUL, and halves of a character: PostgreSQL stores neither.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# A formula that Odoo's export, or our error file, has made a text.
_GUARDED = re.compile(r"'[=+\-@]")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_TOO_MUCH = 1e15
_HIGHEST_COUNT = 2**31 - 1
_SHOWN = 40
# Provinces of Spain by their number, which begins their postal codes.
SPANISH_PROVINCES = (
    "VI AB A AL AV BA PM B BU CC CA CS CR CO C CU GI GR GU SS H HU J LE L LO LU M MA MU"
    " NA OR O P GC PO SA TF S SG SE SO T TE TO V VA BI ZA Z CE ME"
).split()


def as_text(cell):
    """A cell as text, trimmed; '' for a filler.

    >>> as_text("  ACME  S.A. "), as_text(15), as_text(15.0), as_text(None)
    ('ACME  S.A.', '15', '15', '')
    >>> as_text("Por Definir"), as_text(" - "), as_text("'+56 41 290"), as_text(True)
    ('', '', '+56 41 290', '1')
    >>> as_text(date(2026, 7, 31))
    '31/07/2026'
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float):
        cell = _as_decimals(cell)
    text = _UNSTORABLE.sub("", str(cell)).strip()
    if _GUARDED.match(text):
        text = text[1:]
    if len(text) > _LONGEST_FILLER or text[:1].isalnum() and text[0] not in "PSNpsn":
        return text
    word = fold(text)
    # A tax id may be "/": it says that there is none.
    return "" if word in _FILLERS or not word and text != "/" else text


def _as_decimals(number):
    """A number of a sheet as text that is read as the same number again.

    >>> [_as_decimals(number) for number in (1.125, 1500.0, 0.00001)]
    ['1,125', '1500', '0,00001']
    """
    if number.is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f").replace(".", ",")


class PointText(str):
    """A text of a file whose numbers have a point before their decimals, as in XML."""

    __slots__ = ()


def as_raw(cell):
    """A cell as text for the file of what was left out: a text file, of Spain.

    >>> as_raw(PointText("12.375")), as_raw(PointText("1.5")), as_raw("12.375")
    ('12,375', '1.5', '12.375')
    """
    text = as_text(cell)
    is_read_otherwise = isinstance(cell, PointText) and _THOUSANDS.fullmatch(text)
    return text.replace(".", ",") if is_read_otherwise else text


def as_date(cell):
    """A date, however it is written; None for a blank cell.

    >>> [str(as_date(cell)) for cell in ("31/07/2026", "20260731", 46234, "2026-07-31")]
    ['2026-07-31', '2026-07-31', '2026-07-31', '2026-07-31']
    >>> as_date(""), as_date("00/00/0000"), as_date("  /  /  "), as_date("0")
    (None, None, None, None)
    >>> str(as_date("1/8/26")), str(as_date(datetime(2026, 8, 1, 12)))
    ('2026-08-01', '2026-08-01')

    :raise ValueError: it is none

    >>> as_date("31/02/2026")
    Traceback (most recent call last):
    ValueError: 31/02/2026
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = as_text(cell)
    if not text.strip("0/-. :"):
        return None
    text = re.split(r"[ T]", text)[0]
    if re.fullmatch(r"(19|20)[0-9]{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif re.fullmatch(r"[1-9][0-9]{4}", text):  # four digits are a year, and no date
        return _EXCEL_BEGIN + timedelta(days=int(text))
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise ValueError(text)


def as_day(cell):
    """Day and month without a year, for what comes round each year; None for a blank.

    >>> as_day("01/08"), as_day("31/12"), as_day(""), as_day("29/02")
    ((1, 8), (31, 12), None, (29, 2))
    >>> as_day("15/08/2025"), as_day("0108")
    ((15, 8), (1, 8))

    :raise ValueError: it is none
    """
    text = as_text(cell)
    if isinstance(cell, date):
        return cell.day, cell.month
    if not text.strip("0/-. :"):
        return None
    match = re.match(r"([0-9]{1,2})[/.-]?([0-9]{2}|[0-9])(?:[/.-][0-9]+)?$", text)
    if not match:
        raise ValueError(text)
    day, month = int(match[1]), int(match[2])
    date(2024, month, day)  # a leap year knows them all
    return day, month


def as_number(cell):
    """A number, with comma or point for its decimals; 0 for a blank cell.

    >>> as_number("1.234,50"), as_number("1,234.50"), as_number("12,5"), as_number(3)
    (1234.5, 1234.5, 12.5, 3.0)
    >>> as_number("1.234.567"), as_number("-5 %"), as_number("1.500 €"), as_number("")
    (1234567.0, -5.0, 1500.0, 0.0)
    >>> as_number("12.5"), as_number("0.125"), as_number(PointText("12.375"))
    (12.5, 0.125, 12.375)

    :raise ValueError: it is none, or larger than any price or debt

    >>> as_number("9" * 400)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: 999...
    """
    if isinstance(cell, int | float):
        return _limit(float(cell), cell)
    text = re.sub(r"[\s€$%']|CLP|EUR", "", as_text(cell))
    if not text:
        return 0.0
    comma, point = text.rfind(","), text.rfind(".")
    if comma > point:
        text = text.replace(".", "").replace(",", ".")
    elif comma >= 0 or text.count(".") > 1:
        text = text.replace(",", "").replace(".", "" if comma < 0 else ".")
    elif _THOUSANDS.fullmatch(text) and not isinstance(cell, PointText):
        # Spain and Chile write thousands so, and prices of three decimals with a comma.
        text = text.replace(".", "")
    if not re.fullmatch(r"-?[0-9]*\.?[0-9]+\.?", text):
        raise ValueError(as_text(cell))
    return _limit(float(text), cell)


def _limit(number, cell):
    """:raise ValueError: a number that no column stores, or none (NaN)"""
    if not abs(number) < _TOO_MUCH:
        raise ValueError(as_text(cell)[:_SHOWN])
    return number


def as_count(cell):
    """A whole number; 0 for a blank cell.

    >>> as_count("3"), as_count("")
    (3, 0)

    :raise ValueError: it is none, or larger than a column stores

    >>> as_count("99999999999")
    Traceback (most recent call last):
    ValueError: 99999999999
    """
    number = int(as_number(cell))
    if abs(number) > _HIGHEST_COUNT:
        raise ValueError(as_text(cell)[:_SHOWN])
    return number


def as_flag(cell):
    """Whether a cell is ticked.

    >>> [as_flag(cell) for cell in ("S", "sí", 1, True, "X", "-1")]
    [True, True, True, True, True, True]
    >>> [as_flag(cell) for cell in ("N", "No", 0, "", None, False)]
    [False, False, False, False, False, False]

    :raise ValueError: it is neither yes nor no
    """
    text = as_text(cell)
    word = fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(text)


def split_phones(cell):
    """The telephones that stand in one cell.

    >>> split_phones("912 345 678 / 600 123 456"), split_phones(" "), split_phones("1")
    (['912 345 678', '600 123 456'], [], ['1'])
    """
    parts = re.split(r"\s*[/;|]\s*|\s+y\s+", as_text(cell))
    return [part for part in parts if part]


def join_account(entity, branch, digits, account):
    """The twenty digits of a Spanish account from its parts; '' without an account.

    :param digits: check digits; left blank they are reckoned
    :raise ValueError: the parts make none, or the digits are wrong

    >>> join_account("2100", "0418", "", "0200051332")
    '21000418450200051332'
    >>> join_account(2100, 418, "45", 200051332)
    '21000418450200051332'
    >>> join_account("", "", "", ""), join_account("0", "0", "0", "0")
    ('', '')
    >>> join_account("2100", "0418", "46", "0200051332")
    Traceback (most recent call last):
    ValueError: 2100 0418 46 0200051332
    """
    lengths = (4, 4, 2, 10)
    given = [
        re.sub(r"\W", "", as_text(part)) for part in (entity, branch, digits, account)
    ]
    if not "".join(given).strip("0"):
        return ""
    parts = [part and part.zfill(n) for part, n in zip(given, lengths, strict=True)]
    fits = [len(part) == n or not part for part, n in zip(parts, lengths, strict=True)]
    try:
        if not (all(fits) and parts[0] and parts[1] and parts[3]):
            raise ValueError
        if not parts[2]:
            parts[2] = ccc.calc_check_digits(f"{parts[0]}{parts[1]}00{parts[3]}")
        return ccc.validate("".join(parts))
    except (ValidationError, ValueError) as error:
        raise ValueError(" ".join(filter(None, parts))) from error


def cut_account(account):
    """The parts of twenty digits: entity, branch, check digits, account.

    >>> cut_account("21000418450200051332")
    ('2100', '0418', '45', '0200051332')
    """
    return account[:4], account[4:8], account[8:10], account[10:]


def as_iban(account):
    """The IBAN of twenty Spanish digits (ISO 13616: E is 14 and S is 28).

    >>> as_iban("21000418450200051332")
    'ES9121000418450200051332'
    """
    return f"ES{98 - int(f'{account}142800') % 97:02}{account}"


def get_spanish_province(number):
    """Odoo's code of a province of Spain by its number, or that of a postal code.

    >>> [get_spanish_province(number) for number in ("28", "08013", "7")]
    ['M', 'B', 'PM']
    >>> get_spanish_province("99"), get_spanish_province("Madrid")
    (None, None)
    """
    text = as_text(number)
    if not re.fullmatch(r"[0-9]{1,2}|[0-9]{5}", text):
        return None
    place = int(text[:2]) - 1
    return SPANISH_PROVINCES[place] if 0 <= place < len(SPANISH_PROVINCES) else None
