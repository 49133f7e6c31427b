from odoo import api, fields, models
from odoo.exceptions import UserError


class PosOrder(models.Model):
    """A ticket of a customer: what is refused, before it is paid, and what is only
    told, for it has been paid (seed 004: Esp › Baja)."""

    _inherit = "pos.order"

    paid_offline = fields.Boolean(
        readonly=True,
        copy=False,
        help="The customer paid while the till had no connection: nothing of the "
        "ticket was refused any more.",
    )
    priced_offline = fields.Boolean(
        readonly=True,
        copy=False,
        help="Without connection the customer's prices were not known: the ticket has "
        "those of the tariff.",
    )
    sold_to_blocked = fields.Boolean(
        string="Sold to a Blocked Customer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Paid without connection, or before it had its customer, by one who was "
        "on Baja.",
    )
    customer_discount_id = fields.Many2one(
        "xpyme.customer.discount",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Of the customer's discounts the one that the ticket got, in its lines.",
    )

    # === FROM THE TILL ===#

    @api.model
    def _process_order(self, order, existing_order):
        order = self._without_strange_discount(order, existing_order)
        return super()._process_order(order, existing_order)

    @api.model
    def _without_strange_discount(self, order, known):
        """What a till says, without a discount of somebody else's or one that is gone:
        the ticket has been paid, and its lines say what.

        :param known: the same ticket as it was told before, if it was
        """
        known = known or self.browse()
        discount_id = order.get("customer_discount_id", known.customer_discount_id.id)
        if not discount_id:
            return dict(order)
        discount = self.env["xpyme.customer.discount"].browse(discount_id)
        partner_id = order.get("partner_id", known.partner_id.id)
        partner = self.env["res.partner"].browse(partner_id or ()).exists()
        if not discount._is_of(partner):
            return {**order, "customer_discount_id": False}
        return dict(order)

    def _check_customer(self):
        """Refuse a ticket before it is paid; one that was paid offline is told.

        :raise ValidationError: the customer is blocked
        :raise UserError: a limit blocks what is put on account
        """
        self.ensure_one()
        if not self.paid_offline:
            self._refuse_customer()
        elif self._is_new_sale():
            self._tell_of_offline_sale()

    def _refuse_customer(self):
        """Refuse a new sale, whatever the till says of its connection.

        :raise ValidationError: the customer is blocked
        :raise UserError: a limit blocks what is put on account, or nobody sells to them
            at a till
        """
        if self._is_new_sale():
            self._check_till_customer()
            self.partner_id._check_not_blocked()
            self._check_account()

    def _is_new_sale(self):
        """Whether a customer buys anew, or owes more than before."""
        return bool(self.partner_id) and (
            any(line._sells_anew() for line in self.lines) or self._get_owed_more() > 0
        )

    def _check_till_customer(self):
        """:raise UserError: nobody sells at a till to whom the ticket names"""
        if self._is_of_no_customer():
            raise UserError(
                self.env._(
                    "%s is no customer at the till: choose the customer, or take the "
                    "name off the ticket.",
                    self.partner_id.name,
                )
            )

    def _is_of_no_customer(self):
        """Whether the ticket names a user, a company of ours, an address of theirs, a
        mirror or a mailbox, and no order of theirs."""
        return (
            bool(self.partner_id)
            and not self.partner_id._may_be_sold_to()
            and not any(line._get_own_order() for line in self.lines)
        )

    def _tell_of_offline_sale(self):
        """Leave an activity to managers where the ticket would have been refused."""
        customer = self.partner_id.commercial_partner_id
        told = {"ticket": self._get_till_name(), "customer": customer.name}
        if self._is_of_no_customer():
            told["customer"] = self.partner_id.name
            self._tell_till_managers(
                lambda env: env._(
                    "%(ticket)s: sold without connection to %(customer)s, who is no "
                    "customer at the till.",
                    **told,
                )
            )
        if self.partner_id._get_blocked_customer():
            self._mark_sold_to_blocked(
                lambda env: env._(
                    "%(ticket)s: sold without connection to %(customer)s, who is "
                    "blocked (Baja).",
                    **told,
                )
            )
        if self._is_stopped_on_account() and customer._get_till_excesses(
            self.company_id, self._get_added_amount()
        ):
            self._tell_till_managers(
                lambda env: env._(
                    "%(ticket)s: put on the account of %(customer)s without "
                    "connection, over the limit.",
                    **told,
                )
            )

    def _judge_named_customer(self):
        """Leave an activity to managers where a paid ticket gets a customer to whom it
        would not have been sold: they have it, and may ask for its invoice.

        :raise UserError: nobody sells to them at a till
        """
        self._check_till_customer()
        if self._is_new_sale() and self.partner_id._get_blocked_customer():
            self._mark_sold_to_blocked(
                lambda env: env._(
                    "%(ticket)s was paid, and then became that of %(customer)s, who is "
                    "blocked (Baja).",
                    ticket=self._get_till_name(),
                    customer=self.partner_id.commercial_partner_id.name,
                )
            )

    def _mark_sold_to_blocked(self, tell):
        """:param tell: see :meth:`_tell_till_managers`"""
        # sudo: the server's to say, not a till's.
        self.sudo().sold_to_blocked = True
        self._tell_till_managers(tell)

    def _get_till_name(self):
        """How the ticket is called on its receipt; the server's name comes later."""
        return self.pos_reference or self.display_name

    def _tell_till_managers(self, tell, customer=None):
        """An activity on a customer's card for each risk and sales manager.

        :param tell: answers its summary in an environment, which has the reader's
            language
        """
        # sudo: a cashier need not see who they are, nor the customer's activities.
        card = (customer or self.partner_id).sudo().commercial_partner_id
        kind = self.env.ref("xpyme_contacts.activity_type_risk", False)
        for manager in self._get_till_managers():
            card.activity_schedule(
                activity_type_id=kind and kind.id,
                user_id=manager.id,
                summary=tell(self.with_context(lang=manager.lang).env),
            )

    def _get_till_managers(self):
        company = self.company_id
        managers = self.env["xpyme.risk.document.mixin"]._get_risk_managers(company)
        group = self.env.ref("sales_team.group_sale_manager")
        # sudo: as for the risk managers.
        managers |= group.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return managers

    # === INVOICE ===#

    def _prepare_invoice_vals(self):
        """The invoice names the discount that its ticket has in its lines, or none."""
        vals = super()._prepare_invoice_vals()
        discount = self.customer_discount_id if len(self) == 1 else False
        is_own = discount and discount._is_of(self.partner_id)
        return {**vals, "customer_discount_id": is_own and discount.id}


class CustomerDiscount(models.Model):
    _inherit = "xpyme.customer.discount"

    def _is_of(self, partner):
        """Whether it is there, and a partner's or their customer's."""
        # sudo: to tell whose it is, not to show it.
        owner = self.sudo().exists().partner_id
        return bool(owner) and owner == partner.sudo().commercial_partner_id
