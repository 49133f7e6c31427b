from collections.abc import Collection

from odoo import api, models
from odoo.fields import Domain

from ...tools import tax_id

# What the box shows of a customer beside the name.
_SHOWN = ("ref", "vat", "city", "commercial_partner_id", "is_customer_card")


class ResPartner(models.Model):
    """Choosing a customer in a document: each stands there once, with code and tax id.

    Odoo's boxes of customers say so in their context (``res_partner_search_mode``) and
    go on to list all partners: contacts, addresses, who works here. Customers stand
    there; by what is typed also persons who are meant, and who would become a customer.
    """

    _inherit = "res.partner"

    # === WHO STANDS THERE ===#

    @api.model
    def _is_choosing_customer(self):
        """Whether a customer is chosen or listed by somebody who works here."""
        mode = self.env.context.get("res_partner_search_mode")
        return mode == "customer" and self._may_read_ours()

    @api.model
    def _get_choosable_domain(self, term):
        """Who may stand where a customer is chosen.

        :param term: what was typed; nothing shows the customers only
        """
        cards = Domain("is_customer_card", "=", True)
        if not term:
            return cards
        # Nobody's customer yet: what would be a card if something were sold to it.
        return cards | (
            (Domain("parent_id", "=", False) | Domain("is_company", "=", True))
            & Domain("type", "in", (False, "contact"))
            & Domain("fsm_location", "=", False)
            & Domain("partner_share", "=", True)
            & Domain("ref_company_ids", "=", False)
        )

    @api.model
    def _restrict_to_choosable(self, domain, term):
        """``domain`` of those who may be chosen; whoever is named by id is known.

        So are the people of a customer who is named: a window of theirs that is opened
        from a customer's card gets the context of the list of customers.
        """
        domain = Domain(domain or Domain.TRUE)
        if not self._is_choosing_customer():
            return domain
        if any(map(self._names_somebody, domain.iter_conditions())):
            return domain
        return domain & self._get_choosable_domain(term)

    @api.model
    def _names_somebody(self, condition):
        """Whether a condition says who is meant, or whose people."""
        if condition.field_expr in ("parent_id", "commercial_partner_id"):
            value = condition.value
            many = isinstance(value, Collection) and not isinstance(value, str)
            named = condition.operator in ("=", "in", "child_of")
            return named and any(value if many else [value])
        return condition.field_expr in ("id", "is_customer_card")

    @api.model
    def _get_typed_term(self, domain):
        """What somebody has typed into the search box of a list, '' for nothing."""
        for condition in Domain(domain or Domain.TRUE).iter_conditions():
            if condition.operator == "ilike" and isinstance(condition.value, str):
                return condition.value.strip()
        return ""

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        domain = self._restrict_to_choosable(domain, str(name or "").strip())
        rows = super().name_search(name, domain, operator, limit)
        if self._is_choosing_customer():
            # The labels are asked for one by one.
            found = self.browse([partner_id for partner_id, _name in rows])
            found.fetch(_SHOWN)
            found.commercial_partner_id.fetch(("ref", "vat", "name"))
        return rows

    @api.model
    def web_search_read(self, domain, *args, **kwargs):
        domain = self._restrict_to_choosable(domain, self._get_typed_term(domain))
        return super().web_search_read(domain, *args, **kwargs)

    @api.model
    def web_read_group(self, domain, *args, **kwargs):
        domain = self._restrict_to_choosable(domain, self._get_typed_term(domain))
        return super().web_read_group(domain, *args, **kwargs)

    # === WHAT IS TOLD OF EACH ===#

    @api.depends("ref", "vat", "city")
    @api.depends_context("res_partner_search_mode", "formatted_display_name", "uid")
    def _compute_display_name(self):
        """In a box of customers: code, name, tax id and town.

        A tax id that a document shows below the name is written as everywhere.
        """
        result = super()._compute_display_name()
        context = self.env.context
        if context.get("show_vat"):
            for partner in self.filtered("vat"):
                name, number = partner.display_name or "", partner.vat
                if name.endswith(number):
                    shown = tax_id.format_rut(number)
                    partner.display_name = name.removesuffix(number) + shown
        if context.get("formatted_display_name") and self._is_choosing_customer():
            for partner in self:
                partner.display_name = partner._format_choice()
        return result

    def _format_choice(self):
        """A line of a box, in the marks of ``formatted_display_name``."""
        self.ensure_one()
        # sudo: as core does, a name may come from a parent that the user cannot read.
        card = self.sudo().commercial_partner_id
        code = card.ref if card.is_customer_card else False
        name = " · ".join(filter(None, (code, card.name)))
        person = self.name if self != card else False
        town = False if person else self.city
        shown = " · ".join(filter(None, (person, card._format_tax_id(), town)))
        return f"{name} \t --{shown}--" if shown else name
