import {Component, onMounted, onWillUnmount, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const EVERY = 3000;

// Reads a campaign again and again while its mails are prepared or sent, so that the
// figures and the bar move without anybody reloading the page.
class OfferProgress extends Component {
    static template = xml`<span/>`;
    static props = {...standardWidgetProps};

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.refresh(), EVERY);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get isWorking() {
        const {state, is_complete: isComplete} = this.props.record.data;
        return state === "running" || (state === "prepared" && !isComplete);
    }

    async refresh() {
        const {record} = this.props;
        const isHidden = document.visibilityState === "hidden";
        if (this.isWorking && !isHidden && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("xpyme_offer_progress", {
    component: OfferProgress,
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "is_complete", type: "boolean"},
    ],
});
