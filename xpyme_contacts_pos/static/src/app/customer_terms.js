import {ConnectionLostError} from "@web/core/network/rpc";

const CHUNK = 1000;
// Noise of a float, far below what a price can mean.
const NOISE = 1e-9;
// A unit price keeps so many digits that count, and no more than MOST decimals.
const SIGNIFICANT = 4;
const MOST = 12;

/**
 * Two discounts, one after the other, in percent.
 */
export function compound(first, second) {
    return 100 * (1 - (1 - first / 100) * (1 - second / 100));
}

/**
 * A unit price rounded to the decimals of prices, or to more where it would lose its
 * meaning: as the server rounds an increased price.
 */
export function roundedPrice(price, digits) {
    const magnitude = price ? Math.floor(Math.log10(Math.abs(price))) : 0;
    const enough = Math.min(SIGNIFICANT - 1 - magnitude, MOST);
    const factor = Math.pow(10, Math.max(digits, enough));
    return Math.round(price * factor * (1 + Number.EPSILON)) / factor;
}

/**
 * The decimals of a kind of number, as the shop has set them.
 */
export function digitsOf(models, name) {
    return models["decimal.precision"].find((one) => one.name === name)?.digits ?? 2;
}

/**
 * What the server has said of customers in this session: their notices and their terms
 * with a pricelist. What is remembered is what the till sells by without connection.
 */
export class CustomerTerms {
    constructor() {
        this.entries = new Map();
        this.pos = null;
    }

    start(pos) {
        this.entries.clear();
        this.pos = pos;
    }

    getKey(partner, pricelist) {
        return `${partner.id}-${pricelist?.id || 0}`;
    }

    /**
     * What is known of a ticket's customer with its pricelist; undefined: nothing.
     */
    get(order) {
        const partner = order?.partner_id;
        return partner && this.entries.get(this.getKey(partner, order.pricelist_id));
    }

    /**
     * The pricelist that a ticket gets with a customer, as the till chooses it.
     */
    getPricelistFor(order, partner) {
        if (order.partner_id?.id === partner.id) {
            return order.pricelist_id;
        }
        const preset = order.config.use_presets && order.preset_id?.pricelist_id;
        const own = partner.property_product_pricelist;
        return (
            preset ||
            order.models["product.pricelist"].find((one) => one.id === own?.id) ||
            order.config.pricelist_id
        );
    }

    /**
     * Ask the server now. Without connection: what it said before, if it said anything.
     */
    async fetch(order, partner) {
        const pricelist = this.getPricelistFor(order, partner);
        const ids = [...new Set(order.lines.map((line) => line.product_id.id))];
        try {
            const answer = await this.ask(partner, pricelist, ids);
            return this.remember(partner, pricelist, answer, ids);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            return this.entries.get(this.getKey(partner, pricelist));
        }
    }

    ask(partner, pricelist, ids) {
        return this.pos.data.call("res.partner", "get_pos_entry", [
            [partner.id],
            this.pos.config.id,
            pricelist?.id || false,
            ids,
        ]);
    }

    remember(partner, pricelist, answer, ids) {
        const key = this.getKey(partner, pricelist);
        const entry = this.entries.get(key) || {prices: new Map()};
        const {prices, ...said} = answer;
        Object.assign(entry, said);
        ids.forEach((id) => entry.prices.delete(id));
        for (const [id, row] of Object.entries(prices)) {
            const [price, discount, floor, isFixed] = row;
            entry.prices.set(Number(id), {price, discount, floor, isFixed});
        }
        entry.isWhole = entry.isWhole || !said.has_terms;
        this.entries.set(key, entry);
        return entry;
    }

    /**
     * The prices of all articles, for lines to be added without asking, also later
     * without connection.
     */
    async fetchRest(order) {
        const partner = order.partner_id;
        const pricelist = order.pricelist_id;
        const entry = this.get(order);
        if (!entry || entry.isWhole || entry.isFetching) {
            return;
        }
        entry.isFetching = true;
        const ids = order.models["product.product"].map((product) => product.id);
        try {
            for (let start = 0; start < ids.length; start += CHUNK) {
                const chunk = ids.slice(start, start + CHUNK);
                const answer = await this.ask(partner, pricelist, chunk);
                this.remember(partner, pricelist, answer, chunk);
            }
            entry.isWhole = true;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        } finally {
            entry.isFetching = false;
        }
        order.followCustomer();
    }

    /**
     * A ticket has got its customer or its pricelist without this: ask, then follow.
     */
    async follow(order) {
        const partner = order.partner_id;
        if (!this.pos || !partner || order.finalized) {
            return;
        }
        let entry = this.get(order);
        if (!entry) {
            entry = await this.fetch(order, partner);
        }
        if (order.partner_id !== partner || order.finalized) {
            return;
        }
        if (order.priced_offline === Boolean(entry)) {
            order.priced_offline = !entry;
        }
        if (entry) {
            order.takeOnlyDiscount(entry);
            order.followCustomer();
            await this.fetchRest(order);
        }
    }

    /**
     * What an article costs on a ticket.
     *
     * @param {number} tariff what the till's own pricelist says
     * @returns {{price: number, discount: number, floor: number, isExact: boolean}}
     */
    resolve(order, product, quantity, tariff) {
        const entry = this.get(order);
        const row = entry?.prices.get(product.id);
        const digits = digitsOf(order.models, "Product Price");
        const isOwn = row && row.price !== null;
        let price = isOwn ? row.price : tariff;
        if (!isOwn && entry?.increase) {
            price = roundedPrice(price * (1 + entry.increase / 100), digits);
        }
        let discount = row?.discount || 0;
        const header = order.uiState.customerDiscount?.percent || 0;
        if (header && !row?.isFixed) {
            const decimals = digitsOf(order.models, "Discount");
            discount = Number(compound(discount, header).toFixed(decimals));
        }
        const floor = quantity > 0 ? row?.floor || 0 : 0;
        const net = price * (1 - discount / 100);
        if (floor && roundedPrice(net, digits) < floor - NOISE) {
            return {price: floor, discount: 0, floor, isExact: true};
        }
        return {price, discount, floor, isExact: Boolean(isOwn || entry?.increase)};
    }
}

export const customerTerms = new CustomerTerms();
