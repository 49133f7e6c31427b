from .common import StockCase


class NoteCase(StockCase):
    """A customer with an invoice for each note, and one who groups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_invoices()
        cls.customer.invoice_grouping_mode = "per_delivery"
        cls.grouped = cls.make_customer(
            "Agrupada S.A.", vat=cls.OTHER_RUT, invoice_grouping_mode="group"
        )
        for user in (cls.salesperson, cls.shopkeeper):
            user.company_id.partner_id.tz = "Europe/Madrid"

    @classmethod
    def make_goods(cls, name, stock=1000, **vals):
        product = super().make_goods(name, stock, **vals)
        product.categ_id = cls.family
        return product

    def invoice(self, orders, final=True):
        """As a salesperson does; the invoices in the order they were made."""
        orders = orders.with_user(self.shopkeeper)
        return orders._create_invoices(final=final).sudo().sorted("id")

    def post(self, invoices):
        for invoice in invoices:
            invoice.invoice_date = invoice.invoice_date or "2026-07-10"
        invoices.action_post()

    def get_quantities(self, invoices, product=None):
        """The quantity of an article in each invoice."""
        return [
            sum(
                line.quantity
                for line in invoice.invoice_line_ids
                if line.product_id == (product or self.goods)
            )
            for invoice in invoices
        ]

    def make_delivered(self, *quantities, ordered=10, **vals):
        """An order with a note for each of ``quantities``."""
        order = self.order((self.goods, ordered), **vals)
        return order, [self.deliver(order, quantity) for quantity in quantities]

    def pay_down(self, order, percent):
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_ids=order.ids, active_model="sale.order"
        )
        wizard = wizard.create(
            {"advance_payment_method": "percentage", "amount": percent}
        )
        wizard.create_invoices()
        self.post(order.invoice_ids)
