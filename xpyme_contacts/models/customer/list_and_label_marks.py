from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.address_labels import label_lines


class ResPartner(models.Model):
    """Whom to list and whose label to print (seed 004: Otros, *Listado y Etiqueta*)."""

    _inherit = "res.partner"

    marked_for_listing = fields.Boolean(
        string="Listing",
        copy=False,
        help="Mark of those who are to be listed. It is set and taken away by hand or "
        "for many at once, and nothing happens by itself.",
    )
    marked_for_labels = fields.Boolean(
        string="Label",
        copy=False,
        help="Mark of those whose address label is to be printed. It is set and taken "
        "away by hand or for many at once, and nothing happens by itself.",
    )

    def action_mark_for_listing(self):
        self.write({"marked_for_listing": True})

    def action_unmark_for_listing(self):
        self.write({"marked_for_listing": False})

    def action_mark_for_labels(self):
        self.write({"marked_for_labels": True})

    def action_unmark_for_labels(self):
        self.write({"marked_for_labels": False})

    def action_print_labels(self):
        """The label sheet of ``self``, else of all who are marked for labels.

        :raise UserError: nobody is marked
        """
        partners = self or self.search([("marked_for_labels", "=", True)])
        if not partners:
            raise UserError(
                self.env._(
                    "Nobody is marked for labels. Mark the customers in the list first."
                )
            )
        report = self.env.ref("xpyme_contacts.xpyme_customer_labels_action")
        return report.report_action(partners, config=False)

    def _get_label_lines(self):
        """What stands on this partner's label: names first, then the address."""
        self.ensure_one()
        company = self.commercial_partner_id.name
        address = self._display_address(without_company=True)
        return label_lines(company, self.name, address)
