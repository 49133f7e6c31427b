import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";
import {formatCurrency} from "@web/core/currency";
import {registry} from "@web/core/registry";

// As tools/unit_price.py: a screw of less than a cent is not free.
const SIGNIFICANT = 3;
// More decimals than these nobody types: a calculation left them behind.
const TYPED_DIGITS = 4;
const MOST_DIGITS = 6;
const SIDES = {price: "nb", pvp: "tb"};

function isExact(value, digits) {
    return Math.abs(Number(value.toFixed(digits)) - value) < 1e-9;
}

/**
 * Decimals to show a unit price with: those that were typed; of a calculated one those
 * of the currency, and more where the price would lose its meaning.
 */
export function unitPriceDigits(value, least, isDerived) {
    if (!isDerived) {
        for (let digits = least; digits <= TYPED_DIGITS; digits++) {
            if (isExact(value, digits)) {
                return digits;
            }
        }
    }
    const enough = SIGNIFICANT - 1 - Math.floor(Math.log10(Math.abs(value)));
    return Math.max(least, Math.min(enough, MOST_DIGITS));
}

/**
 * A unit price in the company's currency; none is shown as nothing, since 0.00 would
 * say that the article is free. The number that was typed is never changed.
 */
export class UnitPriceField extends MonetaryField {
    static template = "xpyme_contacts_pricing.UnitPriceField";
    static props = {
        ...MonetaryField.props,
        isRounded: {type: Boolean, optional: true},
    };

    /** Whether the price follows from the one without, or with, tax. */
    get isDerived() {
        const [, side, tariff] = this.props.name.match(/^(price|pvp)_([1-6])$/) || [];
        if (!side) {
            return this.props.isRounded;
        }
        const typed = (this.props.record.data.typed_sides || "")[tariff - 1] || "";
        return !SIDES[side].includes(typed || "-");
    }

    get formattedValue() {
        const {value} = this;
        if (!value) {
            return "";
        }
        const least = this.currency ? this.currency.digits[1] : 2;
        return formatCurrency(value, this.currencyId, {
            digits: [16, unitPriceDigits(value, least, this.isDerived)],
            noSymbol: !this.props.readonly || this.props.hideSymbol,
        });
    }
}

registry.category("fields").add("xpyme_unit_price", {
    ...monetaryField,
    component: UnitPriceField,
    extractProps: (info, dynamicInfo) => ({
        ...monetaryField.extractProps(info, dynamicInfo),
        isRounded: Boolean(info.options.rounded),
    }),
});
