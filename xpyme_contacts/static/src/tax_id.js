import {CharField, charField} from "@web/views/fields/char/char_field";
import {registry} from "@web/core/registry";

const RUT = /^(\d{6,8})-([\dkK])$/;

/**
 * A tax id as people read it: a RUT with its dots, wherever it is shown.
 */
export function formatTaxId(number) {
    const [, body, digit] = RUT.exec(number || "") || [];
    return body ? `${body.replace(/\B(?=(\d{3})+$)/g, ".")}-${digit}` : number || "";
}

export class TaxIdField extends CharField {
    get formattedValue() {
        return formatTaxId(super.formattedValue);
    }
}

registry.category("fields").add("xpyme_tax_id", {
    ...charField,
    component: TaxIdField,
    supportedTypes: ["char"],
});
