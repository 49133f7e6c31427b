"""The statements that a benchmark counts do not depend on the machine's mood."""

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.long
def test_contacts_cost_no_more_statements_than_allowed(lab, tmp_path):
    figures = tmp_path / "figures.json"
    environment = {**os.environ, "XPYME_BENCH_JSON": str(figures)}
    command = [sys.executable, lab.root / "bench" / "contacts.py", "--quick"]
    subprocess.run(command, env=environment, cwd=lab.root, check=True)
    counted = [f for f in json.loads(figures.read_text()) if "queries" in f["limits"]]
    assert counted
    for figure in counted:
        assert figure["extra_queries"] <= figure["limits"]["queries"], figure["title"]
