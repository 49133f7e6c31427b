import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {ConnectionLostError} from "@web/core/network/rpc";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {OrderSummary} from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
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
        const isSold = this.sellsAnew && this.price_type !== "automatic";
        if (!isSold || this.insisted_minimum || this.isPartOfCombo()) {
            return 0;
        }
        const row = customerTerms.get(this.order_id)?.prices.get(this.product_id.id);
        const net = this.price_unit * (1 - this.getDiscount() / 100);
        const digits = digitsOf(this.models, "Product Price");
        return row?.floor && roundedPrice(net, digits) < row.floor - 1e-9
            ? row.floor
            : 0;
    },

    raiseToMinimum() {
        const minimum = this.getMissedMinimum();
        this.setDiscount(0);
        this.setUnitPrice(minimum);
        this.price_unit = minimum;
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
        return true;
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
                price: this.env.utils.formatCurrency(line.getMissedMinimum()),
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
     * What a limit says of what the ticket puts on its customer's account.
     */
    async mayPutOnAccount(order) {
        const amount = order.payment_ids
            .filter((payment) => payment.payment_method_id.type === "pay_later")
            .reduce((sum, payment) => sum + payment.getAmount(), 0);
        if (amount <= 0 || !order.partner_id || !order.sellsAnew) {
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
        return await this.pos.mayPutOnAccount(this.order);
    },

    handleValidationError(error) {
        if (error instanceof ConnectionLostError) {
            // The customer has paid and leaves: the server may refuse nothing any more.
            this.order.paid_offline = true;
        }
        return super.handleValidationError(...arguments);
    },
});
