from odoo.tools import SQL, split_every, sql

from .tools import customer_code, tax_id
from .tools.names import same_name

# How many orders are held in memory at a time.
_ORDERS = 1000


def pre_init_hook(env):
    """On a living database what our stored computed fields hold is filled in before.

    Odoo would compute it by writing: each partner and service order would be dated
    today, and each order would tell a change of its customer.
    """
    _fill_mirror_contacts(env)
    _fill_service_customers(env)
    _fill_registration_dates(env)
    _fill_customer_codes(env)
    _fill_vat_keys(env)
    # Filled in after the installation, when the models can reckon it.
    sql.create_column(env.cr, "sale_order", "risk_to_invoice", "numeric")


def _fill_mirror_contacts(env):
    sql.create_column(env.cr, "res_partner", "is_mirror_contact", "boolean")
    query = SQL(
        """
        SELECT contact.id, contact.name, customer.name
          FROM res_partner contact
          JOIN res_partner customer ON customer.id = contact.parent_id
         WHERE contact.type = 'contact' AND contact.is_company IS NOT TRUE
        """
    )
    rows = env.execute_query(query)
    ids = [contact_id for contact_id, *names in rows if same_name(*names)]
    env.cr.execute(
        SQL("UPDATE res_partner SET is_mirror_contact = TRUE WHERE id = ANY(%s)", ids)
    )


def _fill_vat_keys(env):
    sql.create_column(env.cr, "res_partner", "vat_key", "varchar")
    rows = env.execute_query(
        SQL(
            "SELECT id, vat FROM res_partner"
            " WHERE vat IS NOT NULL AND commercial_partner_id = id"
        )
    )
    keys = {partner_id: tax_id.get_key(vat) or None for partner_id, vat in rows}
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner SET vat_key = given.key
              FROM unnest(%s::int[], %s::varchar[]) AS given(id, key)
             WHERE given.id = res_partner.id
            """,
            list(keys),
            list(keys.values()),
        )
    )


def _fill_customer_codes(env):
    """Of customers with the same code the oldest keeps it; the others are listed."""
    sql.create_column(env.cr, "res_partner", "customer_code", "int4")
    query = SQL(
        """
        SELECT partner.id, partner.ref,
               split_part(company.parent_path, '/', 1)
          FROM res_partner partner
          LEFT JOIN res_company company ON company.id = partner.company_id
         WHERE partner.customer_rank > 0
           AND partner.commercial_partner_id = partner.id
           AND coalesce(partner.type, 'contact') = 'contact'
           AND partner.fsm_location IS NOT TRUE
           AND partner.partner_share
           AND partner.ref IS NOT NULL
         ORDER BY partner.id
        """
    )
    codes = _share_out_codes(env.execute_query(query))
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner SET customer_code = given.code
              FROM unnest(%s::int[], %s::int[]) AS given(id, code)
             WHERE given.id = res_partner.id
            """,
            list(codes),
            list(codes.values()),
        )
    )


def _share_out_codes(rows):
    """``{id: code}`` of customers given as (id, reference, company), oldest first."""
    codes, ranges = {}, {}
    for partner_id, ref, company in rows:
        code = customer_code.parse(ref)
        others = ranges.setdefault(code, set())
        if code and not (others & {company, None} if company else others):
            codes[partner_id] = code
            others.add(company)
    return codes


def _fill_service_customers(env):
    sql.create_column(env.cr, "fsm_order", "service_customer_id", "int4")
    env.cr.execute(
        SQL(
            """
            UPDATE fsm_order
               SET service_customer_id = customer.id
              FROM fsm_location, res_partner owner, res_partner customer
             WHERE fsm_location.id = fsm_order.location_id
               AND owner.id = fsm_location.owner_id
               AND customer.id = owner.commercial_partner_id
               AND customer.customer_rank > 0
            """
        )
    )


def _fill_registration_dates(env):
    sql.create_column(env.cr, "res_partner", "registration_date", "date")
    env.cr.execute(
        SQL(
            "UPDATE res_partner SET registration_date = create_date"
            " WHERE customer_rank > 0"
        )
    )


def post_init_hook(env):
    """On a living database the customers get their control mark, and the orders what is
    left to invoice of them; nothing else.

    No contact is created: the list action *Create Missing Contacts* does, for those
    chosen. In SQL, so that the records' own history does not show an edit.
    """
    env.cr.execute(
        SQL(
            "UPDATE res_partner SET customer_flag = TRUE"
            " WHERE customer_rank > 0 AND parent_id IS NULL"
        )
    )
    env["res.partner"].invalidate_model(["customer_flag"])
    _fill_pending_orders(env)
    # The index behind the search is new: what it holds decides when it is used.
    env.cr.execute("ANALYZE res_partner")


def _fill_pending_orders(env):
    domain = [("state", "=", "sale"), ("invoice_status", "!=", "invoiced")]
    pending = env["sale.order"].search(domain)
    for orders in split_every(_ORDERS, pending.ids, env["sale.order"].browse):
        env.cr.execute(
            SQL(
                """
                UPDATE sale_order SET risk_to_invoice = given.amount
                  FROM unnest(%s::int[], %s::numeric[]) AS given(id, amount)
                 WHERE given.id = sale_order.id
                """,
                orders.ids,
                [round(order._get_left_to_invoice(), 6) for order in orders],
            )
        )
        env.invalidate_all()


def uninstall_hook(env):
    """Core removes all that is ours but some of its notes on others' tables.

    Document mailboxes are archived: without our mark they would look like contacts.
    """
    env.cr.execute(
        SQL("UPDATE res_partner SET active = FALSE WHERE is_document_mailbox")
    )
    # Made by core for the second telephone; core takes away none of these.
    for index in ("phone2_partial_tgm", "phone2_partial_gin_idx"):
        sql.drop_index(env.cr, f"res_partner_{index}", "res_partner")
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_constraint
             USING ir_module_module
             WHERE ir_module_module.id = ir_model_constraint.module
               AND ir_module_module.name = 'xpyme_contacts'
               AND ir_model_constraint.type = 'f'
            """
        )
    )
    # What other addons' mixins brought to our models.
    env.cr.execute(
        SQL(
            "DELETE FROM ir_model_data WHERE name LIKE %s AND module <> %s",
            r"%\_\_xpyme\_%",
            "xpyme_contacts",
        )
    )
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
            " WHERE name = 'credit_limit' AND model <> 'res.partner'"
        )
    )
