"""Run by ``odoo shell``: write the .pot of the addons that the environment names."""

import os
from pathlib import Path

from odoo.tools.translate import trans_export

folder = Path(os.environ["XPYME_EXPORT_TO"])
for addon in os.environ["XPYME_ADDONS"].split(","):
    with (folder / f"{addon}.pot").open("wb") as output:
        trans_export(None, [addon], output, "po", env)
