from odoo import api, fields, models

from ...tools.notices import ALARM, WARNING, spoken

# A banner that hides the document helps nobody.
_LINES = 3


class DocumentNoticeMixin(models.AbstractModel):
    """The banner of a document: what is told of its customers, strongest first."""

    _name = "xpyme.document.notice.mixin"
    _description = "Document that Tells of Its Customer"

    customer_notice = fields.Text(
        compute="_compute_customer_notice",
        help="What is told of the customer in this document's company.",
    )
    customer_notice_level = fields.Selection(
        [("info", "Information"), ("warning", "Warning"), ("danger", "Alarm")],
        compute="_compute_customer_notice",
    )

    @api.model
    def _get_notice_triggers(self):
        """Fields that change what is told, on entering a customer and afterwards."""
        return ("company_id",)

    def _get_noticed_customers(self):
        """The customers told of; the first one is the payer."""
        self.ensure_one()
        raise NotImplementedError

    def _get_blocked_customer(self):
        """The blocked customer (Baja) because of whom the document may not go on."""
        raise NotImplementedError

    def _prepare_notice_entry(self, entry, is_payer):
        """What one of this document's customers is told by.

        :param entry: of ``res.partner._get_notice_entries``, shared by all documents
            of the customer: extend a copy
        :param is_payer: whether the customer is the one who pays this document
        """
        return entry

    def _get_document_notices(self, entry):
        """What is told of the document itself: :class:`Notice` list.

        :param entry: the payer's
        """
        return []

    @api.depends(lambda self: self._get_notice_triggers())
    def _compute_customer_notice(self):
        # Customers of portals and shops do not read what is told of them.
        told = self.browse() if self.env.user.share else self
        (self - told).update(self._prepare_customer_notice_vals([]))
        for company, documents in told.grouped("company_id").items():
            customers = self.env["res.partner"].union(
                *(document._get_noticed_customers()._origin for document in documents)
            )
            entries = customers._get_notice_entries(company or self.env.company)
            for document in documents:
                entry, notices = document._get_entry_notices(entries)
                document.update(document._prepare_customer_notice_vals(notices, entry))

    def _get_entry_notices(self, entries):
        """The payer's entry (None without a customer) and the notices of all."""
        customers = self._get_noticed_customers()._origin
        if not customers:
            return None, []
        payer, others = customers[0], customers[1:]
        entry = self._prepare_notice_entry(entries[payer.id], is_payer=True)
        notices = payer._get_notices(entry) + self._get_document_notices(entry)
        for customer in others:
            notices += customer._get_notices(
                self._prepare_notice_entry(entries[customer.id], is_payer=False)
            )
        return entry, sorted(notices, key=lambda notice: notice.strength)

    @api.model
    def _prepare_customer_notice_vals(self, notices, entry=None):
        """The banner's values.

        :param entry: the payer's; None without one
        """
        lines = spoken(notices[:_LINES])
        left = len(notices) - len(lines)
        if left:
            lines[-1] += " " + self.env._("(and %s more on the card)", left)
        strongest = min((notice.strength for notice in notices), default=None)
        level = notices and "info"
        if notices and strongest <= ALARM:
            level = "danger"
        elif notices and strongest <= WARNING:
            level = "warning"
        return {
            "customer_notice": "\n".join(lines),
            "customer_notice_level": level or False,
        }
