from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferLine(OfferCase):
    def test_salesperson_keeps_the_four_kinds_in_their_order(self):
        lines = self.acme.with_user(self.salesperson).offer_line_ids
        for number, vals in enumerate(
            (
                {"kind": "title", "text": "Primavera"},
                {"kind": "product", "product_id": self.paint.id, "price": 18},
                {"kind": "separator"},
                {"kind": "comment", "text": False},
            )
        ):
            lines.create({"partner_id": self.acme.id, "sequence": -number, **vals})
        self.env.invalidate_all()
        lines = self.acme.with_user(self.salesperson).offer_line_ids
        self.assertEqual(
            lines.mapped("kind"), ["comment", "separator", "product", "title"]
        )
        self.assertEqual(lines.mapped("summary"), ["", "", "[P1] Pintura", "Primavera"])

    @mute_logger("odoo.sql_db")
    def test_article_line_needs_an_article_and_no_other_has_one(self):
        for vals in (
            {"kind": "product"},
            {"kind": "title", "product_id": self.paint.id},
            {"kind": "product", "product_id": self.paint.id, "price": -1},
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.add_line(self.acme, **vals)

    def test_changing_the_kind_in_the_form_drops_the_article(self):
        form = Form(
            self.env["xpyme.offer.line"].with_context(default_partner_id=self.acme.id)
        )
        form.product_id, form.price = self.paint, 3
        form.kind = "comment"
        line = form.save()
        self.assertFalse(line.product_id)
        self.assertEqual(line.price, 0)

    def test_renamed_article_renames_its_lines(self):
        line = self.add_line(self.acme, self.paint)
        self.paint.name = "Esmalte"
        self.assertEqual(line.summary, "[P1] Esmalte")

    def test_technician_neither_sees_nor_changes_anything_of_offers(self):
        self.add_line(self.acme, self.paint)
        campaign = self.prepare(self.acme)
        both = self.make_user(
            "both",
            "xpyme_contacts.group_service_technician,sales_team.group_sale_manager",
        )
        for record in (
            self.acme.offer_line_ids,
            campaign,
            campaign.offer_ids,
            campaign.offer_ids.detail_ids,
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.technician).read(["display_name"])
            self.assertFalse(record.with_user(both).search([]))
            with self.assertRaises(AccessError):
                record.with_user(both).read(["display_name"])
            with self.assertRaises(AccessError):
                record.with_user(both).create({})
        # His view of a customer's card still opens.
        self.assertEqual(self.acme.with_user(both).offer_line_ids.ids, [])

    def test_lines_of_another_company_are_not_offered(self):
        other = self.env["res.company"].create({"name": "Otra"})
        self.add_line(self.acme, self.paint, company_id=other.id)
        self.add_line(self.acme, self.brush)
        offer = self.prepare(self.acme).offer_ids
        self.assertEqual(offer.detail_ids.product_id, self.brush)
