from odoo import api, fields, models


class CustomerSalesMixin(models.AbstractModel):
    """What a customer has bought (seed 004: Acum; Ventas al cliente).

    One definition for all its figures: posted customer invoices and credit notes,
    without tax, in the currency of the company at work.
    """

    _name = "xpyme.customer.sales.mixin"
    _description = "Sales to a Customer"

    total_sales = fields.Float(
        compute="_compute_customer_sales",
        help="Invoices less credit notes, without tax, in the company's currency.",
    )
    last_sale_date = fields.Date(
        string="Last Sale",
        compute="_compute_customer_sales",
        help="Date of the customer's last invoice.",
    )

    @api.depends_context("company")
    def _compute_customer_sales(self):
        # sudo: a salesperson without accounting rights sees the totals of a customer
        # that he may read, not the invoices behind them.
        moves = self.env["account.move"].sudo()
        totals = dict(
            moves._read_group(
                self._get_sales_domain(),
                ["commercial_partner_id"],
                ["amount_untaxed_signed:sum"],
            )
        )
        dates = dict(
            moves._read_group(
                [*self._get_sales_domain(), ("move_type", "=", "out_invoice")],
                ["commercial_partner_id"],
                ["invoice_date:max"],
            )
        )
        for partner in self:
            customer = partner.commercial_partner_id._origin.sudo()
            partner.total_sales = totals.get(customer, 0.0)
            partner.last_sale_date = dates.get(customer, False)

    def _get_sales_domain(self):
        """Domain of the sales to ``self``, on invoices and on their report."""
        return [
            ("commercial_partner_id", "in", self.commercial_partner_id.ids),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("company_id", "=", self.env.company.id),
            ("state", "=", "posted"),
        ]

    def action_open_customer_sales(self):
        """The customer's sales by month, as a table and as a graph."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_customer_sales_action"
        )
        title = self.env._("Sales to %s", self.commercial_partner_id.name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": self._get_sales_domain(),
        }
