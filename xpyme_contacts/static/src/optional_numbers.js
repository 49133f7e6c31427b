import {IntegerField, integerField} from "@web/views/fields/integer/integer_field";
import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";
import {registry} from "@web/core/registry";

// A number that need not be given: none is no 0, and is shown as nothing.
export class OptionalPriceField extends MonetaryField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

export class OptionalIntegerField extends IntegerField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("xpyme_optional_price", {
    ...monetaryField,
    component: OptionalPriceField,
});
registry.category("fields").add("xpyme_optional_integer", {
    ...integerField,
    component: OptionalIntegerField,
});
