from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CustomerCase

OWN = "create_uid', '=', user.id"


@tagged("post_install", "-at_install")
class TestRightsRows(CustomerCase):
    """Whose a row is, for every model of ours that the registry knows."""

    def get_models(self, **flags):
        for model in self.env.values():
            if model._original_module.startswith("xpyme_") and model._auto:
                if model._transient == flags["transient"] and not model._abstract:
                    yield model

    def get_links(self, model, comodels):
        return [
            field.name
            for field in model._fields.values()
            if field.store
            and field.type == "many2one"
            and field.comodel_name in comodels
        ]

    def assertRule(self, model, wanted):
        """Whatever is done, a rule for everybody has ``wanted`` in its domain."""
        rules = self.env["ir.rule"].search(
            [("model_id.model", "=", model._name), ("global", "=", True)]
        )
        rules = rules.filtered(lambda rule: wanted in rule.domain_force)
        for mode in ("perm_read", "perm_write", "perm_create", "perm_unlink"):
            told = f"{model._name} has no rule with {wanted} for {mode}"
            self.assertTrue(any(rules.mapped(mode)), told)

    # --- wizards

    def test_every_wizard_row_belongs_to_its_user(self):
        """A line belongs to whose window it is in: nobody adds one to another's."""
        wizards = list(self.get_models(transient=True))
        names = {wizard._name for wizard in wizards}
        for wizard in wizards:
            paths = [f"{link}." for link in self.get_links(wizard, names)] or [""]
            for path in paths:
                self.assertRule(wizard, f"('{path}{OWN}")

    def test_another_ones_window_is_closed(self):
        customer = self.make_customer()
        contact = self.make_contact(customer)
        own = self.make_salesperson()
        other = self.make_user(
            "other", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        line = Command.create({"partner_id": customer.id})
        windows = [
            ("xpyme.contact.creation", {"line_ids": [line]}),
            ("xpyme.change.code", {"partner_id": contact.id, "new_code": "A1"}),
        ]
        for name, vals in windows:
            window = self.env[name].with_user(own).create(vals)
            foreign = window.with_user(other)
            self.assertFalse(foreign.search([("id", "=", window.id)]), name)
            for call in (foreign.read, foreign.unlink, lambda w=foreign: w.write({})):
                with self.assertRaises(AccessError, msg=name):
                    call()
        creation = self.env["xpyme.contact.creation"].with_user(own).create({})
        lines = self.env["xpyme.contact.creation.line"].with_user(other)
        with self.assertRaises(AccessError):
            lines.create({"wizard_id": creation.id, "partner_id": customer.id})

    # --- companies

    def test_every_row_of_a_customer_follows_his_company(self):
        for model in self.get_models(transient=False):
            for link in self.get_links(model, {"res.partner"}):
                company = model._fields.get("company_id")
                path = f"{link}.company_id"
                if company and company.related == path and company.store:
                    path = "company_id"
                self.assertRule(model, f"('{path}', 'parent_of', company_ids)")

    def test_rows_of_another_companys_customer_are_not_to_be_had(self):
        other = self.env["res.company"].create({"name": "Otra"})
        stranger = self.make_customer("Ajeno", company_id=other.id, email="a@x.cl")
        salesperson = self.make_salesperson()
        vals = {"partner_id": stranger.id, "company_id": self.env.company.id}
        given = {
            "xpyme.offer.line": {"kind": "title", "text": "Hola"},
            "xpyme.offer.consent": {"email": "a@x.cl"},
            "xpyme.offer.campaign": {
                "name": "O",
                "subject": "O",
                "email_from": "a@x.cl",
            },
        }
        for name, more in given.items():
            model = self.env[name].with_user(salesperson)
            with self.assertRaises(AccessError, msg=name):
                model.create({**vals, **more})
            row = self.env[name].create({**vals, **more})
            self.assertFalse(model.search([("id", "=", row.id)]), name)
