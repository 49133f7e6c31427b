"""Run by ``odoo shell``: a day's work with ``xpyme_contacts_cl``."""
# ruff: noqa: F821 -- odoo shell provides env

from odoo import Command

article = env["product.product"].search([("name", "=", "Clavos")])
account = {"acc_number": "99", "account_kind": "rut", "holder_vat": "12.345.678-5"}
customer = env["res.partner"].create(
    {
        "name": "Papelería Luz",
        "customer_flag": True,
        "vat": "22222222-2",
        "l10n_cl_sii_taxpayer_type": "1",
        "default_document_type_id": env.ref("l10n_cl.dc_b_f_dte").id,
        "bank_ids": [Command.create(account)],
    }
)
invoice = env["account.move"].create(
    {
        "move_type": "out_invoice",
        "partner_id": customer.id,
        "invoice_line_ids": [Command.create({"product_id": article.id})],
    }
)
invoice.action_post()
assert invoice.l10n_latam_document_type_id == customer.default_document_type_id
env.cr.commit()
