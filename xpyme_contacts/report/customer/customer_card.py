from textwrap import wrap

from odoo import api, fields, models
from odoo.tools import format_date, html2plaintext

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools.pagination import FONT_PX, count_lines, pack

_LINES_ON_PAPER = 62
# Of a page's width: letters of a value beside its label, and of a text or a table.
_VALUE, _WIDTH = 34, 112
_FOLLOWUPS = 20
_FISCAL = (
    *("ref", "customer_type_id", "trade_name", "given_name", "surname"),
    *("second_surname", "registration_date", "deregistration_date", "user_id"),
    *("customer_route_id", "sales_region_id", "lang"),
)
_REACH = (
    *("phone", "phone2", "mobile", "fax", "website", "email", "no_mailing"),
    *("document_email", "document_no_mailing", "ip_address"),
)
_INVOICING = (
    *("property_payment_term_id", "property_inbound_payment_method_line_id"),
    *("property_product_pricelist", "property_account_position_id", "payment_days"),
)
_SALES = ("total_sales", "recent_sales", "last_sale_date")
_OTHERS = (
    *("gender", "birthdate_date", "stated_age", "customer_flag"),
    *("marked_for_listing", "marked_for_labels", "flag_proposal", "flag_warranty"),
    *("flag_special", "flag_company", "flag_maintenance", "flag_paid"),
    *("service_price", "service_date"),
)
# Amounts that are plain numbers in the company's currency.
_MONEY = ("total_sales", "recent_sales", "service_price")


class CustomerCard(models.AbstractModel):
    """A customer's card on paper: all of it that the user may see.

    What they may not see is left out, and nothing of it is an error.
    """

    _name = "report.xpyme_contacts.customer_card"
    _description = "Customer Card"

    @api.model
    def _get_report_values(self, docids, data=None):
        partners = self.env["res.partner"].browse(docids).exists()
        partners = partners._filtered_access("read").commercial_partner_id
        cards = [
            {"customer": customer, "pages": self._paginate(customer)}
            for customer in partners._filtered_access("read")
        ]
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": partners,
            "cards": cards,
            "font_size": FONT_PX[_wkhtml().is_patched_qt],
            "company": self.env.company,
            "today": format_date(self.env, fields.Date.context_today(self)),
        }

    # === WHAT IT TELLS ===#

    @api.model
    def _get_sections(self, customer):
        """What the card tells, in its order; rooms and addons add theirs.

        :return: list of dictionaries: ``sequence``, ``title``, and any of ``pairs`` (of
            label and text), ``head`` with ``rows`` (texts of a table), ``text``; those
            without content are left out
        """
        sections = [
            (10, self.env._("Identification"), _FISCAL),
            (20, self.env._("Phones and e-mail"), _REACH),
            (60, self.env._("Invoice"), _INVOICING),
            (110, self.env._("Others"), _OTHERS),
        ]
        if not self.env.user._is_service_technician():
            sections.append((100, self.env._("Accumulated"), _SALES))
        return [
            *(
                {"sequence": place, "title": title, "pairs": pairs}
                for place, title, fnames in sections
                if (pairs := self._get_pairs(customer, fnames))
            ),
            self._prepare_address(customer),
            self._prepare_banks(customer),
            self._prepare_followups(customer),
            self._prepare_documents(customer),
            {
                "sequence": 130,
                "title": self.env._("Remarks"),
                "text": html2plaintext(customer.comment or ""),
            },
        ]

    @api.model
    def _prepare_address(self, customer):
        address = "\n".join(customer._get_address_lines())
        return {"sequence": 30, "title": self.env._("Address"), "text": address}

    @api.model
    def _prepare_banks(self, customer):
        accounts = customer.bank_ids._filtered_access("read")
        return {
            "sequence": 80,
            "title": self.env._("Bank accounts"),
            "head": [self.env._("Account"), self.env._("Bank"), self.env._("SWIFT")],
            "rows": [
                [bank.acc_number, bank.bank_id.name or "", bank.bank_id.bic or ""]
                for bank in accounts
            ],
        }

    @api.model
    def _prepare_followups(self, customer):
        activities = customer.followup_ids._filtered_access("read")
        return {
            "sequence": 90,
            "title": self.env._("Follow-up"),
            "head": [self.env._("Date"), self.env._("What"), self.env._("Who")],
            "rows": [
                [
                    format_date(self.env, activity.date_deadline),
                    ": ".join(
                        filter(
                            None,
                            (activity.activity_type_id.name, activity.summary),
                        )
                    ),
                    # sudo: the name of a colleague, as every screen shows it.
                    activity.sudo().user_id.name or "",
                ]
                for activity in activities[:_FOLLOWUPS]
            ],
        }

    @api.model
    def _prepare_documents(self, customer):
        """Identity documents, for those who may see them."""
        rows = []
        if customer._has_field_access(customer._fields["id_numbers"], "read"):
            rows = [
                [
                    document.category_id.name,
                    document.name,
                    format_date(self.env, document.valid_until) or "",
                ]
                for document in customer.id_numbers
            ]
        head = [self.env._("Document"), self.env._("No."), self.env._("Valid until")]
        title = self.env._("Identity documents")
        return {"sequence": 120, "title": title, "head": head, "rows": rows}

    # === VALUES ===#

    @api.model
    def _get_pairs(self, customer, fnames):
        """Label and text of the fields that hold something the user may see."""
        known = customer.fields_get(fnames, ["string", "type"])
        texts = {
            fname: self._format_value(customer, fname, known[fname]["type"])
            for fname in fnames
            if fname in known
        }
        return [(known[fname]["string"], text) for fname, text in texts.items() if text]

    @api.model
    def _format_value(self, customer, fname, kind):
        value = customer[fname]
        if not value:
            return ""
        if fname in _MONEY:
            return self.env.company.currency_id.format(value)
        if kind == "boolean":
            return self.env._("Yes")
        if kind == "date":
            return format_date(self.env, value)
        if kind == "selection":
            labels = customer._fields[fname]._description_selection(self.env)
            return dict(labels).get(value, value)
        if kind == "monetary":
            currency = customer._fields[fname].get_currency_field(customer)
            return customer[currency].format(value)
        if isinstance(value, models.BaseModel):
            # sudo: the name of what a field shows, as every screen shows it.
            return ", ".join(value.sudo().mapped("display_name"))
        return str(value)

    # === PAGES ===#

    @api.model
    def _paginate(self, customer):
        """Pages of items, each a dictionary of ``kind`` and what its template shows."""
        blocks = []
        sections = sorted(
            self._get_sections(customer), key=lambda section: section["sequence"]
        )
        for section in sections:
            items = self._get_items(section)
            if not items:
                continue
            # A title is not left alone at the foot of a page.
            top = [{"kind": "title", "text": section["title"], "lines": 2.5}]
            if section.get("rows"):
                top.append({"kind": "head", "cells": section["head"], "lines": 1.5})
            blocks.append([*top, items[0]])
            blocks.extend([item] for item in items[1:])
        heights = [sum(item["lines"] for item in block) for block in blocks]
        pages = pack(blocks, heights, _LINES_ON_PAPER)
        return [[item for block in page for item in block] for page in pages]

    @api.model
    def _get_items(self, section):
        pairs, rows = section.get("pairs") or [], section.get("rows") or []
        items = [
            self._prepare_item("pairs", pairs[place : place + 2], _VALUE)
            for place in range(0, len(pairs), 2)
        ]
        texts = (section.get("text") or "").strip().split("\n")
        items += [
            {"kind": "text", "text": line, "lines": 1.25}
            for text in texts
            for line in (wrap(text, _WIDTH) or [""])
            if section.get("text")
        ]
        for cells in rows:
            width = _WIDTH // len(cells)
            items.append(self._prepare_item("cells", cells, width))
        return items

    @api.model
    def _prepare_item(self, kind, cells, width):
        texts = [cell if isinstance(cell, str) else cell[1] for cell in cells]
        lines = 0.5 + count_lines((text, width) for text in texts)
        return {"kind": kind, "cells": cells, "lines": lines}
