from odoo import api, models
from odoo.tools import SQL

from ...tools.mailboxes import get_forms


class MailBlacklist(models.Model):
    """The addresses that refuse advertising (seed 004: *No Mailing*).

    Odoo compares addresses as they are typed: one of a country's own letters is on the
    list in both its forms.
    """

    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        result = super().create(vals_list)
        typed = set(result.mapped("email"))
        others = {form for box in typed for form in get_forms(box)} - typed
        if others:
            super().create([{"email": form} for form in sorted(others)])
        return result

    def write(self, vals):
        if "active" not in vals:
            return super().write(vals)
        forms = {form for row in self for form in get_forms(row.email)}
        listed = self.with_context(active_test=False)
        twins = listed.search(
            [("email", "in", sorted(forms)), ("id", "not in", self.ids)]
        )
        return super(MailBlacklist, self | twins).write(vals)

    @api.model
    def _filter_refused(self, addresses):
        """The set of those normalised ``addresses`` that refuse advertising."""
        addresses = list(set(filter(None, addresses)))
        if not addresses:
            return set()
        self.flush_model(["email", "active"])
        # In SQL, for files of thousands; whether a customer refuses is shown to
        # whoever may see his card.
        query = SQL(
            "SELECT email FROM mail_blacklist WHERE active AND email = ANY(%s)",
            addresses,
        )
        return {email for (email,) in self.env.execute_query(query)}

    @api.model
    def _list_both_forms(self):
        """Complete what was listed before this addon was there."""
        self.flush_model(["email", "active"])
        query = SQL(
            "SELECT email FROM mail_blacklist"
            " WHERE active AND email ~ '@(.*[^[:ascii:]]|(.*[.])?xn--)'"
        )
        listed = {email for (email,) in self.env.execute_query(query)}
        self._write_refused({form for box in listed for form in get_forms(box)}, set())

    @api.model
    def _write_refused(self, refused, allowed):
        """Add and take away refusals, whatever the number of addresses.

        As ``_add`` and ``_remove`` do for one; what is not on the list is not noted.
        """
        # sudo: who may write a customer's card may note that he refuses.
        listed = self.sudo().with_context(active_test=False)
        known = listed.search([("email", "in", [*refused, *allowed])])
        missing = refused - set(known.mapped("email"))
        listed.create([{"email": address} for address in sorted(missing)])
        known.filtered(lambda r: r.email in refused).action_unarchive()
        known.filtered(lambda r: r.email in allowed).action_archive()
