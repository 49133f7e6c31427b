"""What the tax office is told of a Spanish customer's taxes, by Odoo's own addons.

Veri*Factu and SII leave withholdings out of an invoice's total; recargo is told beside
its VAT.
"""

import json
from pathlib import Path

import pytest

TELL = (Path(__file__).parent / "in_shell" / "spain_records.py").read_text()
REPORTERS = "l10n_es_edi_verifactu,l10n_es_edi_sii,l10n_es_edi_facturae"
NO_CERTIFICATE = "There is no certificate configured for Veri*Factu on the company."
# Agreement: invoice total, ImporteTotal, CuotaTotal, ClaveRegimen, withheld.
EXPECTED = {
    "plain": (121.00, "121.00", "21.00", "01", 0),
    "recargo": (126.20, "126.20", "26.20", "18", 0),
    "irpf on base": (106.00, "121.00", "21.00", "01", 15.00),
    "irpf on total": (102.85, "121.00", "21.00", "01", 18.15),
    "both": (111.20, "126.20", "26.20", "18", 15.00),
    "both, on total": (107.27, "126.20", "26.20", "18", 18.93),
}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def told(lab):
    with lab.database("records", template="family_es") as db:
        lab.odoo("-d", db, "-i", REPORTERS, "--stop-after-init", "--no-http")
        printed = lab.shell(db, TELL).splitlines()
    line = next(line for line in printed if line.startswith("RECORDS "))
    return json.loads(line.removeprefix("RECORDS "))


@pytest.mark.parametrize("agreement", EXPECTED)
def test_records_tell_the_taxes_that_were_agreed(told, agreement):
    record = told[agreement]
    total, reported, taxes, regime, withheld = EXPECTED[agreement]
    assert set(record["errors"]) <= {NO_CERTIFICATE}
    assert record["total"] == total
    verifactu = record["verifactu"]
    assert verifactu["ImporteTotal"] == reported
    assert verifactu["CuotaTotal"] == taxes
    assert verifactu["ClaveRegimen"] == regime
    assert verifactu["CuotaRepercutida"] == "21.00"
    surcharge = ("5.20", "5.20") if regime == "18" else (None, None)
    names = ("TipoRecargoEquivalencia", "CuotaRecargoEquivalencia")
    assert tuple(verifactu[name] for name in names) == surcharge
    assert record["sii"] == {"total": float(reported), "withheld": -withheld}
    assert record["facturae"] == {
        "outputs": float(taxes),
        "withheld": withheld,
        "total": total,
    }


def test_facturae_says_the_period_and_that_the_customer_is_debited(told):
    assert told["period"] == {
        "StartDate": "2026-03-04",
        "EndDate": "2026-03-20",
        "means": "02",
    }
