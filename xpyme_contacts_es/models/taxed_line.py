from odoo import models


class AccountFiscalPosition(models.Model):
    """What a line of an open document would be taxed with if it were made now."""

    _inherit = "account.fiscal.position"

    def _is_outdated(self, expected):
        """Whether a document with this position is none of its customer's any more.

        A position that somebody chose for the document alone is left to them.

        :param expected: the customer's position as it is now
        """
        if self == expected:
            return False
        if self.agreement_key:
            return True
        return bool(expected.agreement_key) and self._get_base() in (
            self.browse(),
            expected.base_position_id,
        )

    def _tax_line_anew(self, taxes, article, former):
        """The taxes of a line with this position.

        VAT that somebody typed, or that stands on a line without an article, stays;
        what customers agree comes on top of it.

        :param taxes: those that the line has
        :param article: those of its article, none of a line of text
        :param former: the position that the document had until now
        """
        had = taxes._get_origins()
        if article and any(
            had._without_agreed() == position.map_tax(article)._without_agreed()
            for position in (self, former)
        ):
            return self.map_tax(article)
        return self.map_tax(had - former._get_agreed_of(had))

    def _get_agreed_of(self, taxes):
        """Those of the taxes of a line that are there because of this position."""
        return taxes.filtered(
            lambda tax: tax == self.withholding_tax_id
            or self.has_surcharge
            and tax.l10n_es_type == "recargo"
        )

    def _is_other_agreement(self, taxes, found, article, former):
        """Whether a line is to be changed for what its customer agreed.

        :param taxes: those that the line has
        :param found: what it would have, see ``_tax_line_anew``
        :param article: those of its article: what it carries itself is no change
        :param former: the position that the document had until now
        """
        if self != former:
            return taxes != found
        differing = (taxes - found) | (found - taxes)
        if not self.agreement_key:
            # what a position of the chart adds is Odoo's to tell
            differing = taxes - found - self.tax_ids
        differing = differing.filtered(lambda tax: tax._get_origins() not in article)
        return any(
            tax._is_agreed() or self.forced_tax_id and tax._is_vat()
            for tax in differing
        )
