import {Component, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

// A number or an address as a button that is a link: a telephone dials or opens its map
// at once, where the answer of an action that comes later is held for a pop-up.
export class LinkField extends Component {
    static template = xml`
        <a
            t-if="target"
            class="btn"
            t-att-class="props.look"
            t-att-href="target"
            t-att-target="props.scheme ? '_self' : '_blank'"
            rel="noopener noreferrer"
            t-on-click.stop=""
        >
            <i class="fa me-1" t-att-class="props.icon" aria-hidden="true"/>
            <t t-out="props.label"/>
        </a>`;
    static props = {
        ...standardFieldProps,
        label: {type: String},
        icon: {type: String, optional: true},
        look: {type: String, optional: true},
        scheme: {type: String, optional: true},
    };
    static defaultProps = {icon: "", look: "btn-secondary", scheme: ""};

    get target() {
        const value = this.props.record.data[this.props.name];
        return value && this.props.scheme + value;
    }
}

registry.category("fields").add("xpyme_link", {
    component: LinkField,
    supportedTypes: ["char"],
    extractProps: ({options, string}) => ({...options, label: string}),
});
