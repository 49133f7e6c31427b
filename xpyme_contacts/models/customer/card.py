from lxml import etree

from odoo import api, models

_CARD = "xpyme_contacts.xpyme_customer_view_form"


class ResPartner(models.Model):
    """The customer's card: the form of its own in which customers open, and what is
    begun from it. Other partners keep Odoo's form."""

    _inherit = "res.partner"

    # === THE FORM ===#

    def get_formview_id(self, access_uid=None):
        """A customer opens in the card from wherever one is chosen."""
        if len(self) == 1 and self.is_customer_card:
            return self.env.ref(_CARD).id
        return super().get_formview_id(access_uid=access_uid)

    @api.model
    def _get_country_fields(self):
        """Fields that a country's localisation may have added, and where they stand.

        Addons append theirs.

        :return: list of (element of the card, name of the field, its attributes)
        """
        hidden = {"invisible": "1"}
        kind = {
            "required": "1",
            "options": "{'no_open': True, 'no_create': True}",
            "invisible": "is_vat and 'LATAMID' not in fiscal_country_group_codes",
        }
        chilean = {"invisible": "'CL' not in fiscal_country_codes"}
        return [
            ("tax_id", "is_vat", hidden),
            ("tax_id", "fiscal_country_group_codes", hidden),
            ("tax_id", "l10n_latam_identification_type_id", kind),
            ("fiscal_names", "fiscal_country_codes", hidden),
            ("fiscal_names", "l10n_cl_sii_taxpayer_type", chilean),
            ("fiscal_names", "l10n_cl_activity_description", chilean),
        ]

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and view == self.env.ref(_CARD, False):
            for place, name, attributes in self._get_country_fields():
                if name in self._fields:
                    (parent,) = arch.xpath(f"//*[@name='{place}']")
                    if parent.tag == "div" and attributes.get("invisible") != "1":
                        # For who hears the screen: the box has no room for it.
                        label = {"for": name, "class": "visually-hidden"}
                        parent.append(etree.Element("label", label))
                    parent.append(etree.Element("field", name=name, **attributes))
        return arch, view

    def action_open_odoo_form(self):
        """Odoo's own form of this partner, with what all other addons have added."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("base.view_partner_form").id, "form")],
        }

    def action_open_card(self):
        """The customer's card, from Odoo's form of the same partner."""
        self.ensure_one()
        return self.get_formview_action()

    # === WHAT IS BEGUN FROM IT ===#

    def action_new_quotation(self):
        """A new quotation for this customer."""
        return self._get_new_document_action(
            self.env._("New Quotation"), "sale.order", default_partner_id=self.id
        )

    def action_new_invoice(self):
        """A new invoice to this customer, without an order."""
        return self._get_new_document_action(
            self.env._("New Invoice"),
            "account.move",
            default_partner_id=self.id,
            default_move_type="out_invoice",
        )

    def _get_new_document_action(self, title, model, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "context": context,
        }

    def action_call(self):
        """The telephone dials the customer's first number."""
        self.ensure_one()
        number = self.phone or self.mobile
        return {"type": "ir.actions.act_url", "url": f"tel:{number}", "target": "self"}

    def action_open_map(self):
        """The customer's address on a map."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.map_url, "target": "new"}
