from odoo import api, fields, models
from odoo.exceptions import ValidationError

_MAX_COPIES = 9
# What can be agreed for an address or a contact alone, and stands on the card for all.
ROUTE, CARRIER = "customer_route_id", "property_delivery_carrier_id"
WAREHOUSE = "sale_warehouse_id"


class ResPartner(models.Model):
    """How a customer's goods are delivered (seed 004, Factura: Formato Albarán,
    Transportista, Almacén, Ruta).

    Carrier and warehouse are fields of Odoo and OCA, of each company; an address or a
    contact may have its own.
    """

    _inherit = "res.partner"

    delivery_report_id = fields.Many2one(
        "ir.actions.report",
        string="Delivery Note Format",
        index="btree_not_null",
        ondelete="set null",
        domain=[("model", "=", "stock.picking"), ("report_type", "=", "qweb-pdf")],
        help="What the customer's delivery notes look like, wherever they are printed "
        "or sent from. Empty: as Odoo prints them.",
    )
    delivery_note_copies = fields.Integer(
        help="How many copies are printed with the original: 0 is the original alone.",
    )
    delivery_route_id = fields.Many2one(
        "xpyme.customer.route",
        string="Delivery Route",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The round on which goods are brought to this address. Empty: that of "
        "the customer.",
    )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            *("delivery_report_id", "delivery_note_copies"),
        ]

    # === WHAT HOLDS ===#

    def _get_delivery_term(self, fname, company):
        """What was agreed: the first of the partners ``self`` who has it says it.

        :param fname: a many2one; what belongs to another company is not offered
        """
        # sudo: what was agreed holds for whoever sells or delivers, also one who may
        # not read the card.
        partners = self.sudo().with_company(company)
        for partner in partners:
            term = partner[fname]
            if term and term.company_id in (company, term.company_id.browse()):
                return term.with_env(self.env)
        return partners[fname].browse().with_env(self.env)

    def _get_route(self, company):
        """The round of an address: its own, else that of its customer."""
        return self._get_delivery_term(
            "delivery_route_id", company
        ) or self.commercial_partner_id._get_delivery_term(ROUTE, company)

    def _get_delivery_report(self):
        """The customer's own format of delivery notes; none: as Odoo prints them."""
        # sudo: as above.
        report = self.sudo().commercial_partner_id.delivery_report_id
        return report if report._is_delivery_note_format() else report.browse()

    # === CHECKS ===#

    @api.constrains(WAREHOUSE)
    def _check_warehouse(self):
        """:raise ValidationError: it is another company's, which no order can use"""
        company = self.env.company
        for partner in self:
            warehouse = partner[WAREHOUSE].sudo()
            if warehouse and warehouse.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(warehouse)s is a warehouse of %(other)s: choose one of "
                        "%(company)s.",
                        warehouse=warehouse.name,
                        other=warehouse.company_id.name,
                        company=company.name,
                    )
                )

    @api.constrains("delivery_report_id")
    def _check_delivery_report(self):
        """:raise ValidationError: it prints something else"""
        for partner in self.filtered("delivery_report_id"):
            report = partner.delivery_report_id
            if not report._is_delivery_note_format():
                raise ValidationError(
                    self.env._(
                        "%s prints no delivery notes: choose a format that does.",
                        report.name,
                    )
                )

    @api.constrains("delivery_note_copies")
    def _check_delivery_note_copies(self):
        """:raise ValidationError: fewer than none, or more than a printer should"""
        for partner in self:
            if not 0 <= partner.delivery_note_copies <= _MAX_COPIES:
                raise ValidationError(
                    self.env._(
                        "%(copies)s copies of a delivery note cannot be printed: type "
                        "a number from 0 to %(maximum)s.",
                        copies=partner.delivery_note_copies,
                        maximum=_MAX_COPIES,
                    )
                )


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _is_delivery_note_format(self):
        """Whether it prints delivery notes."""
        return (self.model, self.report_type) == ("stock.picking", "qweb-pdf")
