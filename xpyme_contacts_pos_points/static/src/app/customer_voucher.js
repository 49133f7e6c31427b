import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";
import {PosStore} from "@point_of_sale/app/services/pos_store";

patch(PosOrder.prototype, {
    /**
     * A voucher goes with its customer: another one does not pay with it.
     */
    setPartner(partner) {
        const before = this.partner_id;
        super.setPartner(...arguments);
        if (before && before !== this.partner_id) {
            this.dropVouchers();
        }
    },

    get vouchers() {
        return (this._code_activated_coupon_ids || []).filter(
            (card) => card.program_id?.is_customer_voucher
        );
    },

    dropVouchers() {
        const vouchers = this.vouchers;
        if (!vouchers.length) {
            return;
        }
        for (const line of this.lines.filter((one) =>
            vouchers.includes(one.coupon_id)
        )) {
            line.delete();
        }
        this._code_activated_coupon_ids = [["unlink", ...vouchers]];
    },

    /**
     * Who accumulates no points earns none.
     */
    pointsForPrograms(programs) {
        const points = super.pointsForPrograms(...arguments);
        if (this.partner_id?.no_points) {
            for (const program of programs) {
                if (program.program_type === "loyalty") {
                    points[program.id] = [];
                }
            }
        }
        return points;
    },
});

patch(PosOrderline.prototype, {
    /**
     * What comes back takes off what its ticket earned: the server does so.
     */
    ignoreLoyaltyPoints({program}) {
        return (
            super.ignoreLoyaltyPoints(...arguments) ||
            (program.program_type === "loyalty" && Boolean(this.refunded_orderline_id))
        );
    },
});

patch(PosStore.prototype, {
    async tellOfCustomer(order, entry) {
        await super.tellOfCustomer(...arguments);
        await this.offerVoucher(order, entry);
    },

    /**
     * What is told of the customer and the vouchers that they have, in one dialog.
     */
    async tellNotices(order, entry) {
        if (!entry.vouchers.length) {
            return await super.tellNotices(...arguments);
        }
        const told = entry.vouchers.map((voucher) => this.describeVoucher(voucher));
        order.uiState.usesVoucher = await ask(this.dialog, {
            title: order.partner_id.name,
            body: [...this.getNotices(order.partner_id, entry), ...told].join("\n"),
            confirmLabel: _t("Use the voucher"),
            cancelLabel: _t("Not now"),
        });
    },

    describeVoucher(voucher) {
        const values = {
            code: voucher.code,
            amount: this.env.utils.formatCurrency(voucher.amount),
            day: voucher.expiration_date,
        };
        return voucher.expiration_date
            ? _t("Voucher of %(amount)s to use (until %(day)s): %(code)s.", values)
            : _t("Voucher of %(amount)s to use: %(code)s.", values);
    },

    async offerVoucher(order, entry) {
        if (!order.uiState.usesVoucher || !entry?.vouchers.length) {
            return;
        }
        order.uiState.usesVoucher = false;
        const said = await this.activateCode(entry.vouchers[0].code);
        if (said !== true) {
            this.notification.add(said, {type: "warning"});
        }
    },
});
