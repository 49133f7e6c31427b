from odoo import SUPERUSER_ID, api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_followup_links(self):
        links = super()._get_followup_links()
        if self.env["crm.phonecall"].has_access("read"):
            links["crm.phonecall"] = "partner_id"
        return links

    def _compute_phonecall_count(self):
        """The calls with the contacts of a customer are the customer's.

        As many as ``action_open_phonecalls`` lists.
        """
        self.phonecall_count = 0
        everybody = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self._origin.ids)], ["parent_id"]
        )
        counts = self.env["crm.phonecall"]._read_group(
            [("partner_id", "in", everybody.ids)], ["partner_id"], ["__count"]
        )
        known = set(everybody.ids)
        asked = {partner._origin.id: partner for partner in self}
        for called, count in counts:
            while called.id in known:
                if called.id in asked:
                    asked[called.id].phonecall_count += count
                called = called.parent_id

    def action_open_phonecalls(self):
        """The calls with this customer and with the contacts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_phonecall.crm_case_categ_phone0"
        )
        title = self.env._("Calls of %s", self.name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {"default_partner_id": self.id},
        }

    def _forget(self):
        """What was said on the telephone is told by nobody."""
        calls = self._get_linked("crm.phonecall", ["partner_id", "contact_id"])
        # As the system: calls that were held are history for everybody else.
        calls.with_user(SUPERUSER_ID).unlink()
        return super()._forget()

    @api.model
    def _get_forgotten_rows(self):
        """Complaints and opportunities of the CRM copy name, mailbox and telephone."""
        return {**super()._get_forgotten_rows(), "crm.lead": ("partner_id",)}

    @api.model
    def _get_rows_of_mailboxes(self):
        """Who wrote or was called before there was a card."""
        rows = super()._get_rows_of_mailboxes()
        return {**rows, "crm.lead": "email_normalized", "crm.phonecall": "email_from"}
