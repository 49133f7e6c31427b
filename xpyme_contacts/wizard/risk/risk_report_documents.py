from collections import defaultdict

from odoo import api, fields, models

# The documents that a report tells one by one; of the others their number and amount.
_DOCUMENTS = 100


class RiskReport(models.TransientModel):
    """Which documents a debt is made of, how late they are, and whom to call.

    Whoever sees what a customer owes sees the numbers, dates and amounts of the
    documents, and opens those that they may read.
    """

    _inherit = "xpyme.risk.report"

    is_defaulter = fields.Boolean(readonly=True)
    call_name = fields.Char(string="Whom to Call", readonly=True)
    call_function = fields.Char(string="Position", readonly=True)
    call_phone = fields.Char(string="Phone", readonly=True)
    oldest_due = fields.Date(string="Oldest Due Date", readonly=True)
    overdue_days = fields.Integer(string="Days Overdue", readonly=True)
    has_internal = fields.Boolean(compute="_compute_has_internal")
    document_ids = fields.One2many(
        "xpyme.risk.report.line", "report_id", domain=[("section", "=", "document")]
    )

    @api.depends("internal")
    def _compute_has_internal(self):
        for report in self:
            report.has_internal = bool(report.internal)

    def _prepare_call_vals(self, customer, basis):
        """Whom to call, and since when something is overdue."""
        contact = customer._get_first_contact()
        phones = (contact.phone, contact.mobile, customer.phone, customer.mobile)
        rows = self._get_documents(basis)
        due = min((row[4] for row in rows if row[0] == "overdue"), default=None)
        today = fields.Date.context_today(self)
        return {
            "is_defaulter": customer.is_defaulter,
            "call_name": contact.name or customer.name,
            "call_function": contact.function,
            "call_phone": next(filter(None, phones), False),
            "oldest_due": due,
            "overdue_days": due and (today - due).days,
        }

    def _get_documents(self, basis):
        return basis.cards._get_risk_documents(self.company_id, basis.counted)

    def _prepare_documents(self, basis):
        """One line a document, what is due first in front; then what is left."""
        rows = self._get_documents(basis)
        told, left = rows[:_DOCUMENTS], rows[_DOCUMENTS:]
        components = self.env["res.partner"]._get_risk_components()
        known = self._get_documents_known(basis, told, components)
        lines = [self._prepare_document(row, components, known) for row in told]
        if left:
            name = self.env._("and %s more", len(left))
            amount = sum(row[5] for row in left)
            lines.append({"section": "document", "name": name, "amount": amount})
        return lines

    def _prepare_document(self, row, components, known):
        code, _company, _card, document_id, due, amount = row
        component = components[code]
        document = known["named"].get((code, document_id))
        late = fields.Date.context_today(self)
        vals = {
            "section": "document",
            "code": code,
            "name": self.env._("A document of another company"),
            "note": component["name"],
            "due_date": due,
            "days": (late - due).days if code == "overdue" and due else 0,
            "amount": amount,
        }
        if document:
            vals["name"] = document.display_name
            vals["date"] = component.get("date") and document[component["date"]]
        if (code, document_id) in known["open"]:
            vals.update(res_model=document._name, res_id=document_id)
        return vals

    def _get_documents_known(self, basis, rows, components):
        """``named``: the documents whose numbers the user may know, by code and id, and
        ``open``: the codes and ids of those that they may read."""
        cards = basis.cards.with_user(basis.user)._filtered_access("read")
        ids = defaultdict(list)
        for code, company_id, card_id, document_id, _due, _amount in rows:
            if company_id in basis.user.company_ids.ids and card_id in cards.ids:
                ids[code].append(document_id)
        named, readable = {}, set()
        for code, document_ids in ids.items():
            model = components[code].get("document", components[code]["model"])
            documents = self.env[model].browse(document_ids).exists()
            named.update({(code, doc.id): doc for doc in documents})
            mine = documents.with_user(basis.user)._filtered_access("read")
            readable.update((code, doc.id) for doc in mine)
        return {"named": named, "open": readable}
