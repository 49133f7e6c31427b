from odoo.tests import TransactionCase, new_test_user

from odoo.addons.rpc.controllers.xmlrpc import dumps

# The form in which customers open.
CARD = "xpyme_contacts.xpyme_customer_view_form"
ADDRESS = {
    "street": "Freire 247",
    "street2": "Local 2",
    "zip": "4030000",
    "city": "Concepción",
}


def assert_carried(answer):
    """An answer that XML-RPC carries to a client: else it raises."""
    dumps((answer,))


class CustomerCase(TransactionCase):
    """Factories of customers, contacts and users, in Chile.

    ``RUT``, ``OTHER_RUT``: valid and fictional; ``BAD_RUT``: with a wrong check digit.
    """

    RUT = "76086428-5"
    OTHER_RUT = "12345678-5"
    BAD_RUT = "76086428-6"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chile = cls.env.ref("base.cl")
        cls.spain = cls.env.ref("base.es")
        cls.env.company.partner_id.country_id = cls.chile
        cls.Partner = cls.env["res.partner"].with_context(tracking_disable=True)
        cls.env = cls.Partner.env

    @classmethod
    def make_customer(cls, name="ACME S.A.", **vals):
        if "l10n_cl_sii_taxpayer_type" in cls.Partner._fields:
            # Without it, and a tax id, nobody is invoiced in a Chilean company.
            vals.setdefault("l10n_cl_sii_taxpayer_type", "1")
        return cls.Partner.create(
            {
                "name": name,
                "is_company": True,
                "customer_flag": True,
                "phone": "41 290 97 25",
                "email": "acme@example.com",
                "country_id": cls.chile.id,
                **ADDRESS,
                **vals,
            }
        )

    @classmethod
    def make_contact(cls, customer, name="Juan Pérez", **vals):
        return cls.Partner.create({"name": name, "parent_id": customer.id, **vals})

    @classmethod
    def get_mirror(cls, customer):
        return customer.with_context(active_test=False).contact_ids.filtered(
            "is_mirror_contact"
        )

    @classmethod
    def make_order(cls, customer, **vals):
        return cls.env["fsm.order"].create({"service_customer_id": customer.id, **vals})

    @classmethod
    def make_user(cls, login, groups):
        return new_test_user(
            cls.env, login, groups=groups, email=f"{login}@example.com"
        )

    @classmethod
    def make_salesperson(cls):
        return cls.make_user(
            "salesperson", "sales_team.group_sale_salesman,base.group_partner_manager"
        )

    @classmethod
    def make_technician(cls, more_groups=()):
        return cls.make_user(
            "technician",
            ",".join(
                (
                    "fieldservice.group_fsm_user_own",
                    "xpyme_contacts.group_service_technician",
                    *more_groups,
                )
            ),
        )

    @classmethod
    def reverse(cls, move):
        """A draft that takes a posted document back, as the screen makes it.

        Its window knows which kinds of documents a country asks for.
        """
        wizard = cls.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard = wizard.create({"journal_id": move.journal_id.id})
        return cls.env["account.move"].browse(wizard.reverse_moves()["res_id"])

    def assertAddress(self, partner, expected):
        self.assertEqual(
            {fname: partner[fname] for fname in expected},
            expected,
        )


class DocumentCase(CustomerCase):
    """A customer with a contact, and what it takes to make documents for him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(vat=cls.RUT)
        cls.contact = cls.make_contact(cls.customer)
        cls.product = cls.env["product.product"].create(
            {"name": "Clavos", "list_price": 10, "type": "service"}
        )
        cls.salesperson = cls.make_salesperson()

    @classmethod
    def make_quotation(cls, partner=None, user=None, **vals):
        return (
            cls.env["sale.order"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "partner_id": (partner or cls.customer).id,
                    "order_line": [(0, 0, {"product_id": cls.product.id})],
                    **vals,
                }
            )
        )

    @classmethod
    def make_invoice(cls, move_type="out_invoice", **vals):
        return cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": cls.customer.id,
                "invoice_date": "2026-01-31",
                "invoice_line_ids": [
                    (0, 0, {"product_id": cls.product.id, "price_unit": 100})
                ],
                **vals,
            }
        )
