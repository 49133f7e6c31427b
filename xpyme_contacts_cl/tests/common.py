from odoo import Command

from odoo.addons.xpyme_contacts.tests.common import CustomerCase
from odoo.addons.xpyme_contacts_billing.tests.common import sell_in_own_currency


class ChileanCase(CustomerCase):
    """A company of Chile that issues documents with folio, and a customer of its."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env.company.account_fiscal_country_id.code != "CL":
            cls.skipTest(cls, "the company is not of Chile")
        sell_in_own_currency(cls.env)
        cls.company = cls.env.company
        cls.company.partner_id.write(
            {"vat": cls.OTHER_RUT, "l10n_cl_sii_taxpayer_type": "1"}
        )
        cls.journal = cls.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.journal.l10n_latam_use_documents = True
        cls.invoice_document = cls.env.ref("l10n_cl.dc_a_f_dte")
        cls.exempt_document = cls.env.ref("l10n_cl.dc_y_f_dte")
        cls.receipt_document = cls.env.ref("l10n_cl.dc_b_f_dte")
        cls.customer = cls.make_customer(vat=cls.RUT)
        cls.article = cls.env["product.product"].create(
            {"name": "Clavos", "list_price": 1000, "type": "service"}
        )

    @classmethod
    def make_order(cls):
        """A confirmed order of the customer, to be invoiced."""
        line = {"product_id": cls.article.id, "tax_ids": [Command.clear()]}
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [Command.create(line)],
            }
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1
        return order

    @classmethod
    def make_invoice(cls, customer=None, move_type="out_invoice", taxes=(), **vals):
        line = {
            "product_id": cls.article.id,
            "price_unit": 1000,
            "tax_ids": [Command.set([tax.id for tax in taxes])],
        }
        return cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (customer or cls.customer).id,
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )
