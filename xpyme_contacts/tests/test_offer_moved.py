from odoo.tests import tagged

from .offer_common import FakeServer, OfferCase

ELSEWHERE = "0-1-2"


@tagged("post_install", "-at_install")
class TestOfferMoved(OfferCase):
    """A restored database has forgotten mails: it sends none by itself."""

    def approve(self):
        customers = self.acme | self.beta
        campaign = self.prepare(customers, products=[self.paint])
        campaign.with_user(self.manager).action_approve()
        return campaign

    def send(self):
        server = FakeServer()
        with self.outbox(server):
            server.run()
        return server.addresses

    def test_a_campaign_that_began_in_another_database_stops_and_is_told(self):
        campaign = self.approve()
        campaign.sudo().database_mark = ELSEWHERE
        self.assertEqual(self.send(), [])
        self.assertEqual(campaign.state, "paused")
        self.assertIn("restored", campaign.pause_reason)
        self.assertEqual(len(campaign.activity_ids), 1)
        campaign.with_user(self.manager).action_resume()
        self.assertEqual(len(self.send()), 2)

    def test_one_that_began_here_goes_on(self):
        self.approve()
        self.assertEqual(len(self.send()), 2)

    def test_one_of_before_the_mark_goes_on(self):
        """An update of the addon stops nobody's campaign."""
        self.approve().sudo().database_mark = False
        self.assertEqual(len(self.send()), 2)

    def test_the_mark_is_not_copied(self):
        campaign = self.approve()
        self.assertTrue(campaign.sudo().database_mark)
        self.assertFalse(campaign.copy().sudo().database_mark)
