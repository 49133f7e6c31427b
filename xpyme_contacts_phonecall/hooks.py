from odoo.tools import SQL, sql

from odoo.addons.xpyme_contacts.tools.leaving import forget_notes

_CALLS = "crm.phonecall"


def pre_init_hook(env):
    """Have the column of the contact: Odoo would compute it call by call."""
    if not sql.column_exists(env.cr, "crm_phonecall", "contact_id"):
        sql.create_column(env.cr, "crm_phonecall", "contact_id", "int4")


def post_init_hook(env):
    """The calls that there are stand in the follow-up, as held or as to be held.

    In one statement: nobody is alerted of what was held years ago.
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE crm_phonecall call SET contact_id = partner.id
              FROM res_partner partner
             WHERE partner.id = call.partner_id
               AND partner.commercial_partner_id <> partner.id
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            WITH told AS (
                INSERT INTO mail_activity (
                    res_model_id, res_model, res_id, res_name, activity_type_id,
                    summary, feedback, date_deadline, date_done, user_id, user_tz,
                    active, contact_id, create_uid, create_date, write_uid, write_date
                )
                SELECT %(model_id)s, %(model)s, call.id, call.name, %(type_id)s,
                       call.name, call.description, moment.day,
                       CASE WHEN call.state = 'done' THEN moment.day END,
                       call.user_id, clock.tz, call.state <> 'done', call.contact_id,
                       call.create_uid, call.create_date, call.create_uid,
                       call.create_date
                  FROM crm_phonecall call
                  LEFT JOIN res_users caller ON caller.id = call.user_id
                  LEFT JOIN res_partner clock ON clock.id = caller.partner_id
                  LEFT JOIN pg_timezone_names zone ON zone.name = clock.tz
                 CROSS JOIN LATERAL (
                    SELECT (COALESCE(call.date, call.create_date)
                            AT TIME ZONE 'UTC'
                            AT TIME ZONE COALESCE(zone.name, 'UTC'))::date AS day
                 ) moment
                 WHERE call.partner_id IS NOT NULL AND call.active
                   AND call.state IN ('open', 'pending', 'done')
                RETURNING id, res_id
            )
            UPDATE crm_phonecall call SET followup_id = told.id
              FROM told WHERE told.res_id = call.id
            """,
            model=_CALLS,
            model_id=env["ir.model"]._get_id(_CALLS),
            type_id=env.ref("mail.mail_activity_data_call").id,
        )
    )
    env.invalidate_all()


def uninstall_hook(env):
    """What calls told stays in the follow-up, as noted on the customer.

    Without the addon calls have no activities; those that were planned on one by hand
    go along.
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE mail_activity activity
               SET res_model_id = %s, res_model = 'res.partner',
                   res_id = partner.commercial_partner_id,
                   res_name = customer.complete_name
              FROM crm_phonecall call
              JOIN res_partner partner ON partner.id = call.partner_id
              JOIN res_partner customer ON customer.id = partner.commercial_partner_id
             WHERE call.followup_id = activity.id
            """,
            env["ir.model"]._get_id("res.partner"),
        )
    )
    env.cr.execute(SQL("DELETE FROM mail_activity WHERE res_model = %s", _CALLS))
    _forget_what_core_keeps(env)
    env.invalidate_all()


def _forget_what_core_keeps(env):
    """Its notes, those on what a mixin has brought to the calls of the CRM too."""
    sql.drop_index(env.cr, "crm_phonecall__partner_id_index", "crm_phonecall")
    forget_notes(env, "xpyme_contacts_phonecall")
    env.cr.execute(
        SQL(
            "DELETE FROM ir_model_inherit WHERE model_id = %s AND parent_id = %s",
            env["ir.model"]._get_id(_CALLS),
            env["ir.model"]._get_id("mail.activity.mixin"),
        )
    )
    env.cr.execute(
        SQL(
            "DELETE FROM ir_model_data WHERE module <> 'xpyme_contacts_phonecall'"
            " AND (name LIKE %s OR name = %s)",
            r"selection\_\_crm\_phonecall\_\_activity\_%",
            "model_inherit__crm_phonecall__mail_activity_mixin",
        )
    )
