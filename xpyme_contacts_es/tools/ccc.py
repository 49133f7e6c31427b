"""Spanish bank accounts: the twenty digits of a CCC and the IBAN that is made of them.

Entity (4 digits), branch (4), check digits (2) and account (10).
"""

import re

from stdnum.es import ccc

from odoo.addons.xpyme_contacts.tools.bank import clean_account

LENGTHS = (4, 4, 2, 10)


def is_typed(number):
    """Whether a number consists of twenty digits, with blanks or hyphens or without.

    >>> is_typed("2100 0418 45 0200051332"), is_typed("2100-0418-45-0200051332")
    (True, True)
    >>> is_typed("21000418450200051"), is_typed("ES9121000418450200051332")
    (False, False)
    """
    return bool(re.fullmatch("[0-9]{20}", clean_account(number)))


def is_slip(number):
    """Whether a number has a digit or two too few or too many for an account.

    >>> is_slip("2100 0418 45 020005133"), is_slip("2100 0418 45 02000513321")
    (True, True)
    >>> is_slip("2100 0418 45 0200051332"), is_slip("12345678"), is_slip("ES91")
    (False, False, False)
    """
    return bool(re.fullmatch("[0-9]{18,22}", clean_account(number))) and not is_typed(
        number
    )


def get_check_digits(entity, branch, account):
    """The two digits that the others ask for.

    >>> get_check_digits("2100", "0418", "0200051332")
    '45'
    """
    return ccc.calc_check_digits(f"{entity}{branch}00{account}")


def split(number):
    """The four parts of a CCC or of a Spanish IBAN; four blanks of anything else.

    >>> split("ES91 2100 0418 4502 0005 1332")
    ('2100', '0418', '45', '0200051332')
    >>> split("2100-0418-45-0200051332")
    ('2100', '0418', '45', '0200051332')
    >>> split("FR76 3000 6000 0112 3456 7890 189"), split(False)
    (('', '', '', ''), ('', '', '', ''))
    """
    digits = clean_account(number)
    if re.fullmatch("ES[0-9]{22}", digits):
        digits = digits[4:]
    if not is_typed(digits):
        return ("",) * len(LENGTHS)
    return digits[:4], digits[4:8], digits[8:10], digits[10:]


def to_iban(number):
    """The IBAN of a CCC, without blanks.

    >>> to_iban("2100 0418 45 0200051332")
    'ES9121000418450200051332'
    """
    digits = clean_account(number)
    # E is 14 and S is 28 (ISO 13616)
    return f"ES{98 - int(f'{digits}142800') % 97:02}{digits}"
