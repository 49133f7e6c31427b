from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.row_locks import lock


class ChangeCode(models.TransientModel):
    """Change a customer's code, or that of his contact or address (seed 004).

    *Cambiar código de Cliente*, *Cambio código dirección alternativa*. Documents hold
    the partner himself, so all of them, old ones too, are found by the new code.
    """

    _name = "xpyme.change.code"
    _description = "Change a Code"
    _technicians_only_read = True

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    is_customer_code = fields.Boolean(compute="_compute_current_code")
    current_code = fields.Char(compute="_compute_current_code")
    new_code = fields.Char(required=True)
    keep_as_alternative = fields.Boolean(
        string="Keep the current code as an alternative one",
        help="The customer is still found by it, and nobody else gets it.",
    )

    @api.depends("partner_id")
    def _compute_current_code(self):
        for wizard in self:
            partner = wizard.partner_id
            wizard.is_customer_code = partner.commercial_partner_id == partner
            wizard.current_code = (
                partner.ref if wizard.is_customer_code else partner.contact_code
            )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "res.partner":
            values.setdefault("partner_id", self.env.context.get("active_id"))
        if "new_code" in fields and values.get("partner_id"):
            partner = self.env["res.partner"].browse(values["partner_id"])
            values.setdefault("new_code", self._propose_code(partner))
        return values

    @api.model
    def _propose_code(self, partner):
        """The first free code of a customer, or among his contacts or addresses."""
        if partner.commercial_partner_id != partner:
            kind = partner.type or "contact"
            return partner._propose_contact_code(partner.parent_id.id, kind)
        company_id = partner.company_id.id
        return self.env["xpyme.code.register"]._propose(company_id)

    def action_apply(self):
        """Write the new code and tell the change in the customer's history.

        :raise UserError: the code is blank or the present one, or nobody's
        :raise ValidationError: the code is none, or somebody else has it
        """
        self.ensure_one()
        partner = self.partner_id
        partner.check_access("write")
        lock(partner)
        before, code = self.current_code, (self.new_code or "").strip()
        if not code:
            raise ValidationError(self.env._("Type the new code."))
        if self.is_customer_code:
            self._change_customer_code(before, code)
        else:
            self._change_contact_code(before, code)
        return {"type": "ir.actions.act_window_close"}

    def _change_customer_code(self, before, code):
        partner = self.partner_id
        partner._check_has_code()
        number = partner._parse_code(code)
        if number == partner.customer_code:
            self._refuse_same(code)
        # A duplicate's code stays as text, but has to be judged.
        # What is told in words below is not told as a change of the field too.
        told = partner.with_context(mail_notrack=True)
        told.ref = False
        told.ref = str(number)
        partner.alternative_code_ids.filtered_domain(
            [("name", "=", partner.ref)]
        ).unlink()
        if self.keep_as_alternative and before:
            partner._keep_code(before)
        partner._log_code(before)

    def _change_contact_code(self, before, code):
        partner = self.partner_id
        if code == before:
            self._refuse_same(code)
        partner.contact_code = code
        body = self.env._(
            "Code of %(name)s changed: %(before)s → %(after)s",
            name=partner.name or partner.type_address_label,
            before=before or "–",
            after=partner.contact_code,
        )
        partner.commercial_partner_id._message_log(body=body)

    def _refuse_same(self, code):
        """:raise UserError: nothing would change"""
        raise UserError(
            self.env._(
                "%(code)s is already the code of %(name)s. Type another one.",
                code=code,
                name=self.partner_id.display_name,
            )
        )
