from odoo.tests import tagged

from .common import SpanishCase


@tagged("post_install", "-at_install")
class TestCustomerMerge(SpanishCase):
    """What was agreed comes over whole, or not at all, and the card says which."""

    def merge(self, kept, *others):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        ids = [kept.id, *(other.id for other in others)]
        wizard._merge(ids, kept, extra_checks=False)
        self.env.invalidate_all()
        return " ".join(kept.message_ids.mapped("body"))

    def test_an_agreement_of_the_surviving_card_stays_as_it_is(self):
        self.customer.irpf_percent = 15
        other = self.make_customer(
            "Otra", irpf_percent=7, irpf_base="total", forced_tax_id=self.vat[10].id
        )
        told = self.merge(self.customer, other)
        self.assertIn("IRPF 7% on total", told)
        self.assertIn("left out", told)
        self.assertFalse(self.customer.irpf_base)
        self.assertTotals(106.00)

    def test_an_agreement_that_comes_over_comes_whole_and_is_told(self):
        self.customer.irpf_base = "base"
        first = self.make_customer("Una", equivalence_surcharge=True)
        second = self.make_customer("Dos", irpf_percent=15, irpf_base="total")
        told = self.merge(self.customer, first, second)
        self.assertIn("came over", told)
        self.assertFalse(self.customer.equivalence_surcharge)
        self.assertTotals(102.85)

    def test_cards_that_agreed_the_same_tell_nothing(self):
        self.customer.equivalence_surcharge = True
        other = self.make_customer("Otra", equivalence_surcharge=True)
        told = self.merge(self.customer, other)
        self.assertNotIn("when merging", told)
        self.assertTotals(126.20)

    def test_a_position_of_the_surviving_card_excludes_the_others_recargo(self):
        self.customer.property_account_position_id = self.ref("fp_ispn")
        other = self.make_customer("Otra", equivalence_surcharge=True)
        self.assertIn("left out", self.merge(self.customer, other))
        self.assertFalse(self.customer.equivalence_surcharge)
        self.assertTotals(100.00)

    def test_a_card_abroad_takes_no_recargo(self):
        french = self.make_customer(
            "Quincaillerie", country_id=self.env.ref("base.fr").id, vat="FR23334175221"
        )
        other = self.make_customer("Otra", equivalence_surcharge=True)
        self.assertIn("left out", self.merge(french, other))
        self.assertFalse(french.equivalence_surcharge)
