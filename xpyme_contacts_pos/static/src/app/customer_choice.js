import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {SelectionPopup} from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import {PartnerList} from "@point_of_sale/app/screens/partner_list/partner_list";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {customerTerms} from "./customer_terms";

patch(PosStore.prototype, {
    async setup() {
        customerTerms.start(this);
        await super.setup(...arguments);
    },

    async processServerData() {
        await super.processServerData(...arguments);
        // The list goes on where the customers end who are loaded, not the partners.
        const customers = this.models["res.partner"].filter((p) => p.isCustomer);
        this.screenState.partnerList.offsetBySearch = {"": customers.length};
    },

    /**
     * Choose a ticket's customer: refused who is blocked, and what is to be told is told
     * in one dialog.
     */
    async setPartnerToCurrentOrder(partner) {
        const order = this.getOrder();
        if (!partner || partner.id === order.partner_id?.id) {
            return super.setPartnerToCurrentOrder(...arguments);
        }
        const entry = await customerTerms.fetch(order, partner);
        if (order.finalized) {
            return;
        }
        if (order.sellsAnew && this.isBlocked(partner, entry)) {
            return await this.refuseCustomer(partner, entry);
        }
        if (this.getOrder() === order) {
            super.setPartnerToCurrentOrder(...arguments);
        } else {
            order.setPartner(partner);
        }
        await this.tellOfCustomer(order, entry);
    },

    isBlocked(partner, entry) {
        return entry ? entry.blocked : partner.is_blocked;
    },

    async refuseCustomer(partner, entry) {
        await this.tell(
            partner.name,
            this.getNotices(partner, entry).join("\n") ||
                _t("Blocked (Baja): no sales document can be made for them.")
        );
    },

    /**
     * Show a sentence and go on when it was read.
     */
    tell(title, body) {
        return new Promise((resolve) => {
            this.dialog.add(AlertDialog, {title, body}, {onClose: resolve});
        });
    },

    async tellOfCustomer(order, entry) {
        if (!entry) {
            this.notification.add(
                _t("Without connection: the ticket has the prices of the tariff."),
                {type: "warning"}
            );
            return;
        }
        await this.tellNotices(order, entry);
        await this.chooseDiscount(order, entry);
    },

    /**
     * What is told of a customer, in a dialog that has their name above it.
     */
    getNotices(partner, entry) {
        const name = `${partner.name}: `;
        return (entry?.notices || []).map((said) =>
            said.startsWith(name) ? said.slice(name.length) : said
        );
    },

    async tellNotices(order, entry) {
        if (entry.notices.length) {
            const told = this.getNotices(order.partner_id, entry);
            await this.tell(order.partner_id.name, told.join("\n"));
        }
    },

    /**
     * Of several discounts the cashier takes one, or none.
     */
    async chooseDiscount(order, entry) {
        if (entry.discounts.length < 2) {
            return;
        }
        const partner = order.partner_id;
        const chosen = await makeAwaitable(this.dialog, SelectionPopup, {
            title: _t("Discount of the ticket"),
            list: [...entry.discounts, {id: 0, name: _t("No discount")}].map((one) => ({
                id: one.id,
                label: one.name,
                isSelected: false,
                item: one.id && one,
            })),
        });
        if (order.partner_id === partner && !order.finalized) {
            order.uiState.customerDiscount = chosen || null;
            order.followCustomer();
        }
    },

    editPartnerContext() {
        return {
            ...super.editPartnerContext(...arguments),
            res_partner_search_mode: "customer",
        };
    },
});

patch(PartnerList.prototype, {
    /**
     * The till also knows who works at it, and whom it needs otherwise. The ticket's own
     * customer stays, to be taken off.
     */
    setup() {
        super.setup(...arguments);
        this.state.initialPartners = this.state.initialPartners.filter(
            (partner) => partner.isCustomer || partner === this.props.partner
        );
    },
});
