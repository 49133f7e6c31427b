from odoo import api, fields, models

from ...tools.inner import LEFT_TO_TECHNICIANS, MIRROR_UNLOCKED, heard
from ...tools.row_locks import touch

# Whose place it is, and whom one asks there.
_WHOSE = frozenset(("partner_id", "owner_id", "contact_id"))


class FsmLocation(models.Model):
    _inherit = "fsm.location"

    # Where a customer is found, and whom one asks there: it is of the customer's file.
    _technicians_only_read = True

    follows_customer = fields.Boolean(
        string="At the Customer's Address",
        readonly=True,
        help="The location was made for its customer and moves with his address. "
        "Editing the location's own address ends it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Only what our own code makes for a customer follows one."""
        self._check_whose_readable(vals_list)
        if not heard(self.env.context, "xpyme_left_to_technicians"):
            vals_list = [{**vals, "follows_customer": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        self._check_whose_readable([vals])
        own = {*_WHOSE, "follows_customer", *self.partner_id._address_fields()}
        given = {name: vals[name] for name in own & vals.keys()}
        unlocked = heard(self.env.context, "xpyme_mirror_unlocked")
        if not unlocked and self._is_changed_by(given):
            vals = {**vals, "follows_customer": False}
        return super().write(vals)

    def _is_changed_by(self, vals):
        return any(
            location._convert_to_write({name: location[name] for name in vals}) != vals
            for location in self
        )

    @api.model
    def _check_whose_readable(self, vals_list):
        """:raise AccessError: a partner that the user may not read is linked"""
        ids = {vals.get(name) for vals in vals_list for name in _WHOSE}
        self.env["res.partner"].browse(ids - {None, False}).check_access("read")

    @api.model
    def _get_by_customer(self, customers):
        """``{customer: location}``, his first own one, made where he has none.

        A customer is never turned into a location, as fieldservice's converter does:
        that changes his type and that of all his addresses.
        """
        found = {}
        domain = [("owner_id", "in", customers.ids), ("parent_id", "=", False)]
        for location in self.search_fetch(domain, ["owner_id"], order="id"):
            found.setdefault(location.owner_id, location)
        missing = [customer for customer in customers if customer not in found]
        touch(customers.browse(customer.id for customer in missing))
        # sudo: a dispatcher may create orders but no partners; the values are fixed,
        # taken from a customer he may read.
        maker = self.sudo().with_context(**LEFT_TO_TECHNICIANS)
        created = maker.create(
            [self._prepare_customer_location_vals(customer) for customer in missing]
        )
        for customer, location in zip(missing, created.sudo(False), strict=True):
            found[customer] = location
        return found

    @api.model
    def _prepare_customer_location_vals(self, customer):
        return {
            **customer._get_address_values(),
            "name": customer.name,
            "owner_id": customer.id,
            "company_id": customer.company_id.id,
            "phone": customer.phone,
            "follows_customer": True,
        }

    @api.model
    def _get_followers(self, customers):
        """``{customer: locations}`` made for ``customers`` that follow them."""
        # sudo: who edits a customer may have no rights on service locations; the values
        # are those of the customer that he has just been allowed to write.
        locations = self.sudo().search(
            [
                ("owner_id", "in", customers.ids),
                ("follows_customer", "=", True),
                ("partner_id.fsm_location", "=", True),
            ]
        )
        return locations.grouped("owner_id")

    @api.model
    def _follow_customers(self, customers):
        """The locations made for ``customers`` take their new address."""
        for customer, followers in self._get_followers(customers).items():
            address = customer._convert_fields_to_values(customer._address_fields())
            followers.partner_id.with_context(**MIRROR_UNLOCKED).write(address)

    @api.model
    def _follow_names(self, customers, names_before):
        """The locations made for ``customers`` take their new name.

        A location that has got another name keeps it.

        :param names_before: ``{customer: name}``
        """
        for customer, followers in self._get_followers(customers).items():
            before = names_before[customer]
            named = followers.filtered(lambda f, before=before: f.name == before)
            named.partner_id.with_context(**MIRROR_UNLOCKED).write(
                {"name": customer.name}
            )
