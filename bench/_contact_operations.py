"""The operations that ``contacts.py`` compares; they run in Odoo (see ``_worker.py``).

Stock Odoo has no contacts of its own accord: there the contact that ours makes by
itself is created explicitly, with the same values.
"""

from stdnum.cl import rut

from odoo import Command

from bench import _form_spec

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")


def is_ours(env):
    return "is_customer_card" in env["res.partner"]._fields


def _customer_vals(env, number, chile):
    body = str(76000000 + number)
    return {
        "name": f"Comercial Ñuble {number} Ltda.",
        "is_company": True,
        "customer_rank": 1,
        "vat": f"{body}-{rut.calc_check_digit(body)}",
        "phone": f"+56 41 2{number:06}",
        "email": f"ventas@nuble{number}.example",
        "street": f"Calle Barros Arana {number}",
        "street2": "Oficina 2",
        "zip": "4030000",
        "city": "Concepción",
        "state_id": chile.state_ids[:1].id,
        "country_id": chile.id,
    }


def _customers_vals(env, first, count):
    chile = env.ref("base.cl")
    return [_customer_vals(env, first + i, chile) for i in range(count)]


def _contact_vals(customer, vals):
    taken = ("name", "phone", "email", *ADDRESS)
    own = {fname: vals[fname] for fname in taken}
    return {**own, "parent_id": customer.id, "type": "contact"}


def make_user(env, user_login):
    """A salesperson who may edit contacts: what he is measured for has its rights.

    With the family he sees the identity documents too, as everybody does in stock.
    """

    def work():
        groups = (
            "base.group_partner_manager",
            "base.group_allow_export",
            "sales_team.group_sale_manager",
        )
        if is_ours(env):
            groups += ("xpyme_contacts.group_customer_documents",)
        vals = {
            "name": "Salesperson",
            "login": user_login,
            "group_ids": [Command.link(env.ref(xmlid).id) for xmlid in groups],
        }
        env["res.users"].with_context(no_reset_password=True).create(vals)

    return work


def create_customers(env, count, first=1):
    """Customers with one contact each."""
    vals_list = _customers_vals(env, first, count)

    def work():
        customers = env["res.partner"].create([dict(vals) for vals in vals_list])
        if not is_ours(env):
            pairs = zip(customers, vals_list, strict=True)
            env["res.partner"].create([_contact_vals(*pair) for pair in pairs])
        return customers.ids

    return work


def create_customer_with_contacts(env, number, contacts, mirrors):
    """One customer with so many contacts, so many of them named like him."""

    def work():
        (customer_id,) = create_customers(env, 1, number)()
        customer = env["res.partner"].browse(customer_id)
        (vals,) = _customers_vals(env, number, 1)
        mirror = _contact_vals(customer, vals)
        others = [
            {
                "name": f"Persona {i} de {number}",
                "email": f"p{i}@nuble{number}.example",
                "phone": f"+56 9 8{i:07}",
                "parent_id": customer_id,
                "type": "contact",
            }
            for i in range(contacts - mirrors)
        ]
        # the sync from the customer is per record in stock, and the values are right
        partners = env["res.partner"].with_context(_partners_skip_fields_sync=True)
        partners.create([dict(mirror) for _ in range(mirrors - 1)] + others)
        _check_contacts(customer, contacts, mirrors)
        return customer_id

    return work


def _check_contacts(customer, contacts, mirrors):
    env = customer.env
    children = env["res.partner"].search([("parent_id", "=", customer.id)])
    same = children.filtered(lambda c: c.name == customer.name)
    assert (len(children), len(same)) == (contacts, mirrors), customer.name


def fill_customer(env, number):
    """One customer with everything that his form shows."""

    def work():
        (customer_id,) = create_customers(env, 1, number)()
        customer = env["res.partner"].browse(customer_id)
        chile = env.ref("base.cl")
        children = [
            {"name": f"Persona {i}", "phone": f"+56 9 8765432{i}", "email": f"{i}@x.cl"}
            for i in range(9)
        ]
        for kind in ("invoice", "delivery", "other"):
            children.append({"name": kind, "type": kind, "country_id": chile.id})
        tags = env["res.partner.category"].sudo().create([{"name": "A"}, {"name": "B"}])
        banks = [{"acc_number": f"00-{number}-{i}"} for i in range(2)]
        kinds = env["res.partner.id_category"].sudo()
        kind = kinds.create({"name": "Patente", "code": "P"})
        customer.write(
            {
                "child_ids": [Command.create(child) for child in children],
                "bank_ids": [Command.create(bank) for bank in banks],
                "category_id": [Command.set(tags.ids)],
                "id_numbers": [Command.create({"name": "1", "category_id": kind.id})],
                "user_id": env.uid,
                "website": "nuble.example",
                "comment": "<p>Pide siempre factura.</p>",
                "ref": str(number),
                "mobile": "+56 9 87654321",
                "fax": "+56 41 2000000",
                "phone2": "+56 41 2000001",
            }
        )
        return customer_id

    return work


def open_customer(env, customer_id):
    """What the browser reads when the customer's form is opened."""
    customer = env["res.partner"].browse(customer_id)
    spec = _form_spec.of_view(customer, customer.get_formview_id())
    return lambda: len(customer.web_read(spec))


def write_phone(env, customer_ids):
    """Each customer's phone in a request of its own."""
    customers = env["res.partner"].browse(customer_ids)

    def work():
        for number, customer in enumerate(customers):
            customer.write({"phone": f"+56 41 3{number:06}"})
            env.flush_all()
            env.invalidate_all()

    return work


def write_email(env, customer_id):
    customer = env["res.partner"].browse(customer_id)
    return lambda: customer.write({"email": "nuevo@nuble.example"}) and None
