import {patch} from "@web/core/utils/patch";
import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {ProductTemplateAccounting} from "@point_of_sale/app/models/accounting/product_template_accounting";
import {customerTerms} from "./customer_terms";

// The ticket whose customer pays, while the till asks its articles for their prices:
// they know of no ticket.
let served = null;

function withPricesOf(order, call) {
    const before = served;
    served = order;
    try {
        return call();
    } finally {
        served = before;
    }
}

patch(ProductTemplateAccounting.prototype, {
    getPrice(pricelist, quantity, priceExtra = 0, recurring = false, variant = false) {
        const price = super.getPrice(...arguments);
        // A pricelist that is based on another one asks again: that is no customer's.
        if (!served || recurring || !variant) {
            return price;
        }
        return customerTerms.resolve(served, variant, quantity, price).price;
    },
});

patch(PosOrder.prototype, {
    initState() {
        super.initState();
        // Of the customer's discounts the one that this ticket gets.
        this.uiState.customerDiscount = null;
    },

    /**
     * Whether something is sold anew: what is given back or was ordered before goes on,
     * whatever has become of the customer.
     */
    get sellsAnew() {
        return !this.lines.length || this.lines.some((line) => line.sellsAnew);
    },

    setPartner(partner) {
        if (this.partner_id?.id !== partner?.id) {
            this.uiState.customerDiscount = null;
        }
        super.setPartner(...arguments);
        this.priced_offline = false;
        const entry = customerTerms.get(this);
        if (entry) {
            this.takeOnlyDiscount(entry);
        }
        this.followCustomer();
        customerTerms.follow(this);
    },

    setPricelist(pricelist) {
        const isOther = this.pricelist_id?.id !== pricelist?.id;
        withPricesOf(this, () => super.setPricelist(...arguments));
        for (const line of this.lines) {
            line.followDiscount();
        }
        if (isOther && this.partner_id && !customerTerms.get(this)) {
            customerTerms.follow(this);
        }
    },

    /**
     * Price the ticket anew, by what is known of its customer.
     */
    followCustomer() {
        if (!this.finalized) {
            this.setPricelist(this.pricelist_id);
        }
    },

    takeOnlyDiscount(entry) {
        if (entry.discounts.length === 1) {
            this.uiState.customerDiscount = entry.discounts[0];
        }
    },

    serializeForORM(opts = {}) {
        const data = super.serializeForORM(opts);
        // The till does not load discounts, so it would not send one.
        const discount = this.uiState.customerDiscount;
        if (data && discount) {
            data.customer_discount_id = discount.id;
        }
        return data;
    },
});

patch(PosOrderline.prototype, {
    get sellsAnew() {
        return this.qty > 0 && !this.refunded_orderline_id && !this.isConfirmedBefore;
    },

    /**
     * Whether an order stands behind the line that was confirmed before.
     */
    get isConfirmedBefore() {
        return this.sale_order_origin_id?.state === "sale";
    },

    /**
     * Whether the line costs what the customer pays, and nobody typed otherwise.
     */
    get followsCustomer() {
        return (
            this.price_type === "original" &&
            !this.refunded_orderline_id &&
            !this.isPartOfCombo()
        );
    },

    getAgreed() {
        const tariff = withPricesOf(null, () =>
            this.product_id.product_tmpl_id.getPrice(
                this.order_id.pricelist_id,
                this.getQuantity(),
                this.getPriceExtra(),
                false,
                this.product_id
            )
        );
        return customerTerms.resolve(this.order_id, this.product_id, this.qty, tariff);
    },

    followDiscount() {
        if (!this.followsCustomer || this.uiState.hasTypedDiscount) {
            return;
        }
        const {discount} = this.getAgreed();
        if (discount || this.uiState.hasAgreedDiscount) {
            this.uiState.hasAgreedDiscount = Boolean(discount);
            this.setDiscount(discount);
        }
    },

    setOptions(options) {
        super.setOptions(...arguments);
        this.followDiscount();
    },

    setQuantity(quantity, keepPrice) {
        const result = withPricesOf(this.order_id, () =>
            super.setQuantity(...arguments)
        );
        if (result === true && !keepPrice) {
            this.followDiscount();
        }
        return result;
    },

    canBeMergedWith(orderline) {
        return withPricesOf(this.order_id, () => super.canBeMergedWith(...arguments));
    },

    /**
     * A customer's price keeps all its decimals: with tax it is the one agreed.
     */
    setUnitPrice(price) {
        super.setUnitPrice(...arguments);
        if (!this.followsCustomer || typeof price !== "number") {
            return;
        }
        const agreed = this.getAgreed();
        if (agreed.isExact && Math.abs(agreed.price - price) < 1e-9) {
            this.price_unit = price;
        }
    },
});

patch(PosStore.prototype, {
    handlePriceUnit(values, order) {
        return withPricesOf(order, () => super.handlePriceUnit(...arguments));
    },

    async setDiscountFromUI(line) {
        line.uiState.hasTypedDiscount = true;
        return await super.setDiscountFromUI(...arguments);
    },
});
