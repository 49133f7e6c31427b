"""Run in ``odoo shell``: two files of customers that have been looked at.

``XPYME_ROWS``: how many customers each has. They are of two programs, and the codes of
the second one begin where those of the first end.
"""
# ruff: noqa: F821 -- odoo shell provides env

import base64
import json
import os

NUMBER = int(os.environ["XPYME_ROWS"])
WRONG = NUMBER // 100


def make_file(source, first):
    lines = ["Código;Nombre;País;Fecha alta;Fecha baja"]
    for code in range(first, first + NUMBER):
        # Wrong to the rules of a card alone: only the run finds it.
        until = "01/01/2001" if code % 100 == 50 else ""
        lines.append(f"{code};Cliente {source} {code};España;01/01/2020;{until}")
    job = env["xpyme.movein"].create(
        {
            "name": source,
            "source": source,
            "file_name": "clientes.csv",
            "file": base64.b64encode("\n".join(lines).encode()),
        }
    )
    job.action_judge()
    return job.id


jobs = [make_file("uno", 1000), make_file("dos", 1000 + NUMBER)]
env.cr.commit()
print("SHOP " + json.dumps({"jobs": jobs}))
