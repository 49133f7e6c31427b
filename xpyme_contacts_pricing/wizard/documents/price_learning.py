from odoo import api, fields, models
from odoo.exceptions import AccessError


class PriceLearning(models.TransientModel):
    """Asks which of the typed prices become the customers' special prices."""

    _name = "xpyme.price.learning"
    _description = "Prices to Learn"
    _technicians_only_read = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        help="The customer of all the prices, if there is only one.",
    )
    line_ids = fields.One2many(
        "xpyme.price.learning.line", "learning_id", string="Typed prices"
    )

    @api.depends("line_ids.partner_id")
    def _compute_partner_id(self):
        for learning in self:
            customers = learning.line_ids.partner_id
            learning.partner_id = customers if len(customers) == 1 else False

    @api.model
    def _ask(self, entries):
        """The question about prices of ``_get_learnable_prices``, as an action."""
        names = self.env["xpyme.price.learning.line"]._fields
        learning = self.create(
            {
                "line_ids": [
                    fields.Command.create(
                        {key: entry[key] for key in entry if key in names}
                    )
                    for entry in entries
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Keep these prices for the customer?"),
            "res_model": self._name,
            "res_id": learning.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_learn(self):
        """Keep the ticked prices.

        :raise AccessError: the user makes no prices, or none in that company
        """
        self.ensure_one()
        self.env["xpyme.customer.price"].check_access("create")
        if self.line_ids.company_id - self.env.companies:
            raise AccessError(
                self.env._(
                    "These prices are of a company that you are not working in: switch "
                    "it on first."
                )
            )
        chosen = self.line_ids.filtered("is_chosen")
        chosen.product_id.check_access("read")
        entries = [line._prepare_entry() for line in chosen]
        # sudo: what it made is asked for below, of each price.
        changes = self.env["xpyme.customer.price.change"].sudo()._learn(entries)
        changes.price_id.sudo(False).check_access("write")
        return {"type": "ir.actions.act_window_close"}


class PriceLearningLine(models.TransientModel):
    _name = "xpyme.price.learning.line"
    _description = "Price to Learn"
    _technicians_only_read = True

    learning_id = fields.Many2one(
        "xpyme.price.learning", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", string="Article", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    tariff = fields.Integer(aggregator=None)
    side = fields.Char(size=1)
    price = fields.Float(min_display_digits="Product Price", aggregator=None)
    pvp = fields.Float(
        string="With Tax", min_display_digits="Product Price", aggregator=None
    )
    document = fields.Char()
    is_chosen = fields.Boolean(string="Keep", default=True)

    def _prepare_entry(self):
        keys = ("tariff", "side", "price", "pvp", "document")
        return {
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "company_id": self.company_id.id,
            **{key: self[key] for key in keys},
        }
