from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...tools.names import join_name, split_name
from ...tools.value_rule import CUSTOMERS, ValueRule

_NAME_PARTS = ("given_name", "surname", "second_surname")
_NATURAL = frozenset(("customer_type_id", *_NAME_PARTS))


class ResPartner(models.Model):
    """Who the customer is (seed 004: Fiscales): type, names, dates, route."""

    _inherit = "res.partner"

    # === FIELDS ===#

    customer_type_id = fields.Many2one(
        "xpyme.customer.type",
        string="Type",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="For lists and statistics; it says whether the customer is a natural "
        "person, with two surnames.",
    )
    is_natural_person = fields.Boolean(related="customer_type_id.is_natural_person")
    given_name = fields.Char(help="A natural person's name without his surnames.")
    surname = fields.Char(string="First Surname")
    second_surname = fields.Char()
    trade_name = fields.Char(
        index="trigram", help="The name on the shop's sign. Customers are found by it."
    )
    registration_date = fields.Date(
        string="Registered on", copy=False, help="Since when he is a customer."
    )
    deregistration_date = fields.Date(
        string="Deregistered on",
        copy=False,
        tracking=True,
        help="Documents tell of it whenever the customer is entered. It blocks "
        "nothing: that is what the mark Blocked does.",
    )
    customer_route_id = fields.Many2one(
        "xpyme.customer.route",
        string="Route",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The round on which the customer is visited.",
    )

    # === VALUES ===#

    @api.model
    def _commercial_fields(self):
        """What a customer's contacts and addresses share with the card."""
        return [
            *super()._commercial_fields(),
            *("customer_type_id", "trade_name", "deregistration_date"),
            *("customer_route_id", "payment_days"),
            # Core leaves it out: an invoice to an address of the customer had none.
            "property_inbound_payment_method_line_id",
        ]

    @api.model
    def _get_value_rules(self):
        return [
            *super()._get_value_rules(),
            ValueRule("_strip_name_vals", ("name",), CUSTOMERS),
            ValueRule(
                "_complete_name_vals", ("name", "customer_type_id", *_NAME_PARTS)
            ),
        ]

    @api.model
    def _propose_card_vals(self, vals):
        """A new customer is registered today, if no other date is typed.

        A form or a file has an empty date for one left blank. Who comes with the date
        they left on, from another program, was not registered today.
        """
        proposed = super()._propose_card_vals(vals)
        if not (vals.get("registration_date") or vals.get("deregistration_date")):
            proposed["registration_date"] = fields.Date.context_today(self)
        return proposed

    @api.model
    def _strip_name_vals(self, vals_list, _partners):
        for vals in vals_list:
            if vals.get("name"):
                vals["name"] = vals["name"].strip()

    @api.model
    def _complete_name_vals(self, vals_list, partners):
        record = partners and partners[:1]
        for vals in vals_list:
            if _NATURAL.isdisjoint(vals) and not (record and record.is_natural_person):
                continue
            self._complete_name_parts(vals, record)

    @api.model
    def _complete_name_parts(self, vals, record):
        """Keep a natural person's name and its three parts together; ``vals`` changes.

        The parts make the name. A name typed whole is split again; a customer who is
        no natural person has no parts.
        """
        if not self._is_natural_person_vals(vals, record):
            known = [part for part in _NAME_PARTS if record and record[part]]
            vals.update(dict.fromkeys([*known, *vals.keys() & set(_NAME_PARTS)], False))
            return
        if any(part in vals for part in _NAME_PARTS):
            parts = [
                vals.get(part, record and record[part] or False) for part in _NAME_PARTS
            ]
            vals["name"] = join_name(*parts) or vals.get("name")
        elif not self._keeps_name_parts(vals, record):
            name = vals.get("name") or record and record.name
            vals.update(zip(_NAME_PARTS, split_name(name), strict=True))

    @api.model
    def _keeps_name_parts(self, vals, record):
        """Whether the name written is the one that the parts make already."""
        name = vals.get("name") or record and record.name
        parts = [record[part] for part in _NAME_PARTS] if record else ()
        return any(parts) and join_name(*parts) == join_name(name, "", "")

    def _writes_names_apart(self, vals):
        """Whether ``vals`` give each of many natural persons a name of his own."""
        if not {"name", "customer_type_id", *_NAME_PARTS} & vals.keys():
            return False
        return any(self._is_natural_person_vals(vals, partner) for partner in self)

    @api.model
    def _is_natural_person_vals(self, vals, record=None):
        """Whether ``vals``, written on ``record``, leave a natural person."""
        if "customer_type_id" in vals:
            kind = self.env["xpyme.customer.type"].browse(vals["customer_type_id"])
            return kind.is_natural_person
        return bool(record) and record.is_natural_person

    # === CHECKS ===#

    @api.constrains("name")
    def _check_name_not_blank(self):
        """:raise ValidationError: a customer or a contact of his has a blank name"""
        for partner in self:
            blank = partner.type == "contact" and not (partner.name or "").strip()
            if blank and partner._is_of_customer():
                raise ValidationError(
                    self.env._("The name is blank: type the customer's name.")
                )

    @api.constrains("registration_date", "deregistration_date")
    def _check_customer_dates(self):
        """:raise ValidationError: deregistered before he was registered"""
        for customer in self:
            since, until = customer.registration_date, customer.deregistration_date
            if since and until and until < since:
                raise ValidationError(
                    self.env._(
                        "%(customer)s was registered on %(since)s: he cannot be "
                        "deregistered before, on %(until)s.",
                        customer=customer.name,
                        since=format_date(self.env, since),
                        until=format_date(self.env, until),
                    )
                )

    @api.onchange(*_NAME_PARTS)
    def _onchange_name_parts(self):
        if self.is_natural_person:
            self.name = (
                join_name(self.given_name, self.surname, self.second_surname)
                or self.name
            )

    @api.onchange("customer_type_id")
    def _onchange_customer_type_id(self):
        if self.is_natural_person and not self.given_name:
            self.given_name, self.surname, self.second_surname = split_name(self.name)
            self.is_company = False

    # === COMMERCIAL FIELDS ===#

    @api.constrains(lambda self: self._synced_commercial_fields())
    def _check_commercial_fields_of_contact(self):
        """:raise ValidationError: a contact gets a tax id or tariff not his customer's

        Odoo would write it upward, on the customer and on everybody else of his.
        """
        for contact in self:
            customer = contact.commercial_partner_id
            if customer == contact or not customer.is_customer_card:
                continue
            for fname in self._synced_commercial_fields():
                if contact[fname] and contact[fname] != customer[fname]:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of the contact %(contact)s is the one of his "
                            "customer %(customer)s: change it on the customer's card.",
                            field=self._fields[fname]._description_string(self.env),
                            contact=contact.name,
                            customer=customer.name,
                        )
                    )

    # === ACTIONS ===#

    def action_open_other_data(self):
        """*Otros Datos* (seed 004): the company's own fields of the customer."""
        self.ensure_one()
        view = self.env.ref("xpyme_contacts.xpyme_customer_view_form_other_data")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Other data of %s", self.name),
            "res_model": "res.partner",
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }
