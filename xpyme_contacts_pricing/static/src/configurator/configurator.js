import {ComboConfiguratorDialog} from "@sale/js/combo_configurator_dialog/combo_configurator_dialog";
import {ProductConfiguratorDialog} from "@sale/js/product_configurator_dialog/product_configurator_dialog";
import {SaleOrderLineProductField} from "@sale/js/sale_product_field";
import {patch} from "@web/core/utils/patch";

// What the price of a line depends on besides its pricelist.
patch(SaleOrderLineProductField.prototype, {
    _getAdditionalDialogProps() {
        const {partner_id, customer_discount_id, fiscal_position_id} =
            this.props.record.model.root.data;
        return {
            ...super._getAdditionalDialogProps(),
            customerTerms: {
                customer_id: partner_id?.id,
                customer_discount_id: customer_discount_id?.id,
                fiscal_position_id: fiscal_position_id?.id,
            },
        };
    },
});

for (const dialog of [ComboConfiguratorDialog, ProductConfiguratorDialog]) {
    patch(dialog, {
        props: {...dialog.props, customerTerms: {type: Object, optional: true}},
    });
}

patch(ProductConfiguratorDialog.prototype, {
    _getAdditionalRpcParams() {
        return {...super._getAdditionalRpcParams(), ...this.props.customerTerms};
    },
});
