import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, email_normalize

from ...tools.address_mark import get_mark, get_mark_sql
from ...tools.mailboxes import normalise_mailbox

# Of its own: Odoo makes its secret anew in a database that is copied or restored, and
# then nobody's refusal would be found again.
CONSENT_KEY = "xpyme_contacts.consent_key"


class OfferConsent(models.Model):
    """Who agreed to get offers, or refused them: a register that only grows.

    Spain, LSSI art. 21: a customer may be written to about what he buys, and can
    refuse in every mail. Chile, Ley 21.719: whoever writes must be able to prove why
    he may. So each event stays, with its date, its way and its text; the last one of an
    address holds. It concerns offers only: *No Mailing* is a register of its own.
    """

    _name = "xpyme.offer.consent"
    _technicians_only_read = True
    _description = "Consent to Offers"
    _order = "id desc"
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
        [("granted", "Agreed to offers"), ("withdrawn", "Refused offers")],
        string="Event",
        required=True,
        default="withdrawn",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    source = fields.Selection(
        [
            ("typed", "Noted by us"),
            ("page", "Page of the offer"),
            ("one_click", "Button of the mail program"),
        ],
        string="How",
        required=True,
        readonly=True,
        default="typed",
    )
    text = fields.Text(
        string="What they were told or said",
        help="The words that the person agreed to or used: a form, a page, a call.",
    )
    user_id = fields.Many2one(
        "res.users", string="Noted by", readonly=True, ondelete="set null"
    )
    offer_id = fields.Many2one("xpyme.offer", readonly=True, ondelete="set null")

    _last_idx = models.Index("(email_hash, company_id, id)")

    @api.model_create_multi
    def create(self, vals_list):
        """:raise ValidationError: the address is none"""
        for vals in vals_list:
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
            if not self.env.su:
                vals.update(user_id=self.env.uid, source="typed")
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

    @api.model
    def _hash(self, email):
        """The mark of a normalised address: with a key, so that nobody who has the
        register finds who was forgotten by trying addresses."""
        return get_mark(self._get_key(), email)

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

    def action_anonymise(self):
        """Forget who it was; what was said, when and how stays as proof."""
        self.check_access("write")
        # sudo: the only change that the register allows, to those who may manage it.
        self.sudo().write({"email": False, "partner_id": False, "offer_id": False})
        return True

    @api.model
    def _get_last_sql(self, email, company):
        """SQL of the last event of an address: its kind, NULL without any.

        :param email: SQL of a normalised address
        :param company: SQL of a company's id
        """
        return SQL(
            """(
            SELECT consent.kind FROM xpyme_offer_consent consent
             WHERE consent.email_hash = %(mark)s
               AND consent.company_id = %(company)s
             ORDER BY consent.id DESC LIMIT 1)""",
            mark=self._get_hash_sql(email),
            company=company,
        )

    @api.model
    def _filter_withdrawn(self, addresses):
        """The set of those normalised ``addresses`` that refuse offers of one of the
        companies that are switched on."""
        self.flush_model()
        query = SQL(
            """
            SELECT DISTINCT box.email
              FROM unnest(%(addresses)s::text[]) AS box(email),
                   unnest(%(companies)s::int[]) AS company(id)
             WHERE %(last)s = 'withdrawn'
            """,
            addresses=list(addresses),
            companies=self.env.companies.ids,
            last=self._get_last_sql(SQL("box.email"), SQL("company.id")),
        )
        return {email for (email,) in self.env.execute_query(query)}
