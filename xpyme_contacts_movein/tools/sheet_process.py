"""The process that reads a spreadsheet: the file comes in, lines of JSON go out.

Started by ``sheet_tables`` alone. Without an argument it answers the names of the
sheets; with one, the rows of that sheet.
"""

import json
import sys
from datetime import date, datetime, time, timedelta

MAX_MEMORY = 1024 * 1024 * 1024
MAX_SECONDS = 120
MAX_COLUMNS = 256


def limit():
    """Where the system can: no more memory or time than a sheet of customers takes."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


def as_json(cell):
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if isinstance(cell, date):
        return [cell.isoformat()]
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell


def tell(answer):
    sys.stdout.write(json.dumps(answer) + "\n")


def main(arguments):
    limit()
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(sys.stdin.buffer)
        if not arguments:
            tell(workbook.sheet_names)
            return None
        sheet = workbook.get_sheet_by_name(arguments[0])
        if sheet.total_width > MAX_COLUMNS:
            return "wide"
        for row in sheet.iter_rows():
            tell([*map(as_json, row)])
    except python_calamine.CalamineError:
        return "broken"
    except MemoryError:
        return "large"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
