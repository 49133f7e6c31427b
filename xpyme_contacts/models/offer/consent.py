import secrets
from base64 import b64decode
from binascii import Error as NotBase64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, email_normalize
from odoo.tools.misc import format_date

from ...tools.address_mark import get_mark, get_mark_sql
from ...tools.mailboxes import normalise_mailbox, without_invisible

# Of its own: Odoo makes its secret anew in a database that is copied or restored, and
# then nobody's refusal would be found again.
CONSENT_KEY = "xpyme_contacts.consent_key"
_KIND, BASIS = SQL("consent.kind"), SQL("consent.basis")
GRANTED, WITHDRAWN = "granted", "withdrawn"
CONSENT, TOLD = "consent", "customer"
TYPED, FORGOTTEN = "typed", "forgotten"


class OfferConsent(models.Model):
    """Who agreed to get offers, or refused them: a register that only grows.

    Spain, LSSI art. 21: a customer may be written to about what he buys, and can
    refuse in every mail. Chile, Ley 21.719: whoever writes must be able to prove why
    he may. So each event stays, with its date, its way and its text. The event with the
    latest date holds for an address, whenever it was typed. It concerns offers only:
    *No Mailing* is a register of its own.
    """

    _name = "xpyme.offer.consent"
    _technicians_only_read = True
    _description = "Consent to Offers"
    _order = "date desc, id desc"
    _rec_name = "email"

    email = fields.Char(
        string="E-mail",
        help="Empty once the person has been forgotten; the mark that proves the event "
        "stays.",
    )
    email_hash = fields.Char(
        string="Mark of the address",
        required=True,
        readonly=True,
        index=True,
        help="Tells the address again without naming it.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [(GRANTED, "Agreed to offers"), (WITHDRAWN, "Refused offers")],
        string="Event",
        required=True,
        default=WITHDRAWN,
    )
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="When it was said, not when it was typed: the latest event of an address "
        "holds.",
    )
    source = fields.Selection(
        [
            (TYPED, "Noted by us"),
            ("page", "Page of the offer"),
            ("one_click", "Button of the mail program"),
            ("join", "Page to join, confirmed by mail"),
            (FORGOTTEN, "Forgotten at their wish"),
        ],
        string="How",
        required=True,
        readonly=True,
        default=TYPED,
    )
    basis = fields.Selection(
        [
            (CONSENT, "They agreed"),
            (TOLD, "Told when they bought, and did not object"),
        ],
        compute="_compute_basis",
        store=True,
        readonly=False,
        help="What lets us send offers: their consent, or a purchase at which they "
        "were told of offers of similar articles and how to refuse them.",
    )
    text = fields.Text(
        string="What they were told or said",
        help="The words that the person agreed to or used: a form, a page, a call. To "
        "note that somebody agreed, type them or attach the paper.",
    )
    evidence = fields.Binary(
        attachment=True,
        help="The signed form or the message, as a file. It is needed to note that "
        "somebody agreed who had refused by a page or by their mail program.",
    )
    evidence_name = fields.Char(string="Name of the file")
    trace = fields.Char(
        string="From",
        readonly=True,
        help="Internet address and program of whoever pressed the button.",
    )
    user_id = fields.Many2one(
        "res.users", string="Noted by", readonly=True, ondelete="set null"
    )
    offer_id = fields.Many2one("xpyme.offer", readonly=True, ondelete="set null")
    holds = fields.Boolean(
        string="Holds now",
        compute="_compute_holds",
        help="It is the latest event of the address. Earlier ones are history.",
    )

    _last_idx = models.Index("(email_hash, company_id, date, id)")

    @api.depends("kind")
    def _compute_basis(self):
        for consent in self:
            is_grant = consent.kind == GRANTED
            consent.basis = is_grant and (consent.basis or CONSENT)

    def _compute_holds(self):
        self.flush_model()
        query = SQL(
            """
            SELECT DISTINCT ON (email_hash, house) consent.id
              FROM xpyme_offer_consent consent
              JOIN res_company ON res_company.id = consent.company_id,
                   split_part(res_company.parent_path, '/', 1) AS house
             WHERE email_hash = ANY(%s)
             ORDER BY email_hash, house, date DESC, consent.id DESC
            """,
            self.mapped("email_hash"),
        )
        last = {row[0] for row in self.env.execute_query(query)}
        for consent in self:
            consent.holds = consent._origin.id in last

    # === A REGISTER ===#

    @api.model_create_multi
    def create(self, vals_list):
        """:raise ValidationError: the address is none"""
        for vals in vals_list:
            if not self.env.su:
                vals.update(user_id=self.env.uid, source=TYPED, trace=False)
            elif vals.get("email_hash") and not vals.get("email"):
                # Of somebody who was forgotten.
                continue
            typed = vals.get("email")
            # What Odoo can send to can refuse.
            email = normalise_mailbox(typed) or email_normalize(typed)
            if not email:
                raise ValidationError(
                    self.env._(
                        "%s is not an e-mail address. Type the address that agreed or "
                        "refused.",
                        vals.get("email") or "—",
                    )
                )
            vals.update(email=email, email_hash=self._hash(email))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise UserError(self._get_kept_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_kept_message())

    def _get_kept_message(self):
        return self.env._(
            "What somebody agreed to or refused is kept as proof. Add a new line with "
            "what holds now."
        )

    # === WHAT CAN BE NOTED ===#

    @api.constrains("date")
    def _check_date(self):
        """:raise ValidationError: the event is still to come"""
        now = fields.Datetime.now()
        for consent in self:
            if consent.date > now:
                raise ValidationError(
                    self.env._(
                        "%(date)s is still to come. Type when %(email)s agreed or "
                        "refused.",
                        date=format_date(self.env, consent.date),
                        email=consent.email,
                    )
                )

    @api.constrains("kind", "text", "evidence", "date", "email_hash")
    def _check_proved(self):
        """Of those who were forgotten nothing is left to be checked.

        :raise ValidationError: nothing tells that somebody agreed, or only our word
            tells it of somebody who had left by themselves
        """
        typed = self.filtered(
            lambda c: c.kind == GRANTED and c.source == TYPED and c.email
        )
        unproved = typed.filtered(lambda c: not c._has_evidence())
        for consent in unproved:
            if not without_invisible(consent.text).strip():
                raise ValidationError(
                    self.env._(
                        "Nothing tells that %s agreed. Type the words of the form or "
                        "of the call, or attach the signed paper.",
                        consent.email,
                    )
                )
        own = unproved._find_own_events()
        for consent in unproved:
            key = (consent.email_hash, consent.company_id.root_id)
            events = own.get(key, self.browse())
            last = events.filtered(lambda e, c=consent: e.date <= c.date)[-1:]
            if last.kind == WITHDRAWN:
                raise ValidationError(
                    self.env._(
                        "%(email)s left the offers by their own hand on %(date)s. "
                        "Attach what they have signed or written since then.",
                        email=consent.email,
                        date=format_date(self.env, last.date),
                    )
                )

    def _has_evidence(self):
        """Whether the file has anything in it."""
        try:
            content = b64decode(self.with_context(bin_size=False).evidence or b"")
        except NotBase64:
            return False
        return bool(content.strip(b"\0 \t\r\n"))

    def _find_own_events(self):
        """``{(mark, house): events}`` by the persons' own hand, the first first."""
        # sudo: what a person did counts, whoever may read it.
        events = self.sudo().search(
            [
                ("email_hash", "in", self.mapped("email_hash")),
                ("source", "!=", TYPED),
            ],
            order="date, id",
        )
        return events.grouped(lambda e: (e.email_hash, e.company_id.root_id))

    # === MARKS ===#

    @api.model
    def _hash(self, email):
        """The mark of an address, however its domain is written: with a key, so that
        nobody who has the register finds who was forgotten by trying addresses."""
        return get_mark(self._get_key(), normalise_mailbox(email) or email)

    @api.model
    def _get_hash_sql(self, email):
        return get_mark_sql(self._get_key(), email)

    @api.model
    def _get_key(self):
        """The key of the marks; the installation makes it (``data/``)."""
        # sudo: it stays on the server.
        parameters = self.env["ir.config_parameter"].sudo()
        key = parameters.get_param(CONSENT_KEY)
        if not key:
            key = secrets.token_hex(32)
            parameters.set_param(CONSENT_KEY, key)
        return key

    # === FORGETTING ===#

    def action_anonymise(self):
        """Forget who it was; that they want no more offers is known by the mark."""
        self.check_access("write")
        # sudo: the only change that the register allows, to those who may manage it.
        self.sudo()._forget()
        return True

    def _forget(self):
        """Take away all that tells who it was, and send them nothing more.

        What was typed may name them.
        """
        for company, own in self.grouped("company_id").items():
            self._suppress(own.mapped("email_hash"), company)
        self.write(
            {
                "email": False,
                "partner_id": False,
                "offer_id": False,
                "text": False,
                "evidence": False,
                "evidence_name": False,
                "trace": False,
            }
        )

    @api.model
    def _suppress(self, marks, company):
        """See to it that the addresses of ``marks`` get no offers of a company."""
        self.flush_model()
        query = SQL(
            "SELECT box.mark FROM unnest(%s::text[]) AS box(mark)"
            " WHERE %s IS DISTINCT FROM %s",
            list(dict.fromkeys(marks)),
            self._get_last_of_mark_sql(SQL("box.mark"), SQL("%s", company.id)),
            WITHDRAWN,
        )
        # sudo: whoever may forget somebody need not keep the register.
        self.sudo().create(
            [
                {"email_hash": mark, "company_id": company.id, "source": FORGOTTEN}
                for (mark,) in self.env.execute_query(query)
            ]
        )

    # === WHAT HOLDS ===#

    @api.model
    def _get_last_sql(self, email, company, columns=_KIND):
        """SQL of the event that holds for an address: its kind, NULL without any.

        :param email: SQL of a normalised address
        :param company: SQL of a company's id
        :param columns: SQL of what else is wanted of the event
        """
        mark = self._get_hash_sql(email)
        return self._get_last_of_mark_sql(mark, company, columns)

    @api.model
    def _get_last_of_mark_sql(self, mark, company, columns=_KIND):
        return SQL(
            """(
            SELECT %(columns)s FROM xpyme_offer_consent consent
             WHERE consent.email_hash = %(mark)s
               AND consent.company_id IN %(house)s
             ORDER BY consent.date DESC, consent.id DESC LIMIT 1)""",
            columns=columns,
            mark=mark,
            house=self._get_house_sql(company),
        )

    @api.model
    def _get_house_sql(self, company):
        """SQL of the ids of a company and its branches, of whichever it is: before the
        law they are one, and so is what was said to them.

        :param company: SQL of a company's id
        """
        self.env["res.company"].flush_model(["parent_path"])
        return SQL(
            """(
            SELECT branch.id FROM res_company branch
              JOIN res_company asked
                ON split_part(asked.parent_path, '/', 1)
                 = split_part(branch.parent_path, '/', 1)
             WHERE asked.id = %s)""",
            company,
        )

    @api.model
    def _filter_agreed(self, addresses, company):
        """The set of those normalised ``addresses`` that have agreed to offers; to be
        told when they bought is no consent."""
        return self._filter_said(CONSENT, addresses, company, BASIS)

    @api.model
    def _filter_said(self, said, addresses, companies, column=_KIND):
        """The set of those normalised ``addresses`` whose event that holds has ``said``
        in a column, its kind, in one of the companies."""
        self.flush_model()
        query = SQL(
            """
            SELECT DISTINCT box.email
              FROM unnest(%(addresses)s::text[]) AS box(email),
                   unnest(%(companies)s::int[]) AS company(id)
             WHERE %(last)s = %(said)s
            """,
            said=said,
            addresses=list(addresses),
            companies=companies.ids,
            last=self._get_last_sql(SQL("box.email"), SQL("company.id"), column),
        )
        return {email for (email,) in self.env.execute_query(query)}
