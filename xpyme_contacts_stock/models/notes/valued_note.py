from collections import defaultdict

from odoo import models


class StockPicking(models.Model):
    """A note with what the goods cost, as the order has it."""

    _inherit = "stock.picking"

    def _get_valued_lines(self):
        """What the format with prices prints of each move, in its order.

        Amounts without tax, in the order's currency. What no order stands behind has no
        price.

        :return: list of dicts with ``move``, ``quantity`` (in the unit of the line or
            move), ``uom``, and where it is sold ``line``
        """
        self.ensure_one()
        # sudo: the format is the customer's, whoever prints it.
        moves = self.sudo().move_ids.filtered(lambda move: move.state != "cancel")
        found = []
        for move in moves:
            line = move.sale_line_id
            quantity = move.quantity if self.state == "done" else move.product_uom_qty
            uom = move.product_uom
            if line.product_id == move.product_id:
                quantity = uom._compute_quantity(quantity, line.product_uom_id)
                uom = line.product_uom_id
            else:
                line = line.browse()
            found.append(
                {
                    "move": move,
                    "line": line,
                    "quantity": quantity,
                    "uom": uom,
                    "amount": line and line._get_amounts_of(quantity)[0],
                }
            )
        return [row for row in found if row["quantity"]]

    def _get_valued_totals(self, rows):
        """Totals as Odoo prints them, of what is sold in ``_get_valued_lines``.

        :return: list of the totals of each currency, and it: a note may have goods of
            several orders
        """
        sold = defaultdict(list)
        for row in rows:
            if row["line"]:
                sold[row["line"].currency_id].append(row)
        return [
            (self._sum_valued(own, currency), currency)
            for currency, own in sold.items()
        ]

    def _sum_valued(self, rows, currency):
        taxes = self.env["account.tax"].sudo()
        company = rows[0]["line"].company_id
        base_lines = [
            row["line"]._prepare_base_line_for_taxes_computation(
                quantity=row["quantity"]
            )
            for row in rows
        ]
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        return taxes._get_tax_totals_summary(
            base_lines=base_lines, currency=currency, company=company
        )
