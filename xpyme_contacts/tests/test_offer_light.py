from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.mail_light import MAX_BYTES
from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferLight(OfferCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).active = False
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "ferreteria.example.com"}
        )
        cls.company.alias_domain_id = cls.domain
        cls.make_consent(kind="granted", text="Ficha")
        cls.server = cls.env["ir.mail_server"].create(
            {
                "name": "Own",
                "smtp_host": "mail.ferreteria.example.com",
                "from_filter": "ferreteria.example.com",
            }
        )

    def get_points(self, campaign, colour):
        campaign.invalidate_recordset(["light_colour", "light_html"])
        return [p.text for p in campaign._get_light_points() if p.colour == colour]

    def test_all_in_order_is_green(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        self.assertFalse(self.get_points(campaign, "amber"))
        self.assertFalse(self.get_points(campaign, "red"))
        self.assertEqual(campaign.light_colour, "green")
        self.assertIn("points are in order", campaign.light_html)

    def test_link_to_leave_that_no_customer_could_open_is_red(self):
        campaign = self.make_campaign(self.acme, products=[self.paint])
        for url in ("http://192.168.1.10:8069", "http://localhost:8069"):
            self.set_base(url)
            self.assertIn(url, self.get_points(campaign, "red")[0])
            self.assertEqual(campaign.light_colour, "red")

    def test_link_to_leave_without_https_is_amber(self):
        self.set_base("http://www.ferreteria.example.com")
        campaign = self.make_campaign(self.acme, products=[self.paint])
        self.assertIn("no https", self.get_points(campaign, "amber")[0])

    def test_sender_follows_the_company_that_is_chosen(self):
        other = self.make_other_company()
        campaign = self.env["xpyme.offer.campaign"].create(
            {"name": "Otra", "company_id": other.id}
        )
        self.assertIn("tienda@onyar.example", campaign.email_from)
        campaign.company_id = self.company
        self.assertIn("ofertas@ferreteria.example.com", campaign.email_from)

    def make_other_company(self):
        return self.env["res.company"].create(
            {"name": "Onyar", "email": "tienda@onyar.example"}
        )

    def test_sender_of_another_company_is_red(self):
        self.make_other_company()
        campaign = self.make_campaign(
            self.acme, products=[self.paint], email_from="a@mail.onyar.example"
        )
        self.assertIn("an address of Onyar", self.get_points(campaign, "red")[0])

    def test_sender_of_a_mail_provider_is_amber(self):
        self.server.from_filter = False
        campaign = self.make_campaign(
            self.acme, products=[self.paint], email_from="mitienda@gmail.com"
        )
        self.assertIn("gmail.com", self.get_points(campaign, "amber")[0])

    def test_sender_that_leaves_as_another_one_is_amber(self):
        self.domain.default_from = "avisos"
        self.company.website = "https://www.otra.example"
        campaign = self.make_campaign(
            self.acme, products=[self.paint], email_from="a@otra.example"
        )
        told = " ".join(self.get_points(campaign, "amber"))
        self.assertIn("avisos@ferreteria.example.com", told)
        self.assertFalse(self.get_points(campaign, "red"))

    def test_sender_of_no_company_and_no_server_is_red(self):
        campaign = self.make_campaign(
            self.acme, products=[self.paint], email_from="a@otra.example"
        )
        self.assertIn("no mail server is for it", self.get_points(campaign, "red")[0])
        for known in ("otra.example, x.example", "a@otra.example", False):
            self.server.from_filter = known
            self.assertFalse(self.get_points(campaign, "red"), known)
        self.server.from_filter = "b@otra.example"
        self.assertTrue(self.get_points(campaign, "red"))

    def test_mails_that_come_back_to_another_domain_are_amber(self):
        self.domain.name = "avisos.example"
        campaign = self.make_campaign(self.acme, products=[self.paint])
        self.assertIn("DMARC fails", " ".join(self.get_points(campaign, "amber")))

    def test_long_subject_is_amber(self):
        campaign = self.prepare(
            self.acme, products=[self.paint], subject=f"{50 * 'a'} $1"
        )
        self.assertIn("cut off", self.get_points(campaign, "amber")[0])

    def test_mail_that_gmail_cuts_off_is_red(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign.offer_ids.sudo().body_html = "x" * (MAX_BYTES + 1)
        self.assertIn("Gmail", self.get_points(campaign, "red")[0])

    def test_mails_to_who_has_neither_bought_nor_agreed_are_amber(self):
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        [told] = self.get_points(campaign, "amber")
        self.assertIn("1 of the mails go to", told)
        self.assertIn("neither bought nor agreed", told)
        # Where the law asks for it they get none, which is said among those left out.
        self.company.offer_basis_required = True
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        self.assertFalse(self.get_points(campaign, "amber"))
        self.assertIn(
            "has bought or agreed", " ".join(self.get_points(campaign, "green"))
        )

    def refuse(self, campaign, words):
        """By the question, its window, and the button as programs press it."""
        campaign = campaign.with_user(self.manager)
        approval = self.env["xpyme.offer.approval"].with_user(self.manager)
        approval = approval.create({"campaign_id": campaign.id})
        for press in (
            campaign.action_ask_approval,
            approval.action_approve,
            campaign.action_approve,
        ):
            with self.assertRaisesRegex(UserError, words):
                press()
        self.assertEqual(campaign.state, "prepared")

    def test_nobody_approves_mails_that_cannot_be_left(self):
        self.set_base("http://localhost:8069")
        campaign = self.prepare(self.acme, products=[self.paint])
        self.refuse(campaign, "No customer could open the link to leave")
        self.set_base("https://tienda.ferreteria.example.com")
        # The mails say what they said.
        self.refuse(campaign, "leads to http://localhost:8069")
        campaign.action_draft()
        campaign.action_prepare()
        campaign.with_user(self.manager).action_approve()
        self.assertEqual((campaign.state, campaign.light_colour), ("running", False))

    def test_nobody_approves_mails_of_a_sender_who_is_nobody_here(self):
        campaign = self.prepare(
            self.acme, products=[self.paint], email_from="a@otra.example"
        )
        self.refuse(campaign, "no mail server is for it")
        self.make_other_company()
        campaign = self.prepare(
            self.acme, products=[self.paint], email_from="a@onyar.example"
        )
        self.refuse(campaign, "an address of Onyar")

    def test_what_may_be_right_is_only_told(self):
        self.set_base("http://www.ferreteria.example.com")
        self.server.from_filter = False
        lanes = self.env["xpyme.offer.outbox"]._get_lanes()
        campaign = self.prepare(
            self.acme, products=[self.paint], email_from="mitienda@gmail.com"
        )
        lanes.active = False
        self.assertEqual(campaign.light_colour, "red")
        campaign.with_user(self.manager).action_approve()
        self.assertEqual(campaign.state, "running")

    def test_no_series_approves_what_nobody_could(self):
        series = self.prepare(
            self.acme,
            products=[self.paint],
            repeat_every="week",
            user_id=self.manager.id,
        )
        series.with_user(self.manager).action_approve()
        series.with_user(self.manager).series_approved = True
        self.set_base("http://192.168.1.10:8069")
        series.sudo().repeat_next_at = fields.Datetime.now()
        for _time in range(2):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr, su=True)["xpyme.offer.campaign"]._run_series()
            self.env.invalidate_all()
        again = series.search([("origin_id", "=", series.id)])
        self.assertEqual((again.state, again.is_automatic), ("prepared", False))
        self.assertIn("192.168.1.10", again.activity_ids.summary)

    def test_forms_of_a_domain_are_one_for_its_server(self):
        for sender, known in (("ñuble", "xn--uble-fqa"), ("xn--uble-fqa", "ñuble")):
            self.server.from_filter = f"{known}.example"
            campaign = self.make_campaign(
                self.acme, products=[self.paint], email_from=f"a@{sender}.example"
            )
            self.assertFalse(self.get_points(campaign, "red"), sender)

    def test_no_mail_is_written_anew_that_cannot_be_left(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign.with_user(self.manager).action_approve()
        self.acme.email = "new@example.com"
        with self.outbox() as server:
            server.run()
        self.set_base("http://localhost:8069")
        with self.assertRaisesRegex(UserError, "No customer could open"):
            campaign.offer_ids.with_user(self.manager).action_write_anew()

    def test_sent_mails_lead_where_they_were_reviewed(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign.with_user(self.manager).action_approve()
        self.set_base("http://192.168.1.10:8069")
        with self.outbox() as server:
            server.run()
        [(_box, content)] = server.mails
        self.assertNotIn(b"192.168.1.10", content)
        self.assertIn(b"List-Unsubscribe: <https://tienda.ferreteria", content)

    def test_names_in_the_light_are_text(self):
        self.company.name = "<b>ACME"
        campaign = self.make_campaign(
            self.acme, products=[self.paint], email_from="a@otra.example"
        )
        self.assertIn("&lt;b&gt;ACME", campaign.light_html)
