import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

// A found order opens on its own page, not in a second dialog upon the search.
class FoundOrdersField extends X2ManyField {
    setup() {
        super.setup();
        this.actions = useService("action");
    }

    openRecord({resId, resModel}) {
        return this.actions.doActionButton({
            type: "object",
            name: "action_open_order",
            resId,
            resModel,
        });
    }
}

registry.category("fields").add("xpyme_found_orders", {
    ...x2ManyField,
    component: FoundOrdersField,
});
