from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Fields of these types say who somebody is, or something of them.
_TELLING = ("char", "text", "html", "date", "datetime", "binary", "image")
# They say nothing of a person, or are written apart.
_HARMLESS = {"name", "lang", "tz", "color", "registration_date", "service_date"}
# Of other types, and personal.
_PERSONAL = {
    *("gender", "partner_latitude", "partner_longitude", "stated_age"),
    # A town from its postal code is checked against the text of both.
    *("zip_id", "city_id"),
}
# What the books have to tell of whoever stands in them.
_OF_BOOKS = {
    *("name", "vat", "ref", "company_registry", "trade_name"),
    *("given_name", "surname", "second_surname"),
    *("street", "street2", "zip", "city", "zip_id", "city_id"),
}


class ResPartner(models.Model):
    """*Olvidar a este cliente*: the right to be forgotten (RGPD art. 17; Chile, Ley
    21.719).

    The card stays, archived and without anything that tells who it was. Whoever stands
    in the books keeps there what the law has kept: name, tax id and address.
    """

    _inherit = "res.partner"

    def action_forget(self):
        """Take away for good what tells who these customers were, and their contacts.

        :raise AccessError: the user may not delete customers
        :raise UserError: one of them is no customer, or works here
        """
        self.check_access("unlink")
        family = self._check_forgettable()
        self._log_forgetting()
        family._forget()
        return True

    def _check_forgettable(self):
        """The customers with their contacts and addresses, archived ones included.

        :raise UserError: one of them is no customer, or works here
        """
        for partner in self:
            if not partner.is_customer_card:
                raise UserError(
                    self.env._(
                        "%s is no customer's card. Forget the customer; contacts and "
                        "addresses go with the card.",
                        partner.display_name,
                    )
                )
        family = self._get_family()
        if inside := family.user_ids.filtered(lambda user: not user.share)[:1]:
            raise UserError(
                self.env._(
                    "%s works here with a login. Take the contact off the customer's "
                    "card first.",
                    inside.name,
                )
            )
        return family

    def _get_family(self):
        """These customers and all that belongs to their cards, as superuser."""
        # sudo: whoever may see it.
        partners = self.sudo().with_context(active_test=False)
        return partners.search([("commercial_partner_id", "in", self.ids)])

    def _log_forgetting(self):
        """That the wish was heard, as Odoo's privacy lookup notes it: who and when."""
        logs = self.env["privacy.log"].sudo()
        boxes = self._get_mailboxes()
        for customer in self:
            found = [box for kinds in boxes[customer].values() for box in kinds]
            # sudo: whoever may delete a customer may note that they did.
            logs.create(
                {
                    "anonymized_name": customer.name or "-",
                    # The log abbreviates an address, and takes nothing else.
                    "anonymized_email": found[0] if found else "-@-",
                    "user_id": self.env.uid,
                    "execution_details": self.env._(
                        "Forgotten %(model)s #%(id)s",
                        model=self.env._("Customer"),
                        id=customer.id,
                    ),
                }
            )

    # === WHAT IS FORGOTTEN ===#

    def _forget(self):
        """Forget partners, as superuser: customers with all that belongs to them.

        A room adds what it keeps of them, before it calls ``super()``.
        """
        in_books = self._get_partners_in_books()
        if self.user_ids:
            self.user_ids._deactivate_portal_user()
        self._forget_what_hangs(in_books)
        cards = self.filtered(lambda partner: partner.commercial_partner_id == partner)
        told = self.env._("Forgotten customer"), self.env._("Forgotten contact")
        for partners, name in zip((cards, self - cards), told, strict=True):
            vals = partners._prepare_forgotten_vals()
            (partners - in_books)._write_forgotten({**vals, "name": name})
            kept = {key: vals[key] for key in vals.keys() - _OF_BOOKS}
            (partners & in_books)._write_forgotten(kept)

    def _write_forgotten(self, vals):
        """Past the rules and the history of each: the history would tell it all."""
        if self:
            # Core writes a contact's address on the card too, and takes a login that
            # is archived for one in use where archived records are seen.
            alone = {"_partners_skip_fields_sync": True, "active_test": True}
            self.with_context(**alone)._write_followed(vals)

    @api.model
    def _prepare_forgotten_vals(self):
        """Empty values for all that says who somebody is, whichever addon added it."""
        names = {
            name
            for name, field in self._fields.items()
            if field.store
            and field.type in _TELLING
            and not field.related
            # What only writes another field in its own way goes with that one.
            and not (field.compute and (field.readonly or field.inverse))
            and not field.company_dependent
        }
        names |= _PERSONAL & self._fields.keys()
        names -= _HARMLESS | set(models.MAGIC_COLUMNS)
        return {**dict.fromkeys(names, False), "active": False}

    def _get_partners_in_books(self):
        """Those of ``self`` who stand in what the law has kept; add your documents."""
        found = self.browse()
        for model, fnames, domain in self._get_books():
            documents = self.env[model].sudo()
            for fname in fnames:
                own = Domain(fname, "in", self.ids) & Domain(domain)
                groups = documents._read_group(own, [fname])
                found |= self.browse(partner.id for (partner,) in groups)
        return found | (found.commercial_partner_id & self)

    @api.model
    def _get_books(self):
        """Triples of model, its links to partners, and domain of what is kept."""
        posted = [("state", "=", "posted")]
        links = ("partner_id", "commercial_partner_id", "partner_shipping_id")
        order_links = ("partner_id", "partner_invoice_id", "partner_shipping_id")
        return [
            ("account.move", links, posted),
            ("account.move.line", ("partner_id",), [("parent_state", "=", "posted")]),
            ("sale.order", order_links, [("state", "=", "sale")]),
        ]

    def _forget_what_hangs(self, in_books):
        """Messages, files, activities, papers and bank accounts.

        :param in_books: whose accounts stay archived, for the entries that name them
        """
        env = self.env(context={**self.env.context, "active_test": False})
        hanging = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        messages = [("model", "=", self._name), ("res_id", "in", self.ids)]
        env["mail.activity"].search(hanging).unlink()
        env["mail.message"].search(messages).unlink()
        env["ir.attachment"].search([*hanging, ("res_field", "=", False)]).unlink()
        authored = env["mail.message"].search([("author_id", "in", self.ids)])
        authored.write({"email_from": False})
        owned = [("partner_id", "in", self.ids)]
        env["res.partner.id_number"].search(owned).unlink()
        accounts = env["res.partner.bank"].search(owned)
        kept = accounts.filtered(lambda account: account.partner_id in in_books)
        kept.filtered("active").action_archive()
        (accounts - kept).unlink()
