from odoo.tools import SQL, split_every, sql

from .models.offer.consent import CONSENT_KEY
from .tools.leaving import forget_notes
from .tools.mailboxes import normalise_mailbox

# Stored computed fields of ours on models of others, with their columns, each after
# those that it is computed from.
_FILLED = [
    ("res.partner", "is_mirror_contact", "bool"),
    ("res.partner", "is_customer_card", "bool"),
    ("res.partner", "vat_key", "varchar"),
    ("res.partner", "customer_code", "int4"),
    ("fsm.order", "service_customer_id", "int4"),
    ("sale.order", "risk_to_invoice", "numeric"),
    ("res.company", "offer_basis_required", "bool"),
]
# Tables with addresses of mailboxes: which rows of ``own`` take the normalised one of
# ``given`` (no second row has it already), and what else is written.
_BOX_TABLES = {
    "xpyme_offer_consent": ("TRUE", ", email_hash = given.mark"),
    "xpyme_offer_suppression": (
        "NOT (own.active AND EXISTS (SELECT FROM xpyme_offer_suppression twin"
        " WHERE twin.active AND twin.email = given.email))",
        "",
    ),
    "xpyme_offer": (
        "own.state IN ('pending', 'ready') AND NOT EXISTS (SELECT FROM xpyme_offer twin"
        " WHERE twin.campaign_id = own.campaign_id"
        " AND twin.partner_id = own.partner_id AND twin.email = given.email)",
        "",
    ),
}
# How many records are held in memory at a time.
_BATCH = 1000


def pre_init_hook(env):
    """On a living database our stored computed fields are filled in by SQL.

    Odoo would compute them by writing: each partner and service order would be dated
    today, and each order would tell a change of its customer. It computes no column
    that it finds; ``post_init_hook`` does, when the models can reckon them.
    """
    for model, fname, kind in _FILLED:
        sql.create_column(env.cr, env[model]._table, fname, kind)
    sql.create_column(env.cr, "res_partner", "registration_date", "date")
    env.cr.execute(
        SQL(
            "UPDATE res_partner SET registration_date = create_date"
            " WHERE customer_rank > 0"
        )
    )


def post_init_hook(env):
    """The customers of a living database get their control mark, and what is computed
    of them and of their orders; nothing else.

    No contact is created: the list action *Create Missing Contacts* does, for those
    chosen. In SQL, so that the records' own history does not show an edit.

    The alternative addresses of a customer are for documents: *Customer Addresses* of
    the general settings is switched on.
    """
    show_addresses(env)
    env["mail.blacklist"]._list_both_forms()
    env.flush_all()
    for model, fname, kind in _FILLED:
        fill(env[model].with_context(active_test=False), fname, kind)
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner SET customer_flag = TRUE
             WHERE customer_rank > 0 AND parent_id IS NULL
            """
        )
    )
    env.invalidate_all()
    # The index behind the search is new: what it holds decides when it is used.
    env.cr.execute("ANALYZE res_partner")


def show_addresses(env):
    """Every user works with the invoice and delivery addresses of documents.

    Through a group of ours, so that nothing is left when the addon is removed; in SQL,
    as the ORM would date each user's contact today.
    """
    env.cr.execute(
        SQL(
            "INSERT INTO res_groups_implied_rel (gid, hid) VALUES (%s, %s)"
            " ON CONFLICT DO NOTHING",
            env.ref("base.group_user").id,
            env.ref("xpyme_contacts.group_document_addresses").id,
        )
    )
    env.invalidate_all()
    env.registry.clear_cache("groups")


def join_forms(env):
    """Addresses that were stored in their IDNA form get the form they are compared in:
    in the register of consents, among mailboxes out of service, in mails not yet sent.

    Sent mails keep theirs, with which their link to leave is proved.
    """
    env.flush_all()
    env["mail.blacklist"]._list_both_forms()
    for table, (condition, more) in _BOX_TABLES.items():
        name = SQL.identifier(table)
        query = SQL("SELECT id, email FROM %s WHERE email ~ '@(.*[.])?xn--'", name)
        rows = [(key, normalise_mailbox(box)) for key, box in env.execute_query(query)]
        rows = [(key, box) for key, box in rows if box]
        env.cr.execute(
            SQL(
                "UPDATE %(table)s own SET email = given.email %(more)s"
                " FROM unnest(%(ids)s::int[], %(emails)s::text[], %(marks)s::text[])"
                " AS given(id, email, mark) WHERE given.id = own.id AND %(condition)s",
                table=name,
                more=SQL(more),
                condition=SQL(condition),
                ids=[key for key, _box in rows],
                emails=[box for _key, box in rows],
                marks=[env["xpyme.offer.consent"]._hash(box) for _key, box in rows],
            )
        )
    env.invalidate_all()


def fill(model, fname, kind):
    """Store what a field's own compute method says of all records, without writing."""
    field = model._fields[fname]
    for records in split_every(_BATCH, model.search([], order="id").ids, model.browse):
        with model.env.protecting([field], records):
            getattr(records, field.compute)()
        values = [
            field.convert_to_column(
                field.convert_to_write(record[fname], record), record
            )
            for record in records
        ]
        model.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = given.value"
                " FROM unnest(%(ids)s::int[], %(values)s::%(kind)s[])"
                " AS given(id, value) WHERE given.id = %(table)s.id",
                table=SQL.identifier(model._table),
                column=SQL.identifier(fname),
                ids=records.ids,
                values=values,
                kind=SQL(kind),
            )
        )
        # What was computed is stored: nothing is left to be written.
        model.env.clear()


def uninstall_hook(env):
    """Core removes all that is ours but some of its notes on others' tables.

    Document mailboxes are archived: without our mark they would look like contacts.
    """
    env.cr.execute(
        SQL("UPDATE res_partner SET active = FALSE WHERE is_document_mailbox")
    )
    env["ir.config_parameter"].set_param(CONSENT_KEY, False)
    # Made by core for the second telephone; core takes away none of these.
    for index in ("phone2_partial_tgm", "phone2_partial_gin_idx"):
        sql.drop_index(env.cr, f"res_partner_{index}", "res_partner")
    forget_notes(env, "xpyme_contacts")
    # How core and OCA have the fields of partners that we made tracked or not copied:
    # core notes it again for partners, not for models that delegate to them.
    env.cr.execute(
        SQL(
            "UPDATE ir_model_fields SET copied = TRUE"
            " WHERE name = 'birthdate_date' AND model <> 'res.partner'"
        )
    )
    env.cr.execute(
        SQL(
            "UPDATE ir_model_fields SET tracking = NULL"
            " WHERE related IN ('partner_id.credit_limit', 'partner_id.ref')"
            " AND model <> 'res.partner'"
        )
    )
