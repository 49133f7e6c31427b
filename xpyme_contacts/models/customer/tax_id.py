from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import tax_id
from ...tools.value_rule import CUSTOMERS, ValueRule

_NORMALISE = {"CL": tax_id.normalise_rut, "ES": tax_id.normalise_nif}
# Where Odoo's own word for the number is not what people say.
_WORDS = {"ES": "NIF"}


def get_tax_id_word(country):
    """How people of a country call a customer's tax id, in a few letters."""
    return _WORDS.get(country.code) or country.vat_label or "RUT"


class ResPartner(models.Model):
    """The customer's tax id: RUT and RUN of Chile by our own rule, others by base_vat.

    base_vat checks nothing without a country and lets a context switch it off; for a
    customer card neither holds: the company's country stands in for a missing one, and
    the check is a constraint.
    """

    _inherit = "res.partner"

    same_tax_id_customer_ids = fields.Many2many(
        "res.partner",
        string="Customers with the Same Tax ID",
        compute="_compute_same_tax_id_customer_ids",
        context={"active_test": False},
        exportable=False,
        help="Other cards with this tax id, archived ones included. It is allowed: a "
        "company may have a card for each of its shops.",
    )

    vat_key = fields.Char(
        string="Tax ID without Signs",
        compute="_compute_vat_key",
        store=True,
        index="btree_not_null",
        help="Letters and digits of the tax id, without its country: cards with the "
        "same are one customer for his risk by tax id.",
    )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """The filter of those without one calls it as the company's country does."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for node in arch.xpath("//search//filter[@name='no_vat']"):
            word = get_tax_id_word(self.env.company.country_id)
            node.set("string", self.env._("Without %s", word))
        return arch, view

    @api.depends("vat", "is_customer_card")
    @api.depends_context("uid")
    def _compute_same_tax_id_customer_ids(self):
        """Core's notice names one partner; a card names all other cards, to open."""
        wanted = {
            partner: tax_id.get_key(partner.vat)
            for partner in self
            if partner.is_customer_card
        }
        others = self.env["res.partner"].with_context(active_test=False)
        if any(wanted.values()):
            keys = [*filter(None, wanted.values())]
            others = others.search(
                [("vat_key", "in", keys), ("is_customer_card", "=", True)]
            )
        for partner in self:
            key = wanted.get(partner)
            same = others.filtered(lambda other, key=key: other.vat_key == key)
            partner.same_tax_id_customer_ids = same - partner._origin

    def _filtered_named_by_tax_id(self):
        """The cards whose notice of the same tax id, ours, is all there is to tell."""
        return self.filtered(lambda p: p.is_customer_card and not p.company_registry)

    def _set_core_tax_id_notice(self):
        """What core would look for with five statements, from the cards found."""
        for card in self:
            card.same_vat_partner_id = card.same_tax_id_customer_ids[:1]
            card.same_company_registry_partner_id = False

    @api.depends("vat", "commercial_partner_id")
    def _compute_vat_key(self):
        """Of whoever is a customer by himself: his contacts only repeat the id."""
        for partner in self:
            is_own = partner.commercial_partner_id == partner
            partner.vat_key = is_own and tax_id.get_key(partner.vat) or False

    def _compute_same_vat_partner_id(self):
        if not self._may_read_ours():
            return super()._compute_same_vat_partner_id()
        cards = self._filtered_named_by_tax_id()
        cards._set_core_tax_id_notice()
        return super(ResPartner, self - cards)._compute_same_vat_partner_id()

    @api.model
    def _get_value_rules(self):
        rule = ValueRule("_complete_tax_id_vals", ("vat",), CUSTOMERS)
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_tax_id_vals(self, vals_list, partners):
        for vals in vals_list:
            self._normalise_tax_id_vals(vals, partners and partners[:1])

    @api.model
    def _normalise_tax_id_vals(self, vals, record=None):
        """Store a RUT or NIF one way, however it was typed; ``vals`` is changed.

        :param record: the partner written; None for a new one
        """
        number = vals.get("vat")
        if not number:
            return
        country = self._get_tax_id_country(vals, record)
        normalise = _NORMALISE.get(country.code)
        if not number.strip():
            vals["vat"] = False
        elif normalise and self._is_tax_id_type_of_rut(vals, record):
            vals["vat"] = normalise(number)

    @api.model
    def _get_tax_id_country(self, vals=None, record=None):
        """The country whose rule holds: the partner's, else his company's."""
        vals, record = vals or {}, record or self.browse()
        if "country_id" in vals:
            country = self.env["res.country"].browse(vals["country_id"])
        else:
            country = record.commercial_partner_id.country_id
        company_id = vals.get("company_id", record.company_id.id)
        company = self.env["res.company"].browse(company_id) or self.env.company
        # sudo: the country of the customer's company, readable by all who work in it.
        return country or company.sudo().country_id

    @api.model
    def _is_tax_id_type_of_rut(self, vals=None, record=None):
        """Whether the Latin American identification type, if any, is a RUT or a RUN.

        l10n_cl installs itself in a Chilean company and adds the type; a passport or a
        foreign id is none of our rule's business.
        """
        if "l10n_latam_identification_type_id" not in self._fields:
            return True
        kind = (
            self.env["l10n_latam.identification.type"].browse(
                (vals or {}).get("l10n_latam_identification_type_id")
            )
            or (record or self.browse()).l10n_latam_identification_type_id
        )
        return not kind or kind.is_vat or kind.id == self._get_kind_id("l10n_cl.it_RUN")

    @api.constrains("vat", "country_id")
    def _check_customer_tax_id(self):
        """:raise ValidationError: a customer's tax id is wrong for its country"""
        is_unseen = self.env.context.get("no_vat_validation")
        for customer in self.filtered("is_customer_card"):
            # Else base_vat has looked itself, and says what is wrong.
            customer._check_tax_id(abroad=is_unseen or not customer.country_id)

    def _check_tax_id(self, abroad=True):
        """
        :param abroad: also by base_vat's rules, with its message
        :raise ValidationError: the number is wrong for its country
        """
        self.ensure_one()
        if tax_id.is_missing(self.vat) or not self._is_tax_id_type_of_rut(record=self):
            return
        country = self._get_tax_id_country(record=self)
        if country.code == "CL":
            self._check_rut(self.vat)
        elif abroad:
            name = self.name or self.env._("a new customer")
            self.with_context(no_vat_validation=False)._run_vat_checks(
                country, self.vat, partner_name=name
            )

    def _check_rut(self, number):
        """:raise ValidationError: not a RUT, or a wrong check digit"""
        self.ensure_one()
        if tax_id.is_rut(number):
            return
        raise ValidationError(
            self.env._(
                "The RUT %(rut)s of %(customer)s is not valid. Check the number and "
                "its digit after the hyphen: it is written like 76086428-5.",
                rut=number,
                customer=self.name or self.env._("a new customer"),
            )
        )

    # === THE SAME NUMBER TWICE ===#

    @api.onchange("vat", "country_id")
    def _onchange_customer_tax_id(self):
        """Compared with the others as it will be stored, however it is typed.

        A wrong one is told on leaving the field, not only on saving.
        """
        if not self._is_of_customer():
            return None
        vals = {"vat": self.vat}
        self._normalise_tax_id_vals(vals, self)
        if self.vat and vals["vat"] != self.vat:
            self.vat = vals["vat"]
        try:
            self._check_tax_id()
        except ValidationError as refusal:
            title = get_tax_id_word(self._get_tax_id_country(record=self))
            message = {"title": title, "message": str(refusal), "type": "notification"}
            return {"warning": message}
        return None

    def _format_tax_id(self):
        """The customer's tax id as people read it: a RUT with its dots."""
        self.ensure_one()
        number = self.commercial_partner_id.vat
        return "" if tax_id.is_missing(number) else tax_id.format_rut(number)

    # === ACTIONS ===#

    def action_open_same_tax_id_customers(self):
        """The other cards with this customer's tax id: the one, or their list."""
        self.ensure_one()
        others = self.same_tax_id_customer_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers with the tax ID %s", self._format_tax_id()),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", others.ids)],
            "context": {"active_test": False},
        }
        if len(others) == 1:
            action.update(res_id=others.id, views=[(False, "form")])
        return action
