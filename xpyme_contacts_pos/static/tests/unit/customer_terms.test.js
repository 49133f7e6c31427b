import {describe, expect, test} from "@odoo/hoot";
import {
    CustomerTerms,
    compound,
    roundedPrice,
} from "@xpyme_contacts_pos/app/customer_terms";

const PARTNER = {id: 7};
const TARIFF = {id: 3};
const PAINT = {id: 11};

/**
 * A ticket of the customer and the terms that the server has told of them.
 */
function makeTicket(said = {}, header = 0) {
    const terms = new CustomerTerms();
    const models = {
        "decimal.precision": [
            {name: "Product Price", digits: 2},
            {name: "Discount", digits: 2},
        ],
    };
    const order = {
        partner_id: PARTNER,
        pricelist_id: TARIFF,
        models,
        uiState: {customerDiscount: header ? {percent: header} : null},
    };
    const answer = {prices: {}, increase: 0, has_terms: true, ...said};
    terms.remember(PARTNER, TARIFF, answer, [PAINT.id]);
    return {terms, order};
}

function resolve(said, {quantity = 1, tariff = 10, header = 0} = {}) {
    const {terms, order} = makeTicket(said, header);
    return terms.resolve(order, PAINT, quantity, tariff);
}

const priced = (price, discount = 0, floor = 0, isFixed = false) => ({
    prices: {[PAINT.id]: [price, discount, floor, isFixed]},
});

describe("rounding", () => {
    test("a unit price keeps four digits that count", () => {
        expect(roundedPrice(10.2897, 2)).toBe(10.29);
        expect(roundedPrice(0.00416667, 2)).toBe(0.004167);
        expect(roundedPrice(2.675, 2)).toBe(2.675);
        expect(roundedPrice(0, 2)).toBe(0);
    });

    test("two discounts follow one another", () => {
        expect(compound(10, 10)).toBeCloseTo(19, {digits: 9});
        expect(compound(0, 5)).toBeCloseTo(5, {digits: 9});
        expect(compound(100, 50)).toBe(100);
    });
});

describe("what an article costs", () => {
    test("an article without a price of the customer's costs the tariff's", () => {
        const {price, discount, isExact} = resolve({});
        expect([price, discount, isExact]).toEqual([10, 0, false]);
    });

    test("a special price wins, whole, over the tariff", () => {
        const {price, isExact} = resolve(priced(5.785124));
        expect([price, isExact]).toEqual([5.785124, true]);
    });

    test("an increase is put on the tariff and on no special price", () => {
        expect(resolve({increase: 10}).price).toBe(11);
        expect(resolve({...priced(7), increase: 10}).price).toBe(7);
    });

    test("the ticket's discount comes after the article's, unless that is fixed", () => {
        expect(resolve(priced(null, 10), {header: 10}).discount).toBe(19);
        expect(resolve(priced(null, 10, 0, true), {header: 10}).discount).toBe(10);
    });

    test("a minimum price is kept, and is for what is sold only", () => {
        const said = priced(10, 50, 8);
        expect(resolve(said)).toEqual({
            price: 8,
            discount: 0,
            floor: 8,
            isExact: true,
        });
        expect(resolve(said, {quantity: -1}).price).toBe(10);
        expect(resolve(priced(10, 20, 8)).discount).toBe(20);
    });
});

describe("what is remembered", () => {
    test("terms with one pricelist are not those with another", () => {
        const {terms, order} = makeTicket(priced(5));
        expect(terms.get({...order, pricelist_id: {id: 4}})).toBe(undefined);
        expect(terms.get({...order, partner_id: {id: 8}})).toBe(undefined);
    });

    test("a price that is told no more is forgotten, the others stay", () => {
        const {terms, order} = makeTicket(priced(5));
        const other = {prices: {12: [3, 0, 0, false]}, has_terms: true};
        terms.remember(PARTNER, TARIFF, other, [12]);
        expect(terms.get(order).prices.get(PAINT.id).price).toBe(5);
        terms.remember(PARTNER, TARIFF, {prices: {}, has_terms: true}, [PAINT.id]);
        expect(terms.get(order).prices.has(PAINT.id)).toBe(false);
        expect(terms.get(order).prices.get(12).price).toBe(3);
    });

    test("who has no terms of their own needs no more asking", () => {
        const {terms, order} = makeTicket({has_terms: false});
        expect(terms.get(order).isWhole).toBe(true);
    });
});
