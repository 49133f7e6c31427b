"""Address labels: which lines stand on one, and how they are laid out on a sheet."""

from math import ceil
from typing import NamedTuple

from .names import same_name

MAX_LINES = 8
# Millimetres of A4, and of a label what is left white across and down it.
_PAPER = (210, 297)
_EDGES = (10, 9)
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


class Sheet(NamedTuple):
    """A4 with so many labels across and down it, to its very edges.

    >>> Sheet(3, 8).size, Sheet(2, 7).size
    ((70.0, 37.1), (105.0, 42.4))
    """

    columns: int
    rows: int

    @property
    def count(self):
        return self.columns * self.rows

    @property
    def size(self):
        """Width and height of a label in millimetres."""
        return (
            round(_PAPER[0] / self.columns, 1),
            int(_PAPER[1] / self.rows * 10) / 10,
        )

    @property
    def text_size(self):
        """Width and height of what may be printed on a label, in millimetres."""
        return tuple(full - edge for full, edge in zip(self.size, _EDGES, strict=True))

    def font_size(self, lines):
        """Height of a label's letters in millimetres, so that its lines fit when
        broken.

        >>> sheet = Sheet(3, 8)
        >>> sheet.font_size(["Ana", "Freire 247"]), sheet.font_size(["x" * 25] * 7)
        (3.6, 3.2)
        >>> sheet.font_size(["x" * 90] * 6), Sheet(2, 4).font_size(["x" * 90] * 6)
        (2.6, 3.2)
        """
        text_width, text_height = self.text_size
        for size in (3.6, 3.2, 2.9):
            width = int(text_width / (size * _LETTER))
            needed = sum(ceil(len(line) / width) for line in lines)
            if needed * size * _LINE <= text_height:
                return size
        return 2.6

    def lay_out(self, labels, start=1):
        """``[[[label, ...] a row] a sheet]``, gaps as None.

        :param start: the first free label of the first sheet, as one counts them

        >>> sheet = Sheet(3, 8)
        >>> [[len(row) for row in rows] for rows in sheet.lay_out(["a"] * 25)]
        [[3, 3, 3, 3, 3, 3, 3, 3], [3]]
        >>> sheet.lay_out("abcd")
        [[['a', 'b', 'c'], ['d', None, None]]]
        >>> sheet.lay_out("")
        []
        >>> Sheet(2, 7).lay_out("a", start=4)
        [[[None, None], [None, 'a']]]
        """
        labels = list(labels)
        if labels:
            labels = [None] * (start - 1) + labels
        labels += [None] * (-len(labels) % self.columns)
        rows = [
            labels[place : place + self.columns]
            for place in range(0, len(labels), self.columns)
        ]
        return [rows[i : i + self.rows] for i in range(0, len(rows), self.rows)]


# Those sold for printers, by the name under which they are stored.
SHEETS = {
    f"{columns}x{rows}": Sheet(columns, rows)
    for columns, rows in ((3, 8), (3, 7), (2, 8), (2, 7), (2, 4))
}
USUAL = "3x8"
