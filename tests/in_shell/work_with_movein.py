"""Run by ``odoo shell``: a shop moves in with ``xpyme_contacts_movein``."""
# ruff: noqa: F821 -- odoo shell provides env

import base64

rows = (
    "CODCLI;NOFCLI;ENTCLI;OFICLI;CUECLI",
    "801;Ferretería Peña;2100;0418;0200051332",
    "802;Bar Sol;;;",
)
stay = env["xpyme.movein"].create(
    {
        "name": "FactuSOL",
        "file_name": "F_CLI.csv",
        "file": base64.b64encode("\n".join(rows[:2]).encode()),
    }
)
stay.action_judge()
stay.action_run()
assert stay.done_count == 1, stay.row_ids.mapped("reason")
go = env["xpyme.movein"].create(
    {
        "name": "FactuSOL",
        "file_name": "F_CLI.csv",
        "file": base64.b64encode("\n".join(rows[::2]).encode()),
    }
)
go.action_judge()
go.action_run()
go.action_undo()
assert go.state == "undone", go.row_ids.mapped("reason")
env.cr.commit()
