import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** What the gear of a page has and a window lacks: adding and changing own fields. */
export class OwnFields extends Component {
    static template = "xpyme_contacts.OwnFields";
    static props = {...standardWidgetProps};

    edit() {
        this.env.model.bus.trigger("PROPERTY_FIELD:EDIT");
    }
}

registry.category("view_widgets").add("xpyme_own_fields", {component: OwnFields});
