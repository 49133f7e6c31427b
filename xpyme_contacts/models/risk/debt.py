from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.risk_terms import PENDING_DOMAIN, PENDING_ORDER, TAKEN_BACK


class ResPartner(models.Model):
    """What customers owe: the amounts behind their risk, each counted once.

    A *component* is a named amount of the debt; a *source* is the SQL of the documents
    behind one or more components. Another addon adds both, see DEVELOP.
    """

    _inherit = "res.partner"

    # === COMPONENTS ===#

    @api.model
    def _get_risk_components(self):
        """What a customer's debt is made of, in the order shown; addons add to it.

        :return: ``{code: component}``, a component being a dictionary of

            ``name``: its label
            ``help``: what it counts, one sentence
            ``excluded_by``: the switch of ``res.company`` that leaves it out
            ``source``: name of the method that returns the SQL of its documents, see
            :meth:`_get_risk_receivables`
            ``model``, ``partner``, ``domain``: the documents to open: their model, its
            field for the customer and what else they fulfil
            ``document``: the model whose ids the source gives, if it is another one
            ``date``: its field with the document's own date, if it has one
        """
        return {
            **self._get_receivable_components(),
            "draft": {
                "excluded_by": "risk_excludes_draft",
                "name": self.env._("Draft invoices"),
                "help": self.env._("Invoices not posted yet, less draft credit notes."),
                "source": "_get_risk_drafts",
                "model": "account.move",
                "date": "invoice_date",
                "partner": "partner_id",
                "domain": [
                    ("state", "=", "draft"),
                    ("move_type", "in", self._get_risk_invoice_types()),
                ],
            },
            "order": {
                "excluded_by": "risk_excludes_order",
                "name": self.env._("Orders to invoice"),
                "help": self.env._(
                    "What is left to invoice of confirmed orders, delivered or not, "
                    "less what was paid online."
                ),
                "source": "_get_risk_orders",
                "model": "sale.order",
                "date": "date_order",
                "partner": "partner_invoice_id",
                "domain": PENDING_DOMAIN,
            },
        }

    @api.model
    def _get_receivable_components(self):
        """The components that posted entries of receivable accounts make up."""
        entries = {
            "source": "_get_risk_receivables",
            "model": "account.move.line",
            "document": "account.move",
            "date": "invoice_date",
            "partner": "partner_id",
        }
        return {
            "open": {
                **entries,
                "excluded_by": "risk_excludes_open",
                "name": self.env._("Invoices not yet due"),
                "help": self.env._(
                    "What is left to pay of invoices that are not due yet."
                ),
                "domain": self._get_receivable_domain(">", due=">="),
            },
            "overdue": {
                **entries,
                "excluded_by": "risk_excludes_overdue",
                "name": self.env._("Overdue invoices"),
                "help": self.env._(
                    "What is left to pay of invoices past their due date."
                ),
                "domain": self._get_receivable_domain(">", due="<"),
            },
            "refund": {
                **entries,
                "excluded_by": "risk_excludes_refund",
                "name": self.env._("Credit notes and payments on account"),
                "help": self.env._(
                    "What the customer has in his favour: it lowers the debt."
                ),
                "domain": self._get_receivable_domain("<"),
            },
        }

    @api.model
    def _get_receivable_domain(self, sign, due=None):
        """Open entries whose residual compares so with 0, and their due date with
        today: by ``due``, if it matters."""
        today = fields.Date.context_today(self)
        domain = [
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
            ("amount_residual", sign, 0),
        ]
        if due:
            domain += [
                *("|", ("date_maturity", due, today)),
                *("&", ("date_maturity", "=", False), ("date", due, today)),
            ]
        return domain

    @api.model
    def _get_risk_invoice_types(self):
        return ["out_invoice", "out_refund", "out_receipt"]

    @api.model
    def _get_risk_document_domain(self, code, cards, company):
        """Domain of the documents behind a component of ``cards`` in ``company``."""
        component = self._get_risk_components()[code]
        return [
            (f"{component['partner']}.commercial_partner_id", "in", cards.ids),
            ("company_id", "in", company._get_risk_companies().ids),
            *component["domain"],
        ]

    # === SOURCES ===#

    @api.model
    def _get_risk_sources(self):
        """The SQL of all documents: card_id, company_id, code, due_date, document_id,
        amount (in the currency of the document's company)."""
        methods = dict.fromkeys(
            component["source"] for component in self._get_risk_components().values()
        )
        return SQL(" UNION ALL ").join(getattr(self, method)() for method in methods)

    @api.model
    def _get_risk_receivables(self):
        """Posted entries of receivable accounts.

        A source may join ``member`` (``id`` of any partner, ``card_id`` of the
        customer) and ``scope`` (``id`` and currency ``rounding`` of the companies).
        """
        return SQL(
            """
            SELECT member.card_id, line.company_id,
                   CASE WHEN line.amount_residual < 0 THEN 'refund'
                        WHEN COALESCE(line.date_maturity, line.date) < %(today)s
                        THEN 'overdue' ELSE 'open' END AS code,
                   COALESCE(line.date_maturity, line.date) AS due_date,
                   line.move_id AS document_id, line.amount_residual AS amount
              FROM account_move_line line
              JOIN account_account account
                ON account.id = line.account_id
               AND account.account_type = 'asset_receivable'
              JOIN member ON member.id = line.partner_id
              JOIN scope ON scope.id = line.company_id
             WHERE line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
               AND line.amount_residual != 0
            """,
            today=fields.Date.context_today(self),
            to_flush=[
                *self._get_flushed_fields("account.account", "account_type"),
                *self._get_flushed_fields(
                    "account.move.line",
                    *("partner_id", "company_id", "account_id", "parent_state"),
                    *("reconciled", "amount_residual", "date_maturity", "date"),
                ),
            ],
        )

    @api.model
    def _get_risk_drafts(self):
        """Draft invoices less draft credit notes."""
        return SQL(
            """
            SELECT move.commercial_partner_id, move.company_id, 'draft',
                   move.invoice_date_due, move.id, move.amount_residual_signed
              FROM account_move move
              JOIN member ON member.id = move.commercial_partner_id
              JOIN scope ON scope.id = move.company_id
             WHERE move.state = 'draft'
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            """,
            to_flush=self._get_flushed_fields(
                "account.move",
                *("state", "move_type", "company_id", "commercial_partner_id"),
                *("amount_residual_signed", "invoice_date_due"),
            ),
        )

    @api.model
    def _get_risk_orders(self):
        """Confirmed orders less what has been invoiced (drafts too) and paid online.

        At each order's own rate, rounded once per order.
        """
        return SQL(
            """
            SELECT member.card_id, so.company_id, 'order', NULL::date, so.id,
                   ROUND(ROUND(
                       GREATEST(so.risk_to_invoice - COALESCE(online.paid, 0),
                                LEAST(so.risk_to_invoice, 0))
                       / COALESCE(NULLIF(so.currency_rate, 0), 1), 8)
                       / scope.rounding) * scope.rounding
              FROM sale_order so
              JOIN member ON member.id = so.partner_invoice_id
              JOIN scope ON scope.id = so.company_id
              LEFT JOIN (%(online)s) online ON online.order_id = so.id
             WHERE %(pending)s
            """,
            pending=SQL(PENDING_ORDER),
            online=self._get_risk_order_payments(),
            to_flush=self._get_flushed_fields(
                "sale.order",
                *("company_id", "currency_rate", "partner_invoice_id"),
                *("risk_to_invoice", "risk_left_out"),
            ),
        )

    @api.model
    def _get_risk_order_payments(self):
        """What few orders have: order_id, paid online, until it is in the books.

        As ``payment.transaction._get_paid_amounts``. A payment booked and then
        cancelled, a chargeback, pays nothing.
        """
        if not self._is_any_order_paid_online():
            # PostgreSQL plans what follows for longer than it works on all the rest.
            return SQL("SELECT NULL::int AS order_id, 0 AS paid WHERE FALSE")
        return SQL(
            """
            SELECT so.id AS order_id, SUM(
                       family.share * %(own)s * CASE
                       WHEN payment.currency_id = so.currency_id THEN 1
                       ELSE COALESCE(NULLIF(so.currency_rate, 0), 1) / %(rate)s END
                   ) AS paid
              FROM (%(family)s) family
              JOIN sale_order so ON so.id = family.order_id
              JOIN res_company company ON company.id = so.company_id
              JOIN payment_transaction payment ON payment.id = family.transaction_id
              LEFT JOIN account_payment booked ON booked.id = payment.payment_id
              LEFT JOIN account_move entry
                ON entry.id = booked.move_id AND entry.state = 'posted'
             WHERE payment.state = 'authorized'
                OR payment.state = 'done' AND entry.id IS NULL
                   AND COALESCE(booked.state, '') NOT IN %(taken_back)s
             GROUP BY so.id
            """,
            family=self._get_risk_transactions(),
            own=self._get_risk_own_amount(),
            rate=self._get_risk_payment_rate(),
            taken_back=TAKEN_BACK,
            to_flush=[
                *self._get_flushed_fields(
                    "payment.transaction",
                    *("state", "amount", "payment_id", "currency_id", "operation"),
                    "source_transaction_id",
                ),
                *self._get_flushed_fields("account.payment", "move_id", "state"),
                *self._get_flushed_fields(
                    "sale.order", "currency_id", "currency_rate", "date_order"
                ),
            ],
        )

    @api.model
    def _is_any_order_paid_online(self):
        """Whether there is a transaction of any order of this database."""
        query = SQL("SELECT EXISTS (SELECT FROM sale_order_transaction_rel)")
        [(found,)] = self.env.execute_query(query)
        return found

    @api.model
    def _get_risk_transactions(self):
        """SQL of the transactions of the members' pending orders and of all that came
        of them: order_id, transaction_id, share of the order."""
        weight = (
            "GREATEST(%s.amount_total, 0) / COALESCE(NULLIF(%s.currency_rate, 0), 1)"
        )
        own, linked = (SQL(weight.replace("%s", name)) for name in ("so", "other"))
        return SQL(
            """
            WITH RECURSIVE family AS (
                SELECT so.id AS order_id, rel.transaction_id, COALESCE((
                           SELECT %(own)s / NULLIF(SUM(%(linked)s), 0)
                             FROM sale_order_transaction_rel others
                             JOIN sale_order other ON other.id = others.sale_order_id
                            WHERE others.transaction_id = rel.transaction_id
                              AND (other.id = so.id OR other.state != 'cancel')
                       ), 1) AS share
                  FROM sale_order so
                  JOIN member ON member.id = so.partner_invoice_id
                  JOIN sale_order_transaction_rel rel ON rel.sale_order_id = so.id
                 WHERE %(pending)s
                 UNION
                SELECT family.order_id, child.id, family.share
                  FROM family JOIN payment_transaction child
                    ON child.source_transaction_id = family.transaction_id
            )
            SELECT * FROM family
            """,
            own=own,
            linked=linked,
            pending=SQL(PENDING_ORDER),
            to_flush=self._get_flushed_fields("sale.order", "amount_total", "state"),
        )

    @api.model
    def _get_risk_own_amount(self):
        """SQL of what a ``payment`` holds itself: not what a child captured or voided,
        but a refund's negative amount."""
        return SQL(
            """
            CASE WHEN payment.amount <= 0 THEN payment.amount
                 ELSE GREATEST(payment.amount - COALESCE((
                     SELECT SUM(part.amount) FROM payment_transaction part
                      WHERE part.source_transaction_id = payment.id
                        AND part.operation IS NOT DISTINCT FROM payment.operation
                        AND part.state IN ('authorized', 'done', 'cancel')
                 ), 0), 0) END
            """
        )

    @api.model
    def _get_risk_payment_rate(self):
        """SQL of the rate of a ``payment`` in another currency than its order's, on the
        order's day."""
        rate = """
            (SELECT rate.rate FROM res_currency_rate rate
              WHERE rate.currency_id = payment.currency_id
                AND (rate.company_id IS NULL OR rate.company_id
                     = SPLIT_PART(company.parent_path, '/', 1)::int)
                %s LIMIT 1)
        """
        first = "ORDER BY rate.company_id, rate.name"
        latest = f"AND rate.name <= so.date_order::date {first} DESC"
        return SQL(
            "(CASE WHEN payment.currency_id = company.currency_id THEN 1"
            " ELSE COALESCE(%s, %s, 1) END)",
            SQL(rate % latest),
            SQL(rate % first),
            to_flush=self._get_flushed_fields(
                "res.currency.rate", "rate", "name", "currency_id", "company_id"
            ),
        )

    @api.model
    def _get_flushed_fields(self, model, *names):
        """Fields that SQL reads, for what is pending in them to be written before."""
        return [self.env[model]._fields[name] for name in names]
