from odoo import api, models
from odoo.tools import SQL


class MailBlacklist(models.Model):
    """The addresses that refuse advertising (seed 004: *No Mailing*)."""

    _inherit = "mail.blacklist"

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
