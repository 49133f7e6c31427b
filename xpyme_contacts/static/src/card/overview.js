import {Component, markup, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

// A part of the customer's card that is read when its tab is opened, not with the card.
// The server renders it; what carries ``data-action`` opens the documents behind it.
export class Overview extends Component {
    static template = "xpyme_contacts.Overview";
    static props = {...standardWidgetProps, method: String};

    setup() {
        this.orm = useService("orm");
        this.actions = useService("action");
        this.state = useState({html: ""});
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((next) => this.load(next));
    }

    async load({record, method}) {
        if (!record.resId) {
            this.state.html = "";
            return;
        }
        const html = await this.orm.call("res.partner", method, [record.resId], {
            context: record.context,
        });
        this.state.html = markup(html);
    }

    async onClick(ev) {
        const link = ev.target.closest("[data-action]");
        if (!link) {
            return;
        }
        ev.preventDefault();
        const {model, id, action} = link.dataset;
        this.actions.doAction(await this.orm.call(model, action, [Number(id)]));
    }
}

registry.category("view_widgets").add("xpyme_overview", {
    component: Overview,
    extractProps: ({attrs}) => ({method: attrs.method}),
});
