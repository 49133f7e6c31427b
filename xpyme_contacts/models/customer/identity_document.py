import functools

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date


class ResPartnerIdNumber(models.Model):
    """Driving licence, passport, C.A.E. of a customer (seed 004: Otros).

    Number, *Fecha Expedición* and *Caducidad* are OCA's ``name``, ``date_issued`` and
    ``valid_until``.

    OCA lets every internal user read them. Access rights only add up, so the refusal
    stands in ``_check_access``, which reading, searching, grouping, exporting and
    the messages of a document all pass.
    """

    _inherit = "res.partner.id_number"

    category_code = fields.Char(related="category_id.code", string="Code of Category")
    licence_class = fields.Char(
        string="Class", help="Class of a driving licence, like B or C1."
    )
    is_expired = fields.Boolean(
        string="Expired", compute="_compute_is_expired", search="_search_is_expired"
    )

    @api.depends("valid_until")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for document in self:
            until = document.valid_until
            document.is_expired = bool(until) and until < today

    @api.model
    def _search_is_expired(self, operator, _value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = fields.Date.context_today(self)
        if operator == "in":
            return [("valid_until", "<", today)]
        return ["|", ("valid_until", "=", False), ("valid_until", ">=", today)]

    def _check_access(self, operation):
        if not self.env.user.has_group("xpyme_contacts.group_customer_documents"):
            return self, functools.partial(
                AccessError,
                self.env._(
                    "Identity documents of customers are for those with the right to "
                    "see personal data. Ask an administrator for it."
                ),
            )
        return super()._check_access(operation)

    @api.constrains("date_issued", "valid_from", "valid_until")
    def _check_dates_in_order(self):
        """:raise ValidationError: a customer's document ends before it begins"""
        for document in self:
            if not document.partner_id._is_of_customer():
                continue
            since = max(
                filter(None, (document.date_issued, document.valid_from)), default=None
            )
            if since and document.valid_until and document.valid_until < since:
                raise ValidationError(
                    self.env._(
                        "%(document)s %(number)s cannot expire on %(until)s, before it "
                        "begins on %(since)s.",
                        document=document.category_id.name,
                        number=document.name,
                        until=format_date(self.env, document.valid_until),
                        since=format_date(self.env, since),
                    )
                )
