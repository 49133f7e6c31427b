"""What Odoo itself does not take along when an addon of the family goes."""

from odoo.tools import SQL


def forget_notes(env, addon):
    """Core's notes on foreign keys of tables that are not ours, and on what other
    addons' mixins have brought to the addon's own models.

    :param addon: its technical name
    """
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_constraint
             USING ir_module_module
             WHERE ir_module_module.id = ir_model_constraint.module
               AND ir_module_module.name = %s
               AND ir_model_constraint.type = 'f'
            """,
            addon,
        )
    )
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_data note
             USING ir_model
              JOIN ir_model_data own
                ON own.model = 'ir.model' AND own.res_id = ir_model.id
               AND own.module = %(addon)s
             WHERE ir_model.model LIKE %(ours)s
               AND NOT EXISTS (
                   SELECT FROM ir_model_data other
                    WHERE other.model = 'ir.model' AND other.res_id = ir_model.id
                      AND other.module <> %(addon)s)
               AND note.module <> %(addon)s
               AND strpos(note.name, '__' || replace(ir_model.model, '.', '_') || '__')
                   > 0
            """,
            addon=addon,
            ours="xpyme.%",
        )
    )
