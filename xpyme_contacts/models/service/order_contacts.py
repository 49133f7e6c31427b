from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ...tools import tax_id
from ..customer.tax_id import get_tax_id_word


class ServiceOrderMixin(models.AbstractModel):
    """What a service order knows of its customer (seed 000): RUT, contacts, follow-up.

    A model that inherits it answers ``_get_service_customer()``; the notice about a
    customer without RUT, the contacts window and the printout come with it.
    """

    _name = "xpyme.service.order.mixin"
    _description = "Service Order of a Customer"

    service_customer_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index=True,
        domain=[("is_customer_card", "=", True)],
        help="Whom the work is done for. The contacts of the order are his.",
    )
    customer_ref = fields.Char(
        string="Customer Code",
        related="service_customer_id.ref",
        exportable=False,
    )
    customer_vat = fields.Char(
        string="Customer's Tax ID",
        compute="_compute_customer_vat",
        search="_search_customer_vat",
        help="Without it the contacts of the order cannot be opened.",
    )
    followup_ids = fields.One2many(
        "mail.activity",
        "res_id",
        string="Follow-up",
        domain=lambda self: [("res_model", "=", self._name)],
        context={"active_test": False},
        help="Calls, visits and incidents of the order, those done included.",
    )

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.company)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """The tax id is called as in the company's country: RUT, NIF."""
        arch, view = super()._get_view(view_id, view_type, **options)
        label = get_tax_id_word(self.env.company.country_id)
        for node in arch.iterfind(".//field[@name='customer_vat']"):
            node.set("string", label)
        for node in arch.iterfind(".//filter[@name='no_vat']"):
            node.set("string", self.env._("Customer without %s", label))
        return arch, view

    @api.depends("service_customer_id.commercial_partner_id.vat")
    def _compute_customer_vat(self):
        for order in self:
            customer = order._get_service_customer()
            order.customer_vat = customer._format_tax_id() if customer else False

    @api.model
    def _search_customer_vat(self, operator, value):
        if isinstance(value, str):
            value = tax_id.clean_tax_id(value).replace(".", "")
        return [("service_customer_id.commercial_partner_id.vat", operator, value)]

    def _get_service_customer(self):
        """The commercial entity whose contacts the order shows; empty for none."""
        self.ensure_one()
        return self.service_customer_id.commercial_partner_id

    def _check_customer_identified(self):
        """Called by the buttons *Contacts* and *Print Contacts*.

        :raise UserError: no customer, or one without RUT
        :raise RedirectWarning: the same, with the way to the card for who may edit it
        """
        customer = self._get_service_customer()
        if not customer:
            raise UserError(
                self.env._("This order has no customer. Choose one to see contacts.")
            )
        if not tax_id.is_missing(customer.vat):
            return
        if not customer.has_access("write"):
            raise UserError(
                self.env._(
                    "The customer of this order has no tax ID (RUT). Ask the office "
                    "to complete it on the card: then you see the contacts."
                )
            )
        raise RedirectWarning(
            self.env._(
                "The customer of this order has no tax ID (RUT). Complete it on his "
                "card to see the contacts."
            ),
            customer.get_formview_action(),
            self.env._("Open the card"),
        )

    def action_open_contacts(self):
        """The contacts window of the order's customer."""
        self._check_customer_identified()
        return self._get_service_customer().action_open_contacts()

    def action_print_contacts(self):
        """The contacts of the order's customer as a PDF."""
        self._check_customer_identified()
        return self._get_service_customer().action_print_contacts()

    def action_note_done(self):
        """*Done today*: one line of the follow-up, with its result."""
        self.ensure_one()
        kinds = self.env["mail.activity.type"]
        visit = self.env.ref("xpyme_contacts.activity_type_visit", False) or kinds
        return self.env["mail.activity"]._ask_result(
            self.env._("Done today"),
            res_model=self._name,
            res_id=self.id,
            user_id=self.env.uid,
            activity_type_id=visit.id,
        )
