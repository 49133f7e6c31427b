import doctest

from odoo.addons.xpyme_contacts_movein.tools import (
    converters,
    headings,
    targets,
    text_tables,
)

_DOCUMENTED = (converters, headings, targets, text_tables)


def load_tests(_loader, tests, _pattern):
    for module in _DOCUMENTED:
        tests.addTests(doctest.DocTestSuite(module))
    return tests
