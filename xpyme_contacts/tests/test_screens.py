from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CARD, DocumentCase

SENSITIVE = ("ip_address",)


@tagged("post_install", "-at_install")
class TestScreens(DocumentCase):
    """Every screen of ours opens for whoever gets to it, with what it may show him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bare = cls.make_user("bare", "base.group_user")
        cls.technician = cls.make_technician(["base.group_user"])
        cls.salesperson.group_ids += cls.env.ref("base.group_allow_export")
        cls.keeper = cls.make_user(
            "keeper",
            "base.group_user,base.group_partner_manager,"
            "xpyme_contacts.group_customer_documents",
        )
        cls.customer.write(
            {
                "ip_address": "10.1.2.3",
                "document_email": "facturas@example.com",
                "alternative_code_ids": [(0, 0, {"name": "CARD-1"})],
            }
        )
        cls.make_contact(cls.customer, "Obra", type="delivery", contact_code="OBRA")
        cls.customer.activity_schedule(
            "xpyme_contacts.activity_type_visit", contact_id=cls.contact.id
        )
        cls.order = cls.make_order(cls.customer)
        cls.make_quotation()
        cls.make_invoice()
        cls.env.flush_all()

    # --- what is done with marked records

    def test_what_a_list_offers_for_marked_records_a_telephone_offers_too(self):
        """Its list is the kanban."""
        ours = self.env["ir.model.data"].search(
            [("module", "=", "xpyme_contacts"), ("model", "=like", "ir.actions.%")]
        )
        bound = [
            action
            for data in ours
            if (action := self.env[data.model].browse(data.res_id)).binding_model_id
            and "list" in action.binding_view_types.split(",")
        ]
        self.assertGreater(len(bound), 9)
        for action in bound:
            self.assertIn("kanban", action.binding_view_types.split(","), action.name)

    # --- opening

    def get_views(self):
        """Our own views, and the ones of others' that ours extend."""
        ours = self.env["ir.model.data"].search(
            [("module", "=", "xpyme_contacts"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(ours.mapped("res_id"))
        while extended := views.filtered(lambda v: v.mode == "extension").inherit_id:
            extensions = views.filtered(lambda v: v.mode == "extension")
            views = (views - extensions) | extended
        return views.filtered(lambda v: v.type in ("form", "list", "kanban", "search"))

    def open_view(self, view, user):
        """As the web client does; False if the user has no access to the model."""
        records = self.env[view.model].with_user(user)
        if not records.has_access("read"):
            return False
        answer = records.get_views([(view.id, view.type)])["views"][view.type]
        arch = etree.fromstring(answer["arch"])
        if view.type == "search":
            self.use_filters(records, arch)
            return True
        spec = self.get_spec(arch)
        if records._transient:
            if records.has_access("create"):
                records.onchange({}, [], spec)
        else:
            records.web_search_read(Domain.TRUE, spec, limit=5)
        return True

    def use_filters(self, records, arch):
        """Each filter finds, and each group-by groups, without an error."""
        for node in arch.iter("filter"):
            if node.get("domain"):
                names = {"uid": records.env.uid, "context_today": None, "time": None}
                try:
                    domain = safe_eval(node.get("domain"), names)
                except (ValueError, TypeError):
                    continue  # of core's: with dates of the browser
                records.search_count(domain)
            group_by = safe_eval(node.get("context") or "{}").get("group_by")
            if group_by and group_by != "properties":
                # By month, as the browser does of its own accord.
                is_date = getattr(records._fields.get(group_by), "type", "") in (
                    "date",
                    "datetime",
                )
                spec = f"{group_by}:month" if is_date else group_by
                records.web_read_group([], [spec], ["__count"])

    def get_spec(self, node):
        """What the web client reads for a view: its fields, and those inside them."""
        spec = {}
        for child in node:
            if child.tag == "field":
                inner = self.get_spec(child)
                spec[child.get("name")] = {"fields": inner} if inner else {}
            elif isinstance(child.tag, str):
                spec.update(self.get_spec(child))
        return spec

    def test_every_screen_opens_for_everybody_who_gets_to_it(self):
        views = self.get_views()
        self.assertGreater(len(views), 20)
        for user in (self.bare, self.salesperson, self.technician, self.keeper):
            opened = [view for view in views if self.open_view(view, user)]
            partners = [v for v in opened if v.model == "res.partner"]
            self.assertGreater(len(partners), 5, user.login)

    def test_customers_card_opens_in_the_form(self):
        for user in (self.bare, self.salesperson, self.technician, self.keeper):
            partner = self.customer.with_user(user)
            arch = partner.get_view(self.env.ref(CARD).id)["arch"]
            spec = self.get_spec(etree.fromstring(arch))
            (values,) = partner.web_read(spec)
            self.assertEqual(values["phone"], self.customer.phone)
        with Form(self.customer.with_user(self.salesperson), CARD) as form:
            form.trade_name = "La Esquina"

    def test_actions_of_the_card_open(self):
        for user in (self.bare, self.salesperson, self.keeper):
            customer = self.customer.with_user(user)
            for name in (
                "action_open_contacts",
                "action_open_customer_sales",
                "action_open_followup",
                "action_open_other_data",
                "action_open_same_tax_id_customers",
            ):
                action = getattr(customer, name)()
                records = self.env[action["res_model"]].with_user(user)
                if records.has_access("read"):
                    records.search(action.get("domain") or [])

    # --- what stands on them

    def get_arch(self, name, **options):
        view = self.env.ref(f"xpyme_contacts.{name}")
        records = self.env[view.model].with_context(**options)
        return etree.fromstring(records.get_view(view.id, view.type)["arch"])

    def test_search_of_customers_has_each_question_once(self):
        arch = self.get_arch("xpyme_customer_view_search")
        asked = arch.xpath("//field[not(@invisible)]/@name")
        self.assertEqual(len(asked), len(set(asked)), asked)
        grouped = arch.xpath("//filter[contains(@context, 'group_by')]/@context")
        self.assertEqual(len(grouped), len(set(grouped)), grouped)
        (group,) = arch.xpath("//filter[@name='salesperson']/@string")
        (box,) = arch.xpath("//field[@name='user_id']/@string")
        self.assertEqual(group, box)

    def test_the_card_has_each_part_of_the_address_once(self):
        arch = self.get_arch("xpyme_customer_view_form")
        for fname in ("street", "street2", "zip", "city", "state_id", "country_id"):
            boxes = arch.xpath(
                f"//field[@name='{fname}'][not(ancestor::field)]"
                "[not(ancestor-or-self::*[@invisible='1'])]"
            )
            self.assertEqual(len(boxes), 1, fname)
        self.assertFalse(arch.xpath("//field[@name='zip_id']"))

    def test_tax_id_is_called_as_in_the_company_s_country(self):
        for country, word in ((self.chile, "RUT"), (self.spain, "NIF")):
            self.env.company.country_id = country
            country.vat_label = word
            card = self.get_arch("xpyme_customer_view_form")
            search = self.get_arch("xpyme_customer_view_search")
            for label in (
                *card.xpath("//label[@for='vat']/@string"),
                *card.xpath("//label[@for='risk_by_vat']/@string"),
                *search.xpath("//filter[@name='no_vat']/@string"),
            ):
                self.assertIn(word, label)
            self.assertTrue(card.xpath("//label[@for='risk_by_vat']/@string"))

    def test_the_tab_of_invoices_has_the_seed_s_boxes_in_its_words(self):
        """Seed 004: Factura. Odoo calls three of them otherwise."""
        search = self.get_arch("xpyme_customer_view_search")
        (representative,) = search.xpath("//field[@name='user_id']/@string")
        card = self.get_arch("xpyme_customer_view_form")
        labels = card.xpath("//label[@for='user_id']/@string")
        self.assertEqual(labels, [representative])
        (page,) = card.xpath("//page[@name='billing']")
        for fname, word in (
            ("user_id", representative),
            ("property_payment_term_id", "Payment terms"),
            ("property_product_pricelist", "Sales tariff"),
            ("payment_days", None),
            ("customer_route_id", None),
            ("sales_region_id", None),
        ):
            boxes = page.xpath(
                f".//field[@name='{fname}']"
                "[not(ancestor-or-self::*[@invisible='1' or @invisible='True'])]"
            )
            self.assertEqual([box.get("string") for box in boxes], [word], fname)

    def test_amounts_of_the_card_have_their_currency(self):
        arch = self.get_arch("xpyme_customer_view_form")
        for fname in ("service_price", "recent_sales"):
            for node in arch.xpath(f"//field[@name='{fname}']"):
                currency = safe_eval(node.get("options"))["currency_field"]
                self.assertTrue(arch.xpath(f"//field[@name='{currency}']"), fname)
            self.assertTrue(arch.xpath(f"//field[@name='{fname}']"), fname)

    def test_no_telephone_offers_paid_messages(self):
        """Odoo sells text messages; their picture stood beside each number."""
        numbers = 0
        for view in self.get_views():
            if not view.xml_id.startswith("xpyme_contacts."):
                continue
            arch = etree.fromstring(view.get_combined_arch())
            for node in arch.xpath("//field[@widget='phone'][not(@name='fax')]"):
                numbers += 1
                options = node.get("options") or ""
                self.assertRegex(options, "enable_sms.: [Ff]alse", view.xml_id)
        self.assertGreater(numbers, 9)

    # --- sensitive fields

    def test_sensitive_fields_are_read_by_their_group_alone(self):
        keeper = self.customer.with_user(self.keeper)
        self.assertEqual(keeper.ip_address, "10.1.2.3")
        for user in (self.bare, self.salesperson, self.technician):
            partner = self.customer.with_user(user)
            for fname in SENSITIVE:
                with self.subTest(user=user.login, field=fname):
                    for attempt in (
                        lambda p=partner, f=fname: p.read([f]),
                        lambda p=partner, f=fname: p[f],
                        lambda p=partner, f=fname: p.web_read({f: {}}),
                        lambda p=partner, f=fname: p.search([(f, "like", "10.")]),
                        lambda p=partner, f=fname: p.search([], order=f),
                        lambda p=partner, f=fname: p.export_data([f]),
                        lambda p=partner, f=fname: p._read_group([], [f]),
                        lambda p=partner, f=fname: p.contact_ids.search(
                            [(f"parent_id.{f}", "like", "10.")]
                        ),
                        lambda p=partner, f=fname: p.write({f: "10.9.9.9"}),
                    ):
                        with self.assertRaises(UserError):
                            attempt()
                    self.assertNotIn(fname, partner.fields_get())
                    self.assertNotIn("10.1.2.3", str(partner.copy_data()))

    def test_related_fields_and_reports_show_none_of_them(self):
        for model in self.env.registry.models.values():
            for field in model._fields.values():
                if field.related and field.related.split(".")[-1] in SENSITIVE:
                    groups = field.groups or ""
                    self.assertIn("group_customer_documents", groups, str(field))

    # --- another company

    def test_types_routes_and_codes_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Segunda"})
        theirs = (
            self.env["xpyme.customer.type"].create(
                {"name": "T", "company_id": other.id}
            ),
            self.env["xpyme.customer.route"].create(
                {"name": "R", "company_id": other.id}
            ),
            self.make_customer(
                "Suya",
                company_id=other.id,
                alternative_code_ids=[(0, 0, {"name": "CARD-2"})],
            ).alternative_code_ids,
        )
        for records in theirs:
            seen = records.with_user(self.salesperson)
            self.assertFalse(seen.search([("id", "in", records.ids)]), records)
            with self.assertRaises(AccessError):
                seen.read(["name"])
        found = self.Partner.with_user(self.salesperson).name_search("CARD-2")
        self.assertFalse(found)

    def test_type_and_route_of_another_company_are_refused(self):
        mine, other = self.env["res.company"].create([{"name": "1"}, {"name": "2"}])
        customer = self.make_customer("Suya", company_id=mine.id)
        for fname, model in (
            ("customer_type_id", "xpyme.customer.type"),
            ("customer_route_id", "xpyme.customer.route"),
        ):
            theirs = self.env[model].create({"name": "X", "company_id": other.id})
            with self.assertRaisesRegex(Exception, "compan"), self.env.cr.savepoint():
                customer[fname] = theirs
