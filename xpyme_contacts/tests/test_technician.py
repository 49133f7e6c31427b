from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestTechnician(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        everything = cls.env["res.groups"].search(
            [("full_name", "not ilike", "portal"), ("full_name", "not ilike", "public")]
        )
        cls.technician = cls.make_technician()
        share = cls.env.ref("base.group_portal") | cls.env.ref("base.group_public")
        internal = everything.filtered(
            lambda group: not (share & (group.all_implied_ids | group))
        )
        cls.technician.group_ids |= internal
        cls.customer = cls.make_customer(vat=cls.RUT)
        cls.contact = cls.make_contact(cls.customer)

    def as_technician(self, record):
        return record.with_user(self.technician).with_context(tracking_disable=False)

    def assertRefused(self, function):
        with self.assertRaises(AccessError) as refusal, self.env.cr.savepoint():
            function()
        return str(refusal.exception)

    def test_is_marked_although_he_has_every_other_group(self):
        self.assertTrue(self.technician._is_service_technician())
        self.assertTrue(self.technician.has_group("base.group_partner_manager"))
        self.assertTrue(self.technician.has_group("base.group_system"))

    def test_gives_no_place_to_another_customer(self):
        location = self.make_order(self.customer).location_id
        other = self.make_customer("Otro", street="Otra calle 1")
        for vals in ({"owner_id": other.id}, {"contact_id": other.id}):
            self.assertRefused(lambda v=vals: self.as_technician(location).write(v))
        # Whoever may: it follows nobody any more.
        location.write({"owner_id": other.id})
        other.street = "Calle Trampa 9"
        self.assertEqual(location.street, "Freire 247")

    def test_takes_no_payments_or_workers_away_as_data(self):
        worker = self.env["fsm.person"].create({"name": "Ana"})
        for records in (worker, self.env["payment.transaction"]):
            self.assertRefused(
                lambda r=records: self.as_technician(r).export_data(["display_name"])
            )

    def test_reads_and_prints(self):
        contact = self.as_technician(self.contact)
        self.assertEqual(contact.name, "Juan Pérez")
        self.assertTrue(contact.action_print_contacts())
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.technician)
            ._render_qweb_html("xpyme_contacts.contact_sheet", self.customer.ids)
        )
        self.assertIn("Juan Pérez", html.decode())

    def test_every_change_of_a_contact_is_refused(self):
        partner = self.as_technician(self.customer)
        contact = self.as_technician(self.contact)
        country = self.chile.id
        for change in (
            lambda: contact.write({"name": "X"}),
            lambda: contact.write({}),
            lambda: contact.unlink(),
            lambda: contact.copy(),
            lambda: contact.action_archive(),
            lambda: contact.create({"name": "X"}),
            lambda: contact.create({"name": "X", "parent_id": partner.id}),
            lambda: contact.name_create("X"),
            lambda: contact.web_save({"name": "X"}, {"name": {}}),
            lambda: contact.web_save_multi([{"name": "X"}], {"name": {}}),
            lambda: partner.write({"child_ids": [Command.create({"name": "X"})]}),
            lambda: partner.write(
                {"child_ids": [Command.update(self.contact.id, {"name": "X"})]}
            ),
            lambda: partner.write({"contact_name": "X"}),
            lambda: partner.write({"country_id": country}),
            lambda: partner.message_post(body="hola"),
            lambda: partner.activity_schedule("mail.mail_activity_data_call"),
        ):
            self.assertRefused(change)
        self.assertEqual(self.contact.name, "Juan Pérez")
        self.assertEqual(self.customer.contact_count, 2)

    def test_other_ways_to_a_customers_file_are_refused(self):
        env = self.env(user=self.technician)
        category = self.env["res.partner.category"].create({"name": "C"})
        bank = self.env["res.partner.bank"].create(
            {"partner_id": self.customer.id, "acc_number": "123"}
        )
        location = self.make_order(self.customer).location_id
        person = self.env["fsm.person"].create({"name": "Pedro"})
        for change in (
            lambda: category.with_user(self.technician).write(
                {"partner_ids": [Command.link(self.contact.id)]}
            ),
            lambda: env["res.partner.category"].create({"name": "D"}),
            lambda: bank.with_user(self.technician).write({"acc_number": "9"}),
            lambda: env["res.partner.bank"].create(
                {"partner_id": self.customer.id, "acc_number": "9"}
            ),
            lambda: location.with_user(self.technician).write({"street": "X"}),
            lambda: location.with_user(self.technician).write({"name": "X"}),
            lambda: person.with_user(self.technician).write({"email": "x@example.com"}),
            lambda: env["fsm.location"].create({"name": "X"}),
            lambda: env["fsm.person"].create({"name": "X"}),
            lambda: env["base.partner.merge.automatic.wizard"].create({}),
            lambda: env["portal.wizard"].create({}),
            lambda: env["mail.blacklist"].create({"email": "x@example.com"}),
            lambda: env["phone.blacklist"].create({"number": "+56961234567"}),
            lambda: env["xpyme.contact.creation"]
            .with_context(active_ids=self.customer.ids)
            .create({})
            .line_ids.partner_id._create_first_contacts({self.customer: {}}),
            lambda: env["privacy.lookup.wizard"].create(
                {"name": "X", "email": "acme@example.com"}
            ),
            lambda: env["privacy.lookup.wizard.line"]
            .new({"res_model": "res.partner", "res_id": self.contact.id})
            ._onchange_is_active(),
            lambda: env["privacy.lookup.wizard.line"]
            .new({"res_model": "res.partner", "res_id": self.contact.id})
            .action_unlink(),
            lambda: env["res.users"].create({"name": "X", "login": "x"}),
            lambda: self.technician.with_user(self.technician).write(
                {"partner_id": self.contact.id}
            ),
        ):
            self.assertRefused(change)
        self.assertEqual(location.street, "Freire 247")
        self.assertTrue(self.contact.active)

    def test_import_is_refused_without_a_row(self):
        before = self.Partner.search_count([])
        result = self.as_technician(self.Partner).load(["name"], [["X"], ["Y"]])
        self.assertFalse(result["ids"])
        self.assertIn("technician", result["messages"][0]["message"])
        self.assertEqual(self.Partner.search_count([]), before)

    def test_export_and_vcards_are_refused(self):
        contact = self.as_technician(self.contact)
        order = self.as_technician(self.make_order(self.customer))
        users = self.as_technician(self.env["res.users"]).search([])
        for export in (
            lambda: contact.export_data(["name"]),
            lambda: order.export_data(["customer_vat"]),
            lambda: order.location_id.export_data(["phone", "street"]),
            lambda: users.export_data(["name", "phone"]),
            lambda: order.export_data(["service_customer_id/name"]),
            lambda: contact._get_vcard_file(),
            lambda: contact.action_download_contact_vcards(),
        ):
            self.assertRefused(export)

    def test_mail_to_an_unknown_address_makes_no_partner(self):
        partners = self.as_technician(self.Partner)
        found = partners._find_or_create_from_emails(["nadie@example.com"])
        self.assertFalse(found[0])

    def test_refusal_is_one_human_sentence(self):
        message = self.assertRefused(
            lambda: self.as_technician(self.contact).write({"name": "X"})
        )
        self.assertIn("service order technician", message)
        self.assertNotIn("res.partner", message)

    def test_what_is_his_keeps_working(self):
        person = self.env["fsm.person"].create(
            {"partner_id": self.technician.partner_id.id}
        )
        order = self.as_technician(self.make_order(self.customer, person_id=person.id))
        order.write({"resolution": "Hecho"})
        order.message_post(body="Listo")
        order.activity_schedule("mail.mail_activity_data_todo").action_feedback()
        self.as_technician(person).write(
            {"team_id": self.env["fsm.team"].search([], limit=1).id}
        )
        self.technician.with_user(self.technician).write(
            {"signature": "Pedro", "email": "nuevo@example.com"}
        )
        self.assertEqual(self.technician.partner_id.email, "nuevo@example.com")
        self.assertTrue(order.action_open_contacts())

    def test_sees_no_button_that_would_refuse(self):
        partners = self.as_technician(self.Partner)
        for kind in ("form", "list", "kanban"):
            views = partners.get_views([(False, kind)], {"toolbar": True})
            arch = views["views"][kind]["arch"]
            self.assertNotIn("geo_localize", arch)
            self.assertNotIn("action_fsm_convert", arch)
            self.assertNotIn("vcard", arch)
            self.assertRegex(arch, r'(create|edit)="(False|0)"')
            toolbar = views["views"][kind].get("toolbar", {})
            self.assertFalse(toolbar.get("action"))
        bindings = self.env["ir.actions.actions"].with_user(self.technician)
        self.assertEqual(set(bindings.get_bindings("res.partner")), {"report"})

    def test_losing_the_mark_gives_the_rights_back_at_once(self):
        group = self.env.ref("xpyme_contacts.group_service_technician")
        self.technician.group_ids -= group
        self.as_technician(self.contact).write({"name": "Juana"})
        self.assertEqual(self.contact.name, "Juana")
        form = self.as_technician(self.Partner).get_view(view_type="form")["arch"]
        self.assertNotRegex(form.partition(">")[0], r'(create|edit)="(False|0)"')

    def test_no_other_group_implies_the_mark(self):
        group = self.env.ref("xpyme_contacts.group_service_technician")
        self.assertFalse(group.all_implied_by_ids - group)
        self.assertNotIn(group, self.env.ref("base.default_user_group").all_implied_ids)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_humblest_technician_opens_what_he_needs(self):
        humble = self.make_user(
            "humble",
            "fieldservice.group_fsm_user_own,xpyme_contacts.group_service_technician",
        )
        order = self.make_order(self.customer).with_user(humble)
        action = order.action_open_contacts()
        partners = self.env["res.partner"].with_user(humble)
        self.assertEqual(len(partners.search(action["domain"])), 2)
        for kind in ("list", "kanban", "form"):
            partners.get_view(view_type=kind)

    def test_unmarked_users_are_not_concerned(self):
        salesperson = self.make_salesperson()
        salesperson.group_ids |= self.env.ref("base.group_allow_export")
        self.contact.with_user(salesperson).name = "Juana"
        self.assertTrue(self.contact.with_user(salesperson).export_data(["name"]))
        with self.assertRaises(UserError):
            self.contact.with_user(self.technician).unlink()


@tagged("post_install", "-at_install")
class TestGuardedModels(CustomerCase):
    """Every model whose rows belong to a customer's file takes the guard.

    A new model with a link to res.partner is flagged (``_technicians_only_read``), or
    listed in ``technician/refusal.py``, or here, with the reason.
    """

    UNGUARDED = {
        "documents, with rights of their own": (
            "account.analytic.account account.analytic.distribution.model "
            "account.analytic.line account.bank.statement.line account.invoice.report "
            "account.move account.move.line account.payment account.reconcile.model "
            "account.reconcile.model.line payment.token payment.transaction "
            "product.supplierinfo sale.order sale.order.line sale.report "
            "snailmail.letter xpyme.customer.sale xpyme.points.movement "
            "xpyme.risk.exposure"
        ),
        "a technician's own work": (
            "fsm.equipment fsm.order fsm.person mail.activity res.users"
        ),
        "the company's structure": (
            "account.journal ir.actions.server res.branch res.company res.district "
            "res.region"
        ),
        "messages; on a contact they need write access to him": (
            "discuss.channel.member discuss.channel.rtc.session mail.followers "
            "mail.mail mail.message mail.message.reaction mail.notification "
            "mail.push.device mail.scheduled.message res.users.settings.volumes sms.sms"
        ),
    }

    def test_every_model_of_a_customers_file_is_guarded(self):
        known = " ".join(self.UNGUARDED.values()).split()
        modules = self._get_own_dependencies()
        unguarded = [
            name
            for name, model in self.env.registry.items()
            if not (model._abstract or model._transient)
            and not self.env[name]._is_read_only_for_technicians()
            and model._original_module in modules
            and self._links_partner(model)
        ]
        self.assertEqual(set(unguarded) - set(known), set())

    def _links_partner(self, model):
        return any(
            field.comodel_name == "res.partner"
            and field.store
            and field.type in ("many2one", "many2many")
            for field in model._fields.values()
        )

    def _get_own_dependencies(self):
        module = self.env["ir.module.module"].search([("name", "=", "xpyme_contacts")])
        every = module.upstream_dependencies(exclude_states=("uninstallable",)) | module
        auto = self.env["ir.module.module"].search([("auto_install", "=", True)])
        return set(every.mapped("name")) | {
            glue.name
            for glue in auto
            if set(glue.dependencies_id.mapped("name")) <= set(every.mapped("name"))
        }
