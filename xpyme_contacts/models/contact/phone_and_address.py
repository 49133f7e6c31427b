import re
from urllib.parse import quote_plus

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.value_rule import ValueRule

# The children of a customer that are places, not persons.
ADDRESS_TYPES = ("invoice", "delivery", "other")


class ResPartner(models.Model):
    """Where a customer's person is reached (seed 004: Contacto): extension, address.

    The direct telephone is Odoo's ``phone``.

    The alternative address is a link to one of the customer's addresses, not a copy:
    wherever the contact's address is shown, it is that one.
    """

    _inherit = "res.partner"

    phone_extension = fields.Char(
        string="Extension",
        help="Extension of the contact in his company's switchboard: up to ten digits.",
    )
    alternative_address_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        inverse="_inverse_alternative_address",
        domain="[('parent_id', 'child_of', parent_id),"
        f" ('type', 'in', {ADDRESS_TYPES!r})]",
        help="One of the customer's addresses where this person is found. While it is "
        "chosen, it is shown instead of the contact's own address.",
    )

    map_url = fields.Char(
        string="Map",
        compute="_compute_map_url",
        exportable=False,
        help="The address shown, on a map.",
    )

    @api.depends(
        "street",
        "zip",
        "city",
        "state_id",
        "country_id",
        "alternative_address_id.street",
        "alternative_address_id.city",
    )
    def _compute_map_url(self):
        for partner in self:
            shown = partner._get_place()
            places = (shown.zip, shown.city, shown.state_id.name, shown.country_id.name)
            known = shown.street or shown.city
            address = quote_plus(", ".join(filter(None, (shown.street, *places))))
            # Opens the telephone's own map, and a browser's where there is none.
            url = f"https://www.google.com/maps/search/?api=1&query={address}"
            partner.map_url = known and url

    # === VALUES ===#

    @api.model
    def _get_value_rules(self):
        return [
            *super()._get_value_rules(),
            ValueRule(
                "_complete_contact_detail_vals", ("phone_extension", "parent_id")
            ),
            ValueRule("_complete_company_vals", ("parent_id",)),
        ]

    @api.model
    def _complete_contact_detail_vals(self, vals_list, contacts):
        """Clean the extension; who goes to another customer leaves the address."""
        for vals in vals_list:
            if "phone_extension" in vals:
                extension = "".join((vals["phone_extension"] or "").split())
                vals["phone_extension"] = extension or False
        if contacts:
            contacts._leave_address_vals(vals_list[0])

    def _leave_address_vals(self, vals):
        if "parent_id" in vals and "alternative_address_id" not in vals:
            linked = self.filtered("alternative_address_id")
            if any(c.parent_id.id != vals["parent_id"] for c in linked):
                vals["alternative_address_id"] = False

    @api.model
    def _complete_company_vals(self, vals_list, partners):
        """What is made below a customer of one company is of that company.

        A web client sends no company that its list of contacts does not show, and an
        import often has none.

        :raise AccessError: the user may not read the customer
        """
        if partners is not None:
            return
        default = self.env.context.get("default_parent_id")
        open_list = [
            (vals, parent_id)
            for vals in vals_list
            if "company_id" not in vals
            and (parent_id := vals.get("parent_id", default))
        ]
        ids = {parent_id for _vals, parent_id in open_list}
        companies = {
            parent.id: parent.company_id.id
            for parent in self.browse(ids)
            if parent._is_of_customer()
        }
        for vals, parent_id in open_list:
            if company_id := companies.get(parent_id):
                vals["company_id"] = company_id

    def _inverse_alternative_address(self):
        """Core's address as text cannot depend on a field of ours."""
        shown = ["contact_address", "contact_address_inline", "display_name"]
        self.invalidate_recordset(shown, flush=False)

    def _get_address_shown(self):
        """The partner whose address is shown as that of ``self``."""
        # sudo: a portal user reads no field of ours, but where his mail goes. Whether
        # he may see that partner is asked of the record.
        address = self.sudo().alternative_address_id
        return address.sudo(self.env.su) or self

    def _format_phone(self):
        """The phone with its extension, as it is read aloud; '' without a phone."""
        self.ensure_one()
        if not self.phone or not self.phone_extension:
            return self.phone or ""
        return self.env._(
            "%(phone)s ext. %(extension)s",
            phone=self.phone,
            extension=self.phone_extension,
        )

    def _build_vcard(self):
        """Core's vCard of this contact with the extension and the address shown.

        vCard 3.0 has no place for an extension; telephones dial what follows a comma
        after a pause. (``;ext=`` belongs to the URIs of vCard 4.0.)
        """
        vcard = super()._build_vcard()
        if not vcard:
            return vcard
        if self.phone and self.phone_extension:
            phone = vcard.contents.get("tel")[0]
            phone.value = f"{self.phone},{self.phone_extension}"
        shown = self._get_place()
        if shown != self:
            address = vcard.contents.get("adr")[0].value
            address.street = shown.street or ""
            address.city = shown.city or ""
            address.code = shown.zip or ""
            address.region = shown.state_id.name or ""
            address.country = shown.country_id.name or ""
        return vcard

    # === KEEPING THE LINK ===#

    def _is_alternative_address_own(self):
        """Whether this contact's alternative address is one of his customer's."""
        self.ensure_one()
        address = self.alternative_address_id
        return (
            bool(self.parent_id)
            and address.type in ADDRESS_TYPES
            and address.commercial_partner_id == self.commercial_partner_id
        )

    def _release_moved_addresses(self, vals):
        """After ``write``: an address of another customer, or none, is nobody's."""
        if not {"parent_id", "type", "is_company"} & vals.keys():
            return
        # sudo: also contacts that the writer may not see.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        linked = partners.search([("alternative_address_id", "in", self.ids)])
        linked = linked.filtered(lambda c: not c._is_alternative_address_own())
        if linked:
            linked._write_followed({"alternative_address_id": False})

    def _leave_alternative_addresses(self):
        """Those of the mirrors ``self`` whose address is now the customer's."""
        linked = self.filtered(
            lambda m: m.alternative_address_id and m._takes("street")
        )
        if linked:
            linked._write_followed({"alternative_address_id": False})
        return linked

    # === CHECKS ===#

    @api.constrains("phone_extension")
    def _check_phone_extension(self):
        """:raise ValidationError: an extension is not one to ten digits"""
        for contact in self.filtered("phone_extension"):
            if not re.fullmatch(r"[0-9]{1,10}", contact.phone_extension):
                raise ValidationError(
                    self.env._(
                        "The extension %(extension)s of %(contact)s is not valid: it "
                        "is a number of up to ten digits.",
                        extension=contact.phone_extension,
                        contact=contact.name,
                    )
                )

    @api.constrains("alternative_address_id", "parent_id")
    def _check_alternative_address(self):
        """:raise ValidationError: another customer's address, or one for a mirror"""
        for contact in self.filtered("alternative_address_id"):
            if not contact._is_alternative_address_own():
                raise ValidationError(
                    self.env._(
                        "%(address)s is not an address of the customer of %(contact)s: "
                        "choose one of those on the customer's card.",
                        address=contact.alternative_address_id.display_name,
                        contact=contact.name,
                    )
                )
            if contact.is_address_mirrored:
                raise ValidationError(
                    self.env._(
                        "The address of the contact %s comes from the customer's card, "
                        "because both have the same name. Give the contact another "
                        "name first.",
                        contact.name,
                    )
                )
