import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {ConnectionLostError} from "@web/core/network/rpc";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {OrderSummary} from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {customerTerms, digitsOf, roundedPrice} from "./customer_terms";

// Whoever types a price types it digit by digit: it is judged when they pause.
const PAUSE = 1500;

patch(PosOrderline.prototype, {
    /**
     * The customer's minimum price where the line costs less, else 0.
     */
    getMissedMinimum() {
        const floor = this.getMinimum();
        const isSold = this.sellsAnew && this.price_type !== "automatic";
        if (!floor || !isSold || this.insisted_minimum) {
            return 0;
        }
        const digits = digitsOf(this.models, "Product Price");
        return roundedPrice(this.netUnit, digits) < floor - 1e-9 ? floor : 0;
    },

    /**
     * The customer's minimum price of the article, 0 for none.
     */
    getMinimum() {
        const entry = customerTerms.get(this.order_id);
        const row = !this.isPartOfCombo() && entry?.prices.get(this.product_id.id);
        return row?.floor || 0;
    },

    get netUnit() {
        return this.price_unit * (1 - this.getDiscount() / 100);
    },

    get amountWithoutTax() {
        return this.prices.total_excluded_currency;
    },

    /**
     * Whether the line is a discount of the whole ticket: nothing given back, no reward
     * and nothing that an order has.
     */
    get takesOff() {
        const isService = this.product_id.type === "service";
        const isBack = this.qty < 0 && this.price_unit >= 0 && !isService;
        return (
            this.amountWithoutTax < 0 &&
            !isBack &&
            !this.refunded_orderline_id &&
            !this.sale_order_origin_id &&
            !this.is_reward_line
        );
    },

    raiseToMinimum() {
        const minimum = this.getMissedMinimum();
        this.setDiscount(0);
        this.setUnitPrice(minimum);
        this.price_unit = minimum;
    },
});

patch(PosOrder.prototype, {
    /**
     * What discounts of the whole ticket take of the minimum prices of its lines,
     * without tax.
     */
    getMinimumShortage() {
        const sum = (lines, amountOf) =>
            lines.reduce((total, line) => total + amountOf(line), 0);
        const taken = -sum(
            this.lines.filter((line) => line.takesOff),
            (line) => line.amountWithoutTax
        );
        const sold = this.lines.filter((line) => line.amountWithoutTax > 0);
        if (!taken || !sold.some((line) => line.getMinimum())) {
            return 0;
        }
        const above = sum(
            sold,
            (line) =>
                line.amountWithoutTax *
                (1 - Math.min(line.getMinimum() / line.netUnit, 1))
        );
        const slack = this.currency.rounding * this.lines.length;
        return taken - above > slack ? taken - above : 0;
    },
});

patch(PosStore.prototype, {
    async pay() {
        const order = this.getOrder();
        if (await this.mayBePaid(order)) {
            return await super.pay(...arguments);
        }
    },

    /**
     * Before the customer pays: they may have been blocked meanwhile.
     */
    async mayBePaid(order) {
        const partner = order.partner_id;
        if (partner && order.sellsAnew) {
            const entry = await customerTerms.fetch(order, partner);
            if (this.isBlocked(partner, entry)) {
                await this.refuseCustomer(partner, entry);
                return false;
            }
            order.followCustomer();
        }
        await this.minimumsAreKept(order);
        return await this.mayBeTakenOff(order);
    },

    /**
     * Discounts of the whole ticket leave its lines their minimum prices, unless a sales
     * administrator says so.
     */
    async mayBeTakenOff(order) {
        const shortage = order.finalized ? 0 : order.getMinimumShortage();
        if (shortage <= (order.uiState.insistedShortage || 0)) {
            return true;
        }
        const title = _t("Under the minimum price");
        const body = _t(
            "The discounts of the whole ticket take %s of the minimum prices of its lines: take less off, or ask a sales administrator.",
            this.env.utils.formatCurrency(shortage)
        );
        if (!customerTerms.get(order).may_insist) {
            await this.tell(title, body);
            return false;
        }
        const insists = await ask(this.dialog, {
            title,
            body,
            confirmLabel: _t("Sell for less"),
        });
        order.uiState.insistedShortage = insists ? shortage : 0;
        return insists;
    },

    /**
     * What was typed under a minimum price is raised, and told; a sales administrator
     * is asked.
     */
    async minimumsAreKept(order) {
        if (order.finalized) {
            return;
        }
        const lines = order.lines.filter((line) => line.getMissedMinimum());
        if (!lines.length) {
            return;
        }
        const told = lines.map((line) =>
            _t("%(article)s: minimum price %(price)s.", {
                article: line.getFullProductName(),
                price: this.describeMinimum(line),
            })
        );
        const title = _t("Under the minimum price");
        if (!customerTerms.get(order).may_insist) {
            lines.forEach((line) => line.raiseToMinimum());
            told.push(_t("It has been raised."));
            return await this.tell(title, told.join("\n"));
        }
        const insists = await ask(this.dialog, {
            title,
            body: told.join("\n"),
            confirmLabel: _t("Sell for less"),
            cancelLabel: _t("Raise"),
        });
        for (const line of lines) {
            if (insists) {
                line.insisted_minimum = true;
            } else {
                line.raiseToMinimum();
            }
        }
    },

    /**
     * As it is typed and, where that differs, as the ticket shows it.
     */
    describeMinimum(line) {
        const price = line.getMissedMinimum();
        const taxed = line.product_id.getTaxDetails({
            overridedValues: {price, fiscalPosition: line.order_id.fiscal_position_id},
        }).total_included;
        const format = this.env.utils.formatCurrency;
        const values = {price: format(price), taxed: format(taxed)};
        return values.price === values.taxed
            ? values.price
            : _t("%(price)s (%(taxed)s with tax)", values);
    },

    judgeMinimumsSoon(order) {
        clearTimeout(this.minimumTimer);
        this.minimumTimer = setTimeout(() => this.minimumsAreKept(order), PAUSE);
    },

    async setDiscountFromUI(line) {
        const result = await super.setDiscountFromUI(...arguments);
        line.insisted_minimum = false;
        this.judgeMinimumsSoon(line.order_id);
        return result;
    },

    /**
     * What a limit says of what the customer would owe more than before: what the
     * ticket puts on account, but for what a confirmed order had brought into the debt.
     */
    async mayPutOnAccount(order) {
        const later = order.payment_ids
            .filter((payment) => payment.payment_method_id.type === "pay_later")
            .reduce((sum, payment) => sum + payment.getAmount(), 0);
        const ordered = order.lines
            .filter((line) => line.isConfirmedBefore)
            .reduce((sum, line) => sum + line.priceIncl, 0);
        const amount = order.currency.round(later - Math.max(ordered, 0));
        if (amount <= 0 || !order.partner_id) {
            return true;
        }
        let verdict;
        try {
            verdict = await this.data.call("res.partner", "judge_pos_account", [
                [order.partner_id.id],
                this.config.id,
                amount,
                order.isToInvoice(),
            ]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                // It is kept, and told to the managers.
                return true;
            }
            throw error;
        }
        if (verdict.action === "block") {
            await this.tell(order.partner_id.name, verdict.message);
            return false;
        }
        if (verdict.action === "ask") {
            return await ask(this.dialog, {
                title: order.partner_id.name,
                body: verdict.message,
                confirmLabel: _t("Go on"),
            });
        }
        if (verdict.action === "tell") {
            this.notification.add(verdict.message, {type: "warning"});
        }
        return true;
    },
});

patch(OrderSummary.prototype, {
    async setLinePrice(line) {
        const result = await super.setLinePrice(...arguments);
        line.insisted_minimum = false;
        this.pos.judgeMinimumsSoon(line.order_id);
        return result;
    },
});

patch(OrderPaymentValidation.prototype, {
    async askBeforeValidation() {
        if ((await super.askBeforeValidation(...arguments)) === false) {
            return false;
        }
        await this.pos.minimumsAreKept(this.order);
        return (
            (await this.pos.mayBeTakenOff(this.order)) &&
            (await this.pos.mayPutOnAccount(this.order))
        );
    },

    handleValidationError(error) {
        if (error instanceof ConnectionLostError) {
            // The customer has paid and leaves: the server may refuse nothing any more.
            this.order.paid_offline = true;
        }
        return super.handleValidationError(...arguments);
    },
});
