from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

_TOUCH = """
    UPDATE xpyme_offer_campaign SET write_date = write_date
     WHERE id IN (SELECT id FROM xpyme_offer_campaign WHERE id = ANY(%(ids)s)
                   ORDER BY id FOR NO KEY UPDATE)
"""


class OfferGuard(models.AbstractModel):
    """What all models of offers share: a technician changes none of them.

    That he sees none either is a rule on each of them.
    """

    _name = "xpyme.offer.guard"
    _inherit = ["xpyme.technician.guard"]
    _description = "Guard of the Offers"

    def _check_campaigns_open(self, campaigns):
        """Called before what a campaign consists of is changed.

        Whoever prepares one of them at the same time meets this, and begins again with
        what is changed here.

        :raise UserError: one of the campaigns has been prepared
        """
        if campaigns.ids:
            self.env.cr.execute(SQL(_TOUCH, ids=campaigns.ids))
        if any(campaign.state != "draft" for campaign in campaigns):
            raise UserError(
                self.env._(
                    "This campaign has been prepared, and is sent as it was reviewed. "
                    "Set it back to draft to change it."
                )
            )
