from itertools import count

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.value_rule import ValueRule
from .phone_and_address import ADDRESS_TYPES

_LENGTH = 6


class ResPartner(models.Model):
    """The code of a contact or of an address within its customer (seed 004).

    Contacts and addresses are numbered apart; two customers may use the same code.
    """

    _inherit = "res.partner"

    contact_code = fields.Char(
        string="Contact or Address Code",
        size=_LENGTH,
        copy=False,
        help="Code of this contact, or of this address, within its customer: at most "
        "6 characters, used to state it in documents.",
    )

    _contact_code_unique = models.UniqueIndex(
        "(parent_id, (type = 'contact'), lower(contact_code))"
        " WHERE contact_code IS NOT NULL AND parent_id IS NOT NULL",
        "This code has just been given to another contact or address of the customer. "
        "Choose another one.",
    )

    # === PROPOSING CODES ===#

    @api.model
    def _propose_contact_code(self, parent_id, kind):
        """The first number free among the contacts, or the addresses, of a customer.

        :param kind: the type of the contact or address
        """
        owners = self._get_contact_code_owners({parent_id})
        return self._first_free_code((parent_id, kind == "contact"), owners)

    @api.model
    def _first_free_code(self, place, owners):
        """
        :param place: (id of the parent, is a contact)
        :param owners: as ``_get_contact_code_owners`` gives them
        """
        return next(str(n) for n in count(1) if (*place, str(n)) not in owners)

    @api.model
    def _number_new_addresses(self, vals_list):
        """A customer's address that has no code gets the first number free."""
        context, new = self.env.context, []
        for vals in vals_list:
            parent_id = vals.get("parent_id", context.get("default_parent_id"))
            kind = vals.get("type", context.get("default_type"))
            if parent_id and kind in ADDRESS_TYPES:
                new.append((parent_id, vals))
        # sudo: whether they are customers, for whoever makes the address.
        parents = self.sudo().browse({parent_id for parent_id, _vals in new})
        cards = parents.filtered("is_customer_card").ids
        new = [(parent_id, vals) for parent_id, vals in new if parent_id in cards]
        owners = self._get_contact_code_owners(cards) if new else {}
        for parent_id, vals in new:
            if vals.get("contact_code"):
                owners[parent_id, False, vals["contact_code"].lower()] = self.browse()
        for parent_id, vals in new:
            if not vals.get("contact_code") and not vals.get("is_document_mailbox"):
                code = self._first_free_code((parent_id, False), owners)
                vals["contact_code"] = code
                owners[parent_id, False, code] = self.browse()

    # === JUDGING CODES ===#

    @api.model
    def _get_value_rules(self):
        judged = ("contact_code", "parent_id", "type")
        rule = ValueRule("_complete_contact_code_vals", judged)
        return [*super()._get_value_rules(), rule]

    @api.model
    def _complete_contact_code_vals(self, vals_list, partners):
        """Codes are trimmed and judged.

        :raise ValidationError: too long, or another's of the same customer
        """
        context, wanted = self.env.context, []
        for vals in vals_list:
            if "contact_code" in vals:
                vals["contact_code"] = self._trim_contact_code(vals["contact_code"])
        if partners is None:
            self._number_new_addresses(vals_list)
        for vals in vals_list:
            if partners is None and vals.get("contact_code"):
                parent_id = vals.get("parent_id", context.get("default_parent_id"))
                kind = vals.get("type", context.get("default_type", "contact"))
                key = (parent_id, kind == "contact", vals["contact_code"])
                wanted.append((key, self.browse()))
        for partner in partners or ():
            if code := vals.get("contact_code", partner.contact_code):
                parent_id = vals.get("parent_id", partner.parent_id.id)
                kind = vals.get("type", partner.type)
                wanted.append(((parent_id, kind == "contact", code), partner))
        if wanted:
            self._check_contact_codes(wanted)

    @api.model
    def _trim_contact_code(self, code):
        """:raise ValidationError: too long a code; Odoo would cut it off in silence"""
        code = str(code or "").strip()
        if len(code) > _LENGTH:
            raise ValidationError(
                self.env._(
                    "The code “%(code)s” is too long: at most %(length)s characters.",
                    code=code,
                    length=_LENGTH,
                )
            )
        return code or False

    @api.model
    def _check_contact_codes(self, wanted):
        """
        :param wanted: list of ((id of the parent, is a contact, code), partner or none)
        :raise ValidationError: two contacts or addresses of a customer have one code
        """
        owners = self._get_contact_code_owners({key[0] for key, _partner in wanted})
        for (parent_id, is_contact, code), partner in wanted:
            owner = owners.setdefault((parent_id, is_contact, code.lower()), partner)
            is_own = owner is partner or owner == partner != self.browse()
            if parent_id and not is_own:
                raise ValidationError(
                    self.env._(
                        "%(owner)s already has the code %(code)s. Choose another one.",
                        # sudo: the name of a contact of the same customer.
                        owner=owner.sudo().display_name or self.env._("A new contact"),
                        code=code,
                    )
                )

    @api.model
    def _get_contact_code_owners(self, parent_ids):
        """``{(id of the parent, is a contact, code in small letters): partner}``"""
        # sudo: contacts whom the user does not see have their codes, too.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        coded = partners.search_fetch(
            [
                ("parent_id", "in", [*filter(None, parent_ids)]),
                ("contact_code", "!=", False),
            ],
            ["parent_id", "type", "contact_code"],
        )
        owners = {}
        for partner in coded:
            place = (partner.parent_id.id, partner.type == "contact")
            key = (*place, partner.contact_code.lower())
            owners[key] = partner.with_env(self.env)
        return owners

    # === MERGING ===#

    def _take_contact_codes(self, sources):
        """Before ``sources`` are merged into ``self``: no code is there twice.

        Contacts and addresses come over with their codes; where this customer uses one
        already it stays as it is, and the history of the other tells what it was.
        """
        self.ensure_one()
        coded = sources.filtered("contact_code")
        codes = coded.mapped("contact_code")
        coded.write({"contact_code": False})
        owners = self._get_contact_code_owners([*self.ids, *self.parent_id.ids])
        place = (self.parent_id.id, self.type == "contact")
        free = [code for code in codes if (*place, code.lower()) not in owners]
        if free and not self.contact_code:
            self.contact_code = free[0]
        arriving = self._get_contact_code_owners(sources.ids)
        for (_parent_id, is_contact, key), partner in arriving.items():
            owner = owners.setdefault((self.id, is_contact, key), partner)
            if owner == partner:
                continue
            code = False
            if not is_contact:
                code = self._first_free_code((self.id, is_contact), owners)
                owners[self.id, is_contact, code] = partner
            body = self.env._(
                "The code %(code)s was taken away when the customers were merged: "
                "%(owner)s has it already.",
                code=partner.contact_code,
                owner=owner.display_name,
            )
            partner.contact_code = code
            partner._message_log(body=body)
