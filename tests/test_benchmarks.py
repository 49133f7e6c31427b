"""The statements that a benchmark counts do not depend on the machine's mood.

Nor does the memory that it needs.
"""

import json
import os
import subprocess
import sys

import pytest

NAMES = ("contacts", "customer", "billing", "es", "remittance", "movein")


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_costs_no_more_statements_and_memory_than_allowed(lab, tmp_path, name):
    path = tmp_path / "figures.json"
    environment = {**os.environ, "XPYME_BENCH_JSON": str(path)}
    command = [sys.executable, lab.root / "bench" / f"{name}.py", "--quick"]
    subprocess.run(command, env=environment, cwd=lab.root, check=True)
    figures = json.loads(path.read_text())
    counted = [f for f in figures if {"queries", "megabytes"} & f["limits"].keys()]
    assert counted
    for figure in counted:
        limits = figure["limits"]
        if "queries" in limits:
            assert figure["extra_queries"] <= limits["queries"], figure["title"]
        if "megabytes" in limits:
            assert figure["megabytes"]["ours"] <= limits["megabytes"], figure["title"]
