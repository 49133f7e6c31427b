"""Cutting a printed table into pages before the PDF engine sees it.

The unpatched build of wkhtmltopdf repeats no table head and prints no footer, so each
page is laid out as a block of its own.
"""

from math import ceil

# Pixels that come out as 8.5 pt, by whether wkhtmltopdf's Qt is patched: the unpatched
# build shrinks everything by a quarter.
FONT_PX = {True: 11, False: 15}


def count_lines(cells):
    """The lines a table row takes: that of its longest cell.

    :param cells: pairs of a cell's text (line breaks count) and its width in characters

    >>> count_lines([("Ana", 20), ("Avenida Arturo Prat 1200", 20)])
    2
    >>> count_lines([("41 290 97 25\\n9 6313 7464", 20), ("", 5)])
    2
    """
    return max(
        sum(max(1, ceil(len(line) / width)) for line in (text or "").split("\n"))
        for text, width in cells
    )


def paginate(rows, heights, max_rows, max_height):
    """Split ``rows`` into pages of at most ``max_rows`` rows and ``max_height`` lines.

    A row higher than a page gets one to itself; no rows make one empty page.

    >>> paginate("abcde", [1, 1, 1, 1, 1], 2, 10)
    [['a', 'b'], ['c', 'd'], ['e']]
    >>> paginate("abc", [3, 9, 1], 20, 4)
    [['a'], ['b'], ['c']]
    >>> paginate("", [], 20, 4)
    [[]]
    """
    pages, used = [[]], 0
    for row, height in zip(rows, heights, strict=True):
        if pages[-1] and (len(pages[-1]) == max_rows or used + height > max_height):
            pages.append([])
            used = 0
        pages[-1].append(row)
        used += height
    return pages


def pack(blocks, heights, max_height):
    """Put ``blocks`` one below the other on pages of that many lines.

    >>> pack("abcd", [20, 20, 30, 5], 50)
    [['a', 'b'], ['c', 'd']]
    >>> pack("a", [99], 50)
    [['a']]
    """
    return [page for page in paginate(blocks, heights, len(blocks), max_height) if page]
