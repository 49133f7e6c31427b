from odoo import SUPERUSER_ID, api

_NEW_COLUMNS = {
    "layout_factusol": {
        "FPACLI": "property_payment_term_id",
        "TARCLI": "property_product_pricelist",
        "AGECLI": "user_id",
    },
    "layout_facturaplus": {"CCODPAGO": "property_payment_term_id"},
}


def migrate(cr, _version):
    """What the layouts of before lack.

    They are the user's own after their installation: what somebody has said there
    stays. The index held each line to one row: one that has moved in may have two.
    """
    cr.execute("DROP INDEX IF EXISTS xpyme_movein_row_number_uniq")
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, columns in _NEW_COLUMNS.items():
        if layout := env.ref(f"xpyme_contacts_movein.{name}", False):
            layout.columns = {**columns, **layout.columns}
    contaplus = env.ref("xpyme_contacts_movein.layout_contaplus", False)
    if contaplus and not contaplus.code_begins:
        contaplus.code_begins = "430"
