import {Component, onMounted, onWillDestroy, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/core/utils/numbers";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** Which of the customer's discounts does the document get? Escape is none of them. */
export class DiscountChoiceDialog extends Component {
    static template = "xpyme_contacts_pricing.DiscountChoiceDialog";
    static components = {Dialog};
    static props = {
        customer: String,
        discounts: Array,
        choose: Function,
        close: Function,
    };

    formatPercent(percent) {
        return `${formatFloat(percent, {digits: [16, 2], trailingZeros: false})} %`;
    }

    async onChoose(discount) {
        await this.props.choose(discount);
        this.props.close();
    }
}

/**
 * Asks when a customer with several discounts enters the document, and leaves a line to
 * choose later while none is chosen.
 */
export class DiscountChoice extends Component {
    static template = "xpyme_contacts_pricing.DiscountChoice";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.state = useState({discounts: []});
        this.customerId = undefined;
        // The lists of a form take what is in front when it is mounted for their own:
        // a dialog that is open already would leave their cells without the focus.
        this.isDrawn = false;
        this.isQuestionDue = false;
        onMounted(() => {
            this.timeout = browser.setTimeout(() => this.onDrawn());
        });
        onWillDestroy(() => browser.clearTimeout(this.timeout));
        useRecordObserver((record) => this.onRecord(record));
    }

    get isOpen() {
        return ["draft", "sent"].includes(this.props.record.data.state);
    }

    get isChoicePending() {
        const {customer_discount_id} = this.props.record.data;
        return this.isOpen && this.state.discounts.length > 1 && !customer_discount_id;
    }

    onDrawn() {
        this.isDrawn = true;
        if (this.isQuestionDue && this.isChoicePending) {
            this.ask();
        }
    }

    async onRecord(record) {
        const customerId = record.data.partner_id?.id || false;
        if (customerId === this.customerId) {
            return;
        }
        const isEntered = this.customerId !== undefined || record.isNew;
        this.customerId = customerId;
        this.state.discounts = [];
        if (!customerId || !this.isOpen) {
            return;
        }
        const discounts = await this.orm.call("res.partner", "get_document_discounts", [
            [customerId],
        ]);
        if (customerId !== this.customerId) {
            return;
        }
        this.state.discounts = discounts;
        if (!isEntered || !this.isChoicePending) {
            return;
        }
        if (this.isDrawn) {
            this.ask();
        } else {
            this.isQuestionDue = true;
        }
    }

    ask() {
        this.dialog.add(DiscountChoiceDialog, {
            // the name alone: in documents the address stands below it
            customer: (this.props.record.data.partner_id.display_name || "").split(
                "\n"
            )[0],
            discounts: this.state.discounts,
            choose: ({id, name, percent}) =>
                this.props.record.update({
                    customer_discount_id: {id, display_name: `${name} (${percent} %)`},
                }),
        });
    }
}

registry.category("view_widgets").add("xpyme_discount_choice", {
    component: DiscountChoice,
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "partner_id", type: "many2one"},
        {name: "customer_discount_id", type: "many2one"},
    ],
});
