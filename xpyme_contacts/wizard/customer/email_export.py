import base64
import logging
from collections import Counter
from itertools import chain
from tempfile import TemporaryFile

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.address_files import MIME_TYPES, safe_file_name, write_file
from ...tools.mailboxes import is_sendable

_logger = logging.getLogger(__name__)

_BATCH = 10_000
# Larger files are only downloaded: as a field they would travel with the form.
_MAX_ROWS_IN_FIELD = 5_000
# Of a type of text Odoo would keep all addresses a second time, to search in them.
_NOT_INDEXED = "application/x-download"


class EmailExport(models.TransientModel):
    """A file of e-mail addresses (seed 004: *Emails* and *Emails Contacto*).

    The seed's folder is the browser's download: nothing is written on the server.
    Read with the user's own rights, in batches, so memory stays flat.
    """

    _name = "xpyme.email.export"
    _technicians_only_read = True
    _description = "File of E-mail Addresses"

    source = fields.Selection(
        [("customer", "Customers"), ("contact", "Contacts of customers")],
        string="Addresses of",
        required=True,
        default="customer",
    )
    file_format = fields.Selection(
        [
            ("txt", "Plain text"),
            ("xml", "XML"),
            ("xlsx", "Excel (.xlsx)"),
            ("xls", "Excel 97-2003 (.xls)"),
        ],
        string="Format",
        required=True,
        default="txt",
    )
    skip_no_mailing = fields.Boolean(
        string="Leave out No Mailing",
        default=True,
        help="Leave out the addresses that want no advertising, and customers who have "
        "been deregistered.",
    )
    include_document_email = fields.Boolean(
        string="Also the E-mail for Documents",
        help="Customers only: also the address that documents are sent to.",
    )
    file_name = fields.Char(help="Without a folder: the browser knows where to save.")
    file_data = fields.Binary(string="File", readonly=True, attachment=False)
    selected_ids = fields.Json(string="Selection", readonly=True)
    selected_count = fields.Integer(compute="_compute_selected_count")
    exported_count = fields.Integer(string="Addresses in the File", readonly=True)
    no_address_count = fields.Integer(string="Without Address", readonly=True)
    invalid_count = fields.Integer(string="Not Valid", readonly=True)
    duplicate_count = fields.Integer(string="Repeated", readonly=True)
    no_mailing_count = fields.Integer(string="No Mailing", readonly=True)
    gone_count = fields.Integer(string="No customers any more", readonly=True)

    @api.depends("selected_ids")
    def _compute_selected_count(self):
        for export in self:
            export.selected_count = len(export.selected_ids or [])

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model", "res.partner") == "res.partner":
            values["selected_ids"] = list(self.env.context.get("active_ids") or [])
        return values

    # === THE FILE ===#

    def action_export(self):
        """Write the file, count what is not in it, and download it.

        :raise UserError: there is no address to write
        :raise AccessError: the user may not export
        """
        self.ensure_one()
        self._check_email_export_allowed()
        counts = Counter()
        with TemporaryFile() as output:
            write_file(
                self.file_format,
                output,
                self._get_columns(),
                self._iter_rows(counts),
            )
            output.seek(0)
            content = output.read()
        if not counts["exported"]:
            raise UserError(self._get_nothing_message(counts))
        self._keep_file(content, counts)
        self._note_taken()
        return {
            "type": "ir.actions.act_url",
            "url": f"/xpyme_contacts/email_export/{self.id}",
            # Not "download": the window would not be told, and show no result.
            "target": "new",
        }

    def _keep_file(self, content, counts):
        """Keep the file until the wizard is cleaned up, for its download."""
        self._get_file().unlink()
        number = counts["exported"]
        name = self._get_file_name()
        self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": _NOT_INDEXED,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "file_name": name,
                "file_data": number <= _MAX_ROWS_IN_FIELD and base64.b64encode(content),
                "exported_count": number,
                **{f"{why}_count": counts[why] for why in self._get_reasons()},
            }
        )

    def _note_taken(self):
        """Who took which file, where Odoo notes its own exports."""
        _logger.info(
            "User %d took a file (%s) of %d addresses of %ss, %s those who refuse "
            "advertising, from %s.",
            self.env.uid,
            self.file_format,
            self.exported_count,
            self.source,
            "without" if self.skip_no_mailing else "also of",
            f"{self.selected_count} chosen records" if self.selected_ids else "all",
        )

    @api.model
    def _get_reasons(self):
        """Why an address stays out: what is counted; rooms add theirs."""
        return ["no_address", "invalid", "duplicate", "no_mailing", "gone"]

    def _get_file(self):
        """The attachment with the file, for the download."""
        return self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], limit=1
        )

    def _get_mime_type(self):
        return MIME_TYPES[self.file_format]

    def _get_file_name(self):
        self.ensure_one()
        return safe_file_name(self.file_name, self.file_format, "e-mails")

    @api.model
    def _get_nothing_message(self, left_out):
        return self.env._(
            "There is no address to write: %(missing)s without an address, "
            "%(invalid)s not valid, %(refused)s want no advertising, %(gone)s are no "
            "customers any more.",
            missing=left_out["no_address"],
            invalid=left_out["invalid"],
            refused=left_out["no_mailing"],
            gone=left_out["gone"],
        )

    @api.model
    def _check_email_export_allowed(self):
        """Called by the wizard's button and by the download.

        :raise AccessError: the user may not export, or is a technician
        """
        self._check_export_allowed()
        user = self.env.user
        if not (self.env.is_admin() or user.has_group("base.group_allow_export")):
            raise AccessError(
                self.env._(
                    "You are not allowed to export data. Ask an administrator for the "
                    "right to export, or for the file."
                )
            )

    # === ROWS ===#

    def _get_columns(self):
        """Pairs of XML tag and heading; each row has them in this order.

        A text file of customers is a bare list of addresses.
        """
        columns = [("email", self.env._("E-mail"))]
        if self.source == "customer" and self.file_format == "txt":
            return columns
        columns += [
            ("code", self.env._("Customer's code")),
            ("customer", self.env._("Customer")),
        ]
        if self.source == "contact":
            columns.append(("contact", self.env._("Contact")))
        return columns

    def _iter_rows(self, counts):
        """One row for each address, the first who has it.

        :param counts: a counter that takes what is exported, and what stays out by
            reason; it is complete after the last row
        """
        seen = set()
        kinds = self._get_mailbox_kinds()
        for batch in self._iter_batches():
            found = [self._join_wanted(row[1], kinds) for row in batch]
            reasons = self._get_reasons_by_address(found)
            for (addresses, wrong), row in zip(found, batch, strict=True):
                *cells, is_gone = row[2:]
                if is_gone:
                    counts["gone"] += 1
                    continue
                if wrong:
                    counts["invalid"] += len(wrong)
                elif not addresses:
                    counts["no_address"] += 1
                for address in addresses:
                    if address in reasons:
                        counts[reasons[address]] += 1
                    elif address in seen:
                        counts["duplicate"] += 1
                    else:
                        seen.add(address)
                        yield (address, *cells)
        counts["exported"] = len(seen)

    def _get_mailbox_kinds(self):
        """The kinds of mailboxes whose addresses go into the file."""
        also_documents = self.source == "customer" and self.include_document_email
        return ["email", "document"] if also_documents else ["email"]

    @api.model
    def _join_wanted(self, mailboxes, kinds):
        """The addresses that mails can be sent to, each once, and what else there is in
        the mailboxes asked for."""
        found, wrong = zip(*map(mailboxes.get, kinds), strict=True)
        found = list(dict.fromkeys(chain(*found)))
        lost = [box for box in found if not is_sendable(box)]
        return [box for box in found if box not in lost], [*lost, *chain(*wrong)]

    def _get_refused(self, found):
        """Addresses that refuse, whoever has them: it is said of the address."""
        if not self.skip_no_mailing:
            return set()
        return self.env["mail.blacklist"]._filter_refused(
            address for addresses, _wrong in found for address in addresses
        )

    def _get_reasons_by_address(self, found):
        """``{address: reason}`` of those that stay out; rooms add theirs."""
        return dict.fromkeys(self._get_refused(found), "no_mailing")

    def _iter_batches(self):
        """Lists of (id, mailboxes, the other columns of the file, whether it is left
        out with its customer), by id."""
        partners = self.env["res.partner"].with_context(
            active_test=not self.selected_ids
        )
        partners.flush_model(
            ["email", "document_email", "ref", "name", *self._get_gone_fields()]
        )
        domain = self._get_partners_domain()
        last = 0
        while last is not None:
            query = partners._search(
                domain & Domain("id", ">", last), order="id", limit=_BATCH
            )
            rows = partners._read_mailboxes(query, *self._join_columns(query))
            yield rows
            last = rows[-1][0] if len(rows) == _BATCH else None

    def _join_columns(self, query):
        """SQL of the file's columns after the address; ``query`` gets its join."""
        table = "res_partner"
        if self.source == "contact":
            table = "customer"
            query.add_join(
                "LEFT JOIN",
                table,
                "res_partner",
                SQL("customer.id = res_partner.commercial_partner_id"),
            )
        columns = {
            "code": SQL.identifier(table, "ref"),
            "customer": SQL.identifier(table, "name"),
            "contact": SQL("res_partner.name"),
        }
        wanted = [columns[tag] for tag, _heading in self._get_columns()[1:]]
        gone = self._get_gone_sql(table) if self.skip_no_mailing else SQL("FALSE")
        return [*wanted, gone]

    @api.model
    def _get_gone_fields(self):
        """The fields that ``_get_gone_sql`` reads."""
        return ["deregistration_date"]

    @api.model
    def _get_gone_sql(self, table):
        """SQL condition of those who are customers no more; rooms add theirs.

        :param table: the alias of the customers' table
        """
        return SQL(
            "%s <= %s",
            SQL.identifier(table, "deregistration_date"),
            fields.Date.context_today(self),
        )

    def _get_partners_domain(self):
        """Domain of the partners whose addresses are asked for."""
        selected = self.env["res.partner"].browse(self.selected_ids or [])
        if self.source == "customer":
            if selected:
                return Domain("id", "in", selected.commercial_partner_id.ids)
            return Domain("is_customer_card", "=", True)
        contacts = Domain(
            [
                ("type", "=", "contact"),
                ("is_company", "=", False),
                ("is_document_mailbox", "=", False),
            ]
        )
        if selected:
            ids = selected.ids
            chosen = Domain("parent_id", "in", ids) | (
                Domain("id", "in", ids) & Domain("parent_id", "!=", False)
            )
            return contacts & chosen
        return contacts & Domain("parent_id.is_customer_card", "=", True)
