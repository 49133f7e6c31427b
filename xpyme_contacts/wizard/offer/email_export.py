from odoo import models


class EmailExport(models.TransientModel):
    """Whoever wants no more offers wants no other advertising by a list either."""

    _inherit = "xpyme.email.export"

    def _get_refused(self, found):
        refused = super()._get_refused(found)
        if self.skip_no_mailing:
            addresses = {address for boxes, _wrong in found for address in boxes}
            refused |= self.env["xpyme.offer.consent"]._filter_withdrawn(addresses)
        return refused
