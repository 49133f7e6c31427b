from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.address_labels import address_lines, label_lines


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
        return self.write({"marked_for_listing": True})

    def action_unmark_for_listing(self):
        return self.write({"marked_for_listing": False})

    def action_mark_for_labels(self):
        return self.write({"marked_for_labels": True})

    def action_unmark_for_labels(self):
        return self.write({"marked_for_labels": False})

    def action_print_list(self):
        """The printed list of ``self``, else of all who are marked for listing.

        :raise UserError: nobody is marked
        """
        marked = [("marked_for_listing", "=", True)]
        partners = self or self.search(marked, order="name, id")
        if not partners:
            raise UserError(
                self.env._(
                    "Nobody is marked for listing. Mark the customers in the list "
                    "first."
                )
            )
        report = self.env.ref("xpyme_contacts.xpyme_customer_list_report")
        return report.report_action(partners, data={}, config=False)

    def action_print_labels(self):
        """The window that asks where on the sheet the labels of ``self`` begin, else of
        all who are marked for labels.

        :raise UserError: nobody is marked
        """
        partners = self or self.search([("marked_for_labels", "=", True)])
        if not partners:
            raise UserError(
                self.env._(
                    "Nobody is marked for labels. Mark the customers in the list first."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Address labels"),
            "res_model": "xpyme.label.print",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_ids": partners.ids},
        }

    def _get_label_lines(self):
        """What stands on this partner's label: names first; nothing without an
        address."""
        self.ensure_one()
        address = self._get_address_lines()
        if not address:
            return []
        return label_lines(self.commercial_partner_id.name, self.name, address)

    def _get_address_lines(self):
        """The address as the post wants it: the country only abroad."""
        self.ensure_one()
        # sudo: it stands for the contact's own, for whoever may read that.
        place = self._get_place().sudo()
        country = place.country_id
        return address_lines(
            (place.street, place.street2),
            (place.zip, place.city),
            place.state_id.name,
            country.name if country != self.env.company.country_id else None,
        )
