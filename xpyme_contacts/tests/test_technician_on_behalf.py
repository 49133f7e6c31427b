from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestOnATechniciansBehalf(DocumentCase):
    """What happens for a technician, as superuser too, changes no customer's file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls.make_technician(
            (
                "account.group_account_invoice",
                "base.group_erp_manager",
                "base.group_partner_manager",
                "sales_team.group_sale_manager",
            )
        )
        person = cls.env["fsm.person"].create(
            {"partner_id": cls.technician.partner_id.id}
        )
        cls.order = cls.make_order(cls.customer, person_id=person.id)

    def of_theirs(self, record):
        return record.with_user(self.technician)

    def assertRefused(self, function):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            function()

    # === PARTNERS ===#

    def test_the_superuser_s_rights_are_not_theirs(self):
        customer = self.of_theirs(self.customer).sudo()
        bank = {"partner_id": self.customer.id, "acc_number": "9"}
        for change in (
            lambda: customer.write({"name": "X"}),
            lambda: customer.copy(),
            lambda: customer.create({"name": "X"}),
            lambda: self.contact.with_env(customer.env).unlink(),
            lambda: customer.env["res.partner.bank"].create(bank),
            lambda: customer.env["xpyme.customer.type"].create({"name": "X"}),
            lambda: customer.env["xpyme.customer.route"].create({"name": "X"}),
        ):
            self.assertRefused(change)
        self.assertEqual(self.customer.name, "ACME S.A.")

    def test_their_own_preferences_are(self):
        user = self.of_theirs(self.technician)
        user = user.with_context(tracking_disable=False)
        user.write({"phone": "123", "image_1920": self.customer.avatar_1920})
        user.write({"email": "other@example.com"})
        # What core tracks of a partner is told in its history.
        self.env.cr.flush()
        self.assertEqual(self.technician.partner_id.phone, "123")

    def test_no_address_of_a_template_becomes_a_partner(self):
        template = self.of_theirs(self.env["mail.template"]).create(
            {
                "name": "Mine",
                "model_id": self.env["ir.model"]._get_id("fsm.order"),
                "email_to": "nobody@example.com",
                "subject": "S",
                "use_default_to": False,
            }
        )
        composer = self.of_theirs(self.env["mail.compose.message"]).create(
            {
                "model": "fsm.order",
                "res_ids": str(self.order.ids),
                "composition_mode": "comment",
                "template_id": template.id,
            }
        )
        self.assertFalse(composer.partner_ids)
        domain = [("email", "=", "nobody@example.com")]
        self.assertFalse(self.Partner.search_count(domain))

    def test_an_order_s_new_location_is_made(self):
        self.technician.group_ids |= self.env.ref("fieldservice.group_fsm_dispatcher")
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        order = self.of_theirs(self.env["fsm.order"]).create(
            {"service_customer_id": other.id}
        )
        self.assertEqual(order.location_id.sudo().owner_id, other)
        self.assertTrue(order.location_id.sudo().follows_customer)

    def test_an_invoice_makes_nobody_a_customer(self):
        partner = self.Partner.create({"name": "Supplier"})
        self.of_theirs(partner)._increase_rank("customer_rank")
        self.assertFalse(partner.customer_rank)

    def test_the_report_of_an_invoice_is_not_the_customer_s(self):
        invoice = self.make_invoice()
        invoice.action_post()
        report = self.env.ref("account.account_invoices").copy({"name": "B"})
        wizard = self.of_theirs(self.env["account.move.send.wizard"]).create(
            {"move_id": invoice.id, "pdf_report_id": report.id}
        )
        wizard._update_preferred_settings()
        self.assertFalse(self.customer.invoice_template_pdf_report_id)

    def test_a_portal_access_granted_by_the_office_stays(self):
        contact = self.make_contact(self.customer, "Ana", email="ana@example.com")
        wizard = self.env["portal.wizard"].create(
            {"partner_ids": [Command.set(contact.ids)]}
        )
        wizard.user_ids.action_grant_access()
        row = self.of_theirs(wizard.user_ids)
        self.assertRefused(lambda: row.action_revoke_access())
        self.assertTrue(contact.user_ids.active)

    # === WHAT HANGS ON A CUSTOMER ===#

    def test_nothing_is_noted_or_sent_to_many(self):
        for mode in ("comment", "mass_mail"):
            composer = self.of_theirs(self.env["mail.compose.message"])
            vals = {"model": "res.partner", "composition_mode": mode, "body": "X"}
            vals["res_ids"] = str(self.customer.ids)
            self.assertRefused(lambda v=vals, c=composer: c.create(v))
        mine = composer.create({**vals, "model": "fsm.order", "res_ids": "[]"})
        self.assertRefused(lambda: mine.write({"model": "res.partner"}))
        partner = self.of_theirs(self.customer).sudo()
        self.assertRefused(lambda: partner._message_log(body="X"))
        self.assertRefused(lambda: partner._message_log_batch(bodies={partner.id: "X"}))
        self.assertRefused(
            lambda: partner.message_subscribe(self.technician.partner_id.ids)
        )

    def test_no_activity_is_put_on_a_customer(self):
        todo = self.of_theirs(self.order).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.technician.id
        )
        self.assertRefused(
            lambda: todo.write(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.customer.id,
                }
            )
        )
        self.assertRefused(lambda: todo.write({"res_model": "res.partner"}))

    def test_what_was_done_stays_as_the_office_knows_it(self):
        call = self.customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.technician.id
        )
        call.action_done()
        call = self.of_theirs(call)
        self.assertRefused(lambda: call.write({"summary": "Todo bien"}))
        self.assertRefused(lambda: call.unlink())
        self.assertTrue(call.sudo().exists())

    # === OTHER WAYS ===#

    def test_a_location_moves_no_partner_but_its_own(self):
        victim = self.make_customer("Ajena", vat=self.OTHER_RUT)
        location = self.of_theirs(self.order.location_id)
        self.assertRefused(lambda: location.write({"partner_id": victim.id}))
        other = self.env["fsm.location"].create(
            {
                "partner_id": victim.id,
                "owner_id": self.customer.id,
                "follows_customer": True,
            }
        )
        self.assertFalse(other.follows_customer)
        self.customer.street = "Calle Trampa 9"
        self.assertEqual(victim.street, "Freire 247")

    def test_a_location_is_not_theirs_to_hand_over_or_to_describe(self):
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        location = self.order.location_id
        for vals in (
            {"owner_id": other.id},
            {"contact_id": self.contact.id},
            {"notes": "X"},
            {"direction": "X"},
            {"complete_name": "X"},
            {"calendar_id": False},
            {"street": "X"},
        ):
            for rows in (self.of_theirs(location), self.of_theirs(location).sudo()):
                self.assertRefused(lambda r=rows, v=vals: r.write(v))
        self.assertEqual(location.owner_id, self.customer)

    def test_the_mark_is_not_theirs_to_take_off(self):
        group = self.env.ref("xpyme_contacts.group_service_technician")
        user, mark = self.of_theirs(self.technician), self.of_theirs(group)
        for change in (
            lambda: user.write({"group_ids": [Command.unlink(group.id)]}),
            lambda: mark.write({"user_ids": [Command.unlink(user.id)]}),
            lambda: mark.unlink(),
        ):
            self.assertRefused(change)
            # As the server does with what a refused request has cached.
            self.env.registry.clear_all_caches()
        self.assertTrue(self.technician._is_service_technician())

    def test_what_a_customer_s_card_names_is_not_theirs_to_delete(self):
        company = self.env["res.company"].create({"name": "Otra"})
        pricelist = self.env["product.pricelist"].create({"name": "P"})
        unused = pricelist.copy()
        state = self.env["res.country.state"].create(
            {"name": "Z", "code": "ZZ", "country_id": self.chile.id}
        )
        term = self.env["account.payment.term"].create({"name": "T"})
        customer = self.customer.with_company(company)
        customer.specific_property_product_pricelist = pricelist
        customer.property_payment_term_id = term
        self.make_customer("Archivado", active=False, state_id=state.id)
        for row in (pricelist, state, term):
            for theirs in (self.of_theirs(row), self.of_theirs(row).sudo()):
                self.assertRefused(theirs.unlink)
        self.assertEqual(customer.specific_property_product_pricelist, pricelist)
        self.of_theirs(unused).unlink()
        self.assertFalse(unused.exists())
        pricelist.with_user(self.salesperson).sudo().unlink()

    def test_the_mark_keeps_its_name(self):
        row = self.env["ir.model.data"].search(
            [("name", "=", "group_service_technician")]
        )
        self.technician.group_ids |= self.env.ref("base.group_erp_manager")
        for theirs in (self.of_theirs(row), self.of_theirs(row).sudo()):
            for change in (
                lambda r=theirs: r.write({"name": "gone"}),
                lambda r=theirs: r.write({"res_id": 1}),
                lambda r=theirs: r.unlink(),
            ):
                self.assertRefused(change)
        self.env.registry.clear_all_caches()
        self.assertTrue(self.technician._is_service_technician())

    def test_nobody_else_s_password_is_theirs_to_set(self):
        def change(user):
            line = Command.create({"user_id": user.id, "new_passwd": "Secreto-12345"})
            wizard = self.env["change.password.wizard"].with_user(self.technician)
            wizard.create({"user_ids": [line]}).change_password_button()

        other = self.of_theirs(self.salesperson)
        for attempt in (
            lambda: change(self.salesperson),
            lambda: other.write({"password": "Secreto-12345"}),
            lambda: other.write({"new_password": "Secreto-12345"}),
            lambda: (other + self.technician).write({"password": "Secreto-12345"}),
        ):
            self.assertRefused(attempt)
        change(self.technician)

    def test_no_template_of_theirs_runs_code(self):
        """Whether or not they may edit templates, or manage the users."""
        code = "{{ object.service_customer_id.with_user(1).write({'name': 'X'}) }}"
        self.technician.group_ids |= self.env.ref("mail.group_mail_template_editor")
        vals = {
            "name": "T",
            "model_id": self.env["ir.model"]._get_id("fsm.order"),
            "subject": "{{ object.name }}",
        }
        templates = self.of_theirs(self.env["mail.template"])
        template = templates.create(vals)
        self.assertRefused(lambda: template.write({"subject": code}))
        self.assertRefused(lambda: templates.create({**vals, "subject": code}))
        qweb = """<p t-out="object.with_user(1).write({'name': 'X'})"/>"""
        self.assertRefused(lambda: template.write({"body_html": qweb}))
        mixin = self.of_theirs(self.env["mail.render.mixin"])
        for source, engine in ((code, "inline_template"), (qweb, "qweb")):
            self.assertRefused(
                lambda s=source, e=engine: mixin._render_template(
                    s, "fsm.order", self.order.ids, engine=e
                )
            )
        self.assertEqual(self.customer.name, "ACME S.A.")

    def test_a_template_of_the_office_s_is_sent_with_its_code(self):
        template = self.env["mail.template"].create(
            {
                "name": "T",
                "model_id": self.env["ir.model"]._get_id("fsm.order"),
                "subject": "{{ object.name.lower().title() }}",
                "body_html": '<p t-out="object.name.lower()"/>',
            }
        )
        composer = self.of_theirs(self.env["mail.compose.message"]).create(
            {
                "model": "fsm.order",
                "res_ids": str(self.order.ids),
                "composition_mode": "mass_mail",
                "template_id": template.id,
            }
        )
        rendered = composer._render_field("subject", self.order.ids)
        self.assertEqual(rendered[self.order.id], self.order.name.lower().title())
        rendered = composer._render_field("body", self.order.ids)
        self.assertIn(self.order.name.lower(), rendered[self.order.id])
        composer.subject = "{{ object.name.upper().title() }}"
        self.assertRefused(lambda: composer._render_field("subject", self.order.ids))


@tagged("post_install", "-at_install")
class TestWhatWasDone(DocumentCase):
    def test_a_customer_s_history_is_not_its_assignee_s_to_delete(self):
        user = self.make_user("clerk", "base.group_user")
        call = self.customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=user.id
        )
        planned = call.copy()
        call.action_done()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            call.with_user(user).unlink()
        planned.with_user(user).unlink()
        call.with_user(self.salesperson).unlink()
        self.assertFalse(call.exists())
