from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What a card shows of each customer; the window shows all.
_ON_CARD = 20


class ResPartner(models.Model):
    """The follow-up of a customer (seed 004: Seguimiento): incidents, calls, visits.

    Odoo's activities, whose reminders are the old *Gestión de Avisos*; those of the
    contacts and service orders too. What was done stays, with its result.
    """

    _inherit = "res.partner"

    followup_ids = fields.Many2many(
        "mail.activity",
        string="Customer Follow-up",
        compute="_compute_followup",
        context={"active_test": False},
        exportable=False,
        help="Incidents, calls and visits of the customer, of his contacts and of his "
        "service orders, those done included.",
    )
    next_followup_date = fields.Date(
        string="Next Follow-up",
        compute="_compute_followup",
        help="When the next incident, call or visit is due.",
    )

    @api.depends_context("uid")
    def _compute_followup(self):
        found = self._search_followup()
        for partner in self:
            activities = found[partner._origin.id]
            partner.followup_ids = activities
            dates = activities.filtered("active").mapped("date_deadline")
            partner.next_followup_date = min(dates, default=False)

    @api.model
    def _get_followup_links(self):
        """Whose activities are a customer's follow-up, as far as the user reads them.

        An addon adds its documents.

        :return: ``{model: name of its stored field with the customer}``
        """
        return {"res.partner": "commercial_partner_id"}

    def _search_followup(self):
        """``{customer id: his latest activities}``, the open ones before those done.

        One statement for all, then what the user may not see is left out.
        """
        activities = self.env["mail.activity"].with_context(active_test=False)
        activities.flush_model(["res_model", "res_id", "active", "date_deadline"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        sources = []
        for name, fname in self._get_followup_links().items():
            model = self.env[name]
            model.flush_model([fname])
            sources.append(
                SQL(
                    """
                    SELECT %(name)s AS model, record.id,
                           partner.commercial_partner_id AS customer
                      FROM %(table)s record
                      JOIN res_partner partner ON partner.id = record.%(link)s
                     WHERE partner.commercial_partner_id = ANY(%(ids)s)
                    """,
                    name=name,
                    table=SQL.identifier(model._table),
                    link=SQL.identifier(fname),
                    ids=self._origin.ids,
                )
            )
        query = SQL(
            """
            SELECT id, customer
              FROM (SELECT activity.id, source.customer,
                           row_number() OVER (PARTITION BY source.customer ORDER BY
                               activity.active DESC, activity.date_deadline DESC,
                               activity.id DESC) AS place
                      FROM (%s) source
                      JOIN mail_activity activity
                        ON activity.res_model = source.model
                       AND activity.res_id = source.id) placed
             WHERE place <= %s
             ORDER BY place
            """,
            SQL(" UNION ALL ").join(sources),
            _ON_CARD,
        )
        rows = self.env.execute_query(query) if self._origin else []
        allowed = activities.browse([row[0] for row in rows])._filtered_access("read")
        found = defaultdict(lambda: activities)
        for activity_id, customer_id in rows:
            if activity_id in allowed._ids:
                found[customer_id] |= activities.browse(activity_id)
        return found

    def action_open_followup(self):
        """The customer's follow-up, what was done included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_followup_action"
        )
        title = self.env._("Follow-up of %s", self.name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": self._get_followup_domain(),
            "context": {
                "active_test": False,
                "default_res_model": "res.partner",
                "default_res_id": self.id,
                "default_user_id": self.env.uid,
            },
        }

    def _get_followup_domain(self):
        """Domain of the activities of this customer's follow-up."""
        self.ensure_one()
        return list(
            Domain.OR(
                Domain("res_model", "=", name)
                & Domain("res_id", "in", self._search_followed(name, fname).ids)
                for name, fname in self._get_followup_links().items()
            )
        )

    def _search_followed(self, name, fname):
        """The records of a model that belong to this customer, archived ones too."""
        model = self.env[name].with_context(active_test=False)
        return model.search([(fname, "child_of", self.ids)])
