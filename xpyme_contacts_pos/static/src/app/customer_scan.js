import {patch} from "@web/core/utils/patch";
import {ConnectionLostError} from "@web/core/network/rpc";
import {BarcodeReader} from "@point_of_sale/app/services/barcode_reader_service";
import {ResPartner} from "@point_of_sale/app/models/res_partner";
import {ProductScreen} from "@point_of_sale/app/screens/product_screen/product_screen";
import {PosStore} from "@point_of_sale/app/services/pos_store";

patch(ResPartner.prototype, {
    /**
     * Whether a cashier may choose them. A row that the browser has kept since before
     * the till was told says nothing.
     */
    get isCustomer() {
        return this.is_till_customer !== false;
    },

    get codes() {
        return (this.pos_codes || "").split("\n").filter(Boolean);
    },

    /**
     * Whether this is the customer's code; 015 and 15 are one.
     */
    hasCode(code) {
        const bare = (text) =>
            text
                .trim()
                .toLowerCase()
                .replace(/^0+(?=\d+$)/, "");
        return [this.barcode, ...this.codes].some(
            (own) => own && bare(own) === bare(code)
        );
    },

    get searchString() {
        return [super.searchString, ...this.codes].join(" ");
    },

    exactMatch(searchWord) {
        const isCode =
            searchWord && this.codes.some((c) => c.toLowerCase() === searchWord);
        return super.exactMatch(...arguments) || isCode;
    },
});

patch(BarcodeReader.prototype, {
    async _scan(code) {
        // Before a rule of the till takes a customer's card for a discount or a weight.
        if (code && !this.exclusiveCbMap && (await this.takeCustomer?.(code))) {
            return;
        }
        return await super._scan(...arguments);
    },
});

patch(ProductScreen.prototype, {
    async _getPartnerByBarcode() {
        const partner = await super._getPartnerByBarcode(...arguments);
        return partner?.isCustomer ? partner : null;
    },
});

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        if (this.barcodeReader) {
            this.barcodeReader.takeCustomer = (code) => this.takeCustomer(code);
        }
    },

    /**
     * Choose the customer whose code was scanned.
     *
     * @returns {Promise<boolean>} whether the code is a customer's and no article's
     */
    async takeCustomer(code) {
        const order = this.getOrder();
        if (!order || order.finalized || this.isArticleCode(code)) {
            return false;
        }
        const partner =
            this.models["res.partner"].find(
                (one) => one.isCustomer && one.hasCode(code)
            ) || (await this.findCustomer(code));
        if (!partner) {
            return false;
        }
        await this.setPartnerToCurrentOrder(partner);
        return true;
    },

    /**
     * Whether the till has an article, a package or a weighed article with this code.
     */
    isArticleCode(code) {
        const parsed = this.barcodeReader.parser.parse_barcode(code);
        const codes = [code, ...(Array.isArray(parsed) ? [] : [parsed.base_code])];
        return codes.some(
            (one) =>
                this.models["product.product"].getBy("barcode", one) ||
                this.models["product.uom"].getBy("barcode", one)
        );
    },

    /**
     * Ask the server for a customer who is not loaded.
     */
    async findCustomer(code) {
        try {
            const found = await this.data.callRelated(
                "res.partner",
                "find_pos_partner",
                [this.config.id, code],
                {},
                false
            );
            return found["res.partner"][0] || null;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return null;
            }
            throw error;
        }
    },
});
