import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";
import {registry} from "@web/core/registry";

// A price that need not be given: none is no price of 0, and is shown as nothing.
export class OptionalPriceField extends MonetaryField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry.category("fields").add("xpyme_optional_price", {
    ...monetaryField,
    component: OptionalPriceField,
});
