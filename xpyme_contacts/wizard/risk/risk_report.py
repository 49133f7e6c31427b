from collections import namedtuple

from odoo import api, fields, models

from ...tools.risk_bar import get_bar

# What a report is made from: the ``cards`` judged together and those ``apart`` of the
# same tax id; the ``parts`` of all their debts (rows of ``_get_risk_parts``) and the
# cards' ``own``; the codes that are ``counted``; the ``user`` who reads it.
Basis = namedtuple("Basis", "cards apart parts own counted user")


class RiskReport(models.TransientModel):
    """*Revisar riesgo* (seed 004): what a customer owes now, explained.

    Made anew each time it is opened: the figures are those of that moment.
    """

    _name = "xpyme.risk.report"
    _description = "Risk Report"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sentence = fields.Text(readonly=True)
    is_exceeded = fields.Boolean(readonly=True)
    is_by_vat = fields.Boolean(string="By Tax ID", readonly=True)
    granted = fields.Monetary(string="Granted Risk", readonly=True)
    internal = fields.Monetary(string="Internal Limit", readonly=True)
    debt = fields.Monetary(readonly=True)
    insured = fields.Monetary(readonly=True)
    has_overdue = fields.Boolean(readonly=True)
    bar = fields.Html(compute="_compute_bar", sanitize=False)
    line_ids = fields.One2many("xpyme.risk.report.line", "report_id")
    component_ids = fields.One2many(
        "xpyme.risk.report.line", "report_id", domain=[("section", "=", "component")]
    )
    card_ids = fields.One2many(
        "xpyme.risk.report.line", "report_id", domain=[("section", "=", "card")]
    )
    by_company_ids = fields.One2many(
        "xpyme.risk.report.line", "report_id", domain=[("section", "=", "company")]
    )
    left_out_ids = fields.One2many(
        "xpyme.risk.report.line", "report_id", domain=[("section", "=", "left_out")]
    )
    release_ids = fields.One2many(
        "xpyme.risk.report.line", "report_id", domain=[("section", "=", "release")]
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Fill in the figures of this moment.

        :raise AccessError: of a company where the user does not work
        """
        reports = super().create(vals_list)
        for report in reports:
            report.partner_id.check_access("read")
            if not self.env.su:
                report.partner_id._check_works_in(report.company_id)
            # sudo: totals of a customer that the user may read, and no entries.
            report.sudo().write(report.sudo()._prepare_vals(self.env.user))
        return reports

    @api.depends("debt", "granted", "internal", "insured")
    def _compute_bar(self):
        for report in self:
            limits = (report.debt, report.granted, report.internal, report.insured)
            report.bar = self.env["ir.qweb"]._render(
                "xpyme_contacts.risk_bar", {"report": report, "bar": get_bar(*limits)}
            )

    # === VALUES ===#

    def _prepare_vals(self, user):
        """The figures of this moment and their lines, as ``user`` may know them."""
        customer, company = self.partner_id.commercial_partner_id, self.company_id
        customer = customer.with_company(company)
        figures = customer._get_risk_figures(company)[customer.id]
        cards = customer._get_risk_cards()
        apart = (customer | customer._get_same_tax_id()) - cards
        parts = (cards | apart)._get_risk_parts(company)
        own = [part for part in parts if part[0] in cards.ids]
        counted = company._get_counted_risk_components()
        basis = Basis(cards, apart, parts, own, counted, user)
        sections = (
            self._prepare_components(basis),
            self._prepare_cards(basis),
            self._prepare_companies(basis),
            self._prepare_left_out(basis),
            self._prepare_releases(basis, figures),
            self._prepare_documents(basis),
        )
        lines = [vals for section in sections for vals in section]
        return {
            **self._prepare_call_vals(customer, basis),
            "sentence": "\n".join(customer._get_risk_sentences(figures, company)),
            "is_exceeded": figures["exceeded"],
            "is_by_vat": customer.risk_by_vat,
            "granted": figures["granted"] or 0.0,
            "internal": figures["internal"] or 0.0,
            "debt": figures["debt"],
            "insured": customer.is_insured and customer.insured_amount,
            "has_overdue": bool(figures["overdue"]),
            "line_ids": [
                fields.Command.create({"sequence": number, **vals})
                for number, vals in enumerate(lines)
            ],
        }

    def _prepare_components(self, basis):
        """One line a component that counts, also of those that are zero."""
        components = self.env["res.partner"]._get_risk_components()
        return [
            {
                "section": "component",
                "code": code,
                "name": components[code]["name"],
                "note": components[code]["help"],
                "amount": _total(basis.own, codes=(code,)),
                "document_count": sum(part[3] for part in basis.own if part[2] == code),
            }
            for code in basis.counted
        ]

    def _prepare_cards(self, basis):
        """One line a card of the same tax id; those out of reach have no name."""
        if len(basis.cards) == 1:
            return []
        readable = basis.cards.with_user(basis.user)._filtered_access("read")
        lines = []
        for card in basis.cards:
            is_readable = card in readable
            lines.append(
                {
                    "section": "card",
                    "name": card.display_name
                    if is_readable
                    else self.env._("A card of another company"),
                    "card_id": is_readable and card.id,
                    "note": "" if card.active else self.env._("Archived"),
                    "amount": _total(basis.own, card=card.id, codes=basis.counted),
                    "granted": self._get_granted(card),
                }
            )
        return lines

    def _get_granted(self, card):
        """What a branch has not granted by itself its root company has."""
        own = card.with_company(self.company_id).credit_limit
        return own or card.with_company(self.company_id.root_id).credit_limit

    def _prepare_companies(self, basis):
        """One line a company; those that the user does not work in are one."""
        companies = self.env["res.company"].browse({part[1] for part in basis.own})
        if len(companies) < 2:
            return []
        known = companies & basis.user.company_ids
        lines = [(company.name, company) for company in known.sorted()]
        if companies - known:
            lines.append((self.env._("Other companies"), companies - known))
        return [
            {
                "section": "company",
                "name": name,
                "amount": sum(
                    _total(basis.own, company=company.id, codes=basis.counted)
                    for company in members
                ),
            }
            for name, members in lines
        ]

    # === LEFT OUT ===#

    @api.model
    def _get_left_out_sources(self):
        """Methods that return what is no debt, in the order shown; addons add theirs.

        Each is called with a :class:`Basis` and returns dictionaries of ``name``,
        ``note`` (why) and ``amount``, in the report's currency.
        """
        return [
            "_get_left_out_components",
            "_get_left_out_quotations",
            "_get_left_out_orders",
            "_get_left_out_cards",
        ]

    def _prepare_left_out(self, basis):
        return [
            {"section": "left_out", **line}
            for source in self._get_left_out_sources()
            for line in getattr(self, source)(basis)
        ]

    def _get_left_out_components(self, basis):
        """What the company's settings leave out."""
        components = self.env["res.partner"]._get_risk_components()
        amounts = {
            code: _total(basis.own, codes=(code,))
            for code in components
            if code not in basis.counted
        }
        note = self.env._("The company's settings leave it out of the debt.")
        return [
            {"name": components[code]["name"], "note": note, "amount": amount}
            for code, amount in amounts.items()
            if amount
        ]

    def _get_left_out_quotations(self, basis):
        quoted = self._search_orders(basis, [("state", "in", ("draft", "sent"))])
        amount = sum(
            self._convert(
                sum(order._convert_risk(order.amount_total) for order in orders),
                company,
            )
            for company, orders in quoted.grouped("company_id").items()
        )
        note = self.env._("They are no debt until they are confirmed.")
        line = {"name": self.env._("Quotations"), "note": note, "amount": amount}
        return [line] if amount else []

    def _convert(self, amount, company):
        """From a company's currency into the report's, at today's rate as the debt."""
        today = fields.Date.context_today(self)
        currency = company.currency_id
        return currency._convert(amount, self.currency_id, self.company_id, today)

    def _get_left_out_orders(self, basis):
        """Orders that a risk manager has left out; without a name in companies where
        the user does not work."""
        orders = self._search_orders(
            basis,
            [("risk_left_out", "=", True), ("invoice_status", "!=", "invoiced")],
        )
        return [
            {
                "name": order.name
                if order.company_id in basis.user.company_ids
                else self.env._("An order of another company"),
                "note": order.risk_left_out_reason,
                "amount": self._convert(
                    order._convert_risk(order.risk_to_invoice), order.company_id
                ),
            }
            for order in orders
        ]

    def _search_orders(self, basis, domain):
        """The orders, of those that fulfil ``domain``, that the cards pay."""
        return self.env["sale.order"].search(
            [
                ("partner_invoice_id.commercial_partner_id", "in", basis.cards.ids),
                ("company_id", "in", self.company_id._get_risk_companies().ids),
                *domain,
            ]
        )

    def _get_left_out_cards(self, basis):
        """The other cards of a tax id that is not judged together."""
        if not basis.apart:
            return []
        amount = sum(
            _total(basis.parts, card=card.id, codes=basis.counted)
            for card in basis.apart
        )
        note = self.env._(
            "They are judged apart: tick By Tax ID in the card to judge them together."
        )
        name = self.env._("Other cards of this tax id: %s", len(basis.apart))
        return [{"name": name, "note": note, "amount": amount}]

    # === RELEASES ===#

    def _prepare_releases(self, basis, figures):
        """The next dates when credit frees, and what will be available then."""
        if "open" not in basis.counted:
            return []
        debt, lines = figures["debt"], []
        left = {
            name: figures[limit] - debt
            for name, limit in (
                ("available", "granted"),
                ("available_internal", "internal"),
            )
            if figures[limit]
        }
        for date, amount in basis.cards._get_risk_releases(self.company_id):
            left = {name: had + amount for name, had in left.items()}
            vals = {"section": "release", "date": date, "amount": amount}
            lines.append({**vals, **left})
        return lines

    # === ACTIONS ===#

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Risk of %s", self.partner_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_refresh(self):
        """The same report with the figures of now."""
        self.ensure_one()
        return {
            **self.partner_id.with_company(self.company_id).action_open_risk_report(),
            "target": "main",
        }

    def action_print(self):
        # Not the moment to ask an administrator how documents should look.
        report = self.env.ref("xpyme_contacts.xpyme_risk_report_action")
        return report.report_action(self, data={}, config=False)


def _total(parts, codes, card=None, company=None):
    """The sum of the parts of some components, of one card or company or of all."""
    return sum(
        amount
        for card_id, company_id, code, _count, amount in parts
        if code in codes and card in (None, card_id) and company in (None, company_id)
    )
