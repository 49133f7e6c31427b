"""Address labels: which lines stand on one, and how they are laid out on a sheet."""

from math import ceil

from .names import same_name

COLUMNS, ROWS = 3, 8
# Millimetres: three labels across A4 and eight down it, to its very edges.
LABEL_WIDTH, LABEL_HEIGHT = 70, 37
_TEXT_WIDTH, _TEXT_HEIGHT = 60, 28
MAX_LINES = 8
# Of the height of letters: the width of one in a wide font, and the next line.
_LETTER, _LINE = 0.62, 1.25


def address_lines(streets, town, province, country):
    """The lines of an address; none where there is neither street nor town.

    >>> address_lines(["Freire 247", None], ["4030000", "Concepción"], "Biobío", None)
    ['Freire 247', '4030000 Concepción', 'Biobío']
    >>> address_lines(["Rue 1"], ["75001", "Paris"], "paris", "Francia")
    ['Rue 1', '75001 Paris', 'FRANCIA']
    >>> address_lines([], [None, None], "Biobío", "Chile")
    []
    """
    lines = [*streets, " ".join(part for part in town if part)]
    lines = [line.strip() for line in lines if line and line.strip()]
    if not lines:
        return []
    if province and not same_name(province, town[-1]):
        lines.append(province)
    return [*lines, country.upper()] if country else lines


def label_lines(company, name, address):
    """The lines of a label, blanks left out: the company, the person, the address.

    >>> label_lines("ACME", "acme ", ["Freire 247", "Concepción"])
    ['ACME', 'Freire 247', 'Concepción']
    >>> label_lines("ACME", "Ana", ["Freire 247"])
    ['ACME', 'Ana', 'Freire 247']
    """
    names = [company] if same_name(company, name) else [company, name]
    return [*(name.strip() for name in names if name), *address][:MAX_LINES]


def font_size(lines):
    """Height of a label's letters in millimetres, so that its lines fit when broken.

    >>> font_size(["Ana", "Freire 247"]), font_size(["x" * 25] * 7)
    (3.6, 2.9)
    >>> font_size(["x" * 90] * 6)
    2.6
    """
    for size in (3.6, 3.2, 2.9):
        width = int(_TEXT_WIDTH / (size * _LETTER))
        needed = sum(ceil(len(line) / width) for line in lines)
        if needed * size * _LINE <= _TEXT_HEIGHT:
            return size
    return 2.6


def sheets(labels, start=1):
    """Labels laid out in sheets of eight rows of three, gaps as None.

    :param start: the first free label of the first sheet, as one counts them

    >>> [[len(row) for row in sheet] for sheet in sheets(["a"] * 25)]
    [[3, 3, 3, 3, 3, 3, 3, 3], [3]]
    >>> sheets("abcd")
    [[['a', 'b', 'c'], ['d', None, None]]]
    >>> sheets("")
    []
    >>> sheets("a", start=5)
    [[[None, None, None], [None, 'a', None]]]
    """
    labels = list(labels)
    if labels:
        labels = [None] * (start - 1) + labels
    labels += [None] * (-len(labels) % COLUMNS)
    rows = [labels[i : i + COLUMNS] for i in range(0, len(labels), COLUMNS)]
    return [rows[i : i + ROWS] for i in range(0, len(rows), ROWS)]
