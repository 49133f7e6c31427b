import {formatTaxId} from "./tax_id";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {useEffect} from "@odoo/owl";

const NAME = "field_partner_autocomplete";
const fields = registry.category("fields");

/**
 * Partner Autocomplete, where it is installed, puts its field in place of ours on each
 * form of a partner, and forgets two things: its input has no id, so that the label
 * names nothing, and a RUT that is only read loses its dots.
 */
function complete({component}) {
    patch(component.prototype, {
        setup() {
            super.setup();
            useEffect(
                (input) => {
                    if (input && this.props.id && !input.id) {
                        input.id = this.props.id;
                    }
                },
                () => [this.inputRef.el]
            );
        },
        get formattedValue() {
            const value = super.formattedValue;
            return this.props.name === "vat" ? formatTaxId(value) : value;
        },
    });
}

if (fields.contains(NAME)) {
    complete(fields.get(NAME));
} else {
    fields.addEventListener("UPDATE", ({detail}) => {
        if (detail.key === NAME) {
            complete(detail.value);
        }
    });
}
