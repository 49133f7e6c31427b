import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {onWillStart} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {user} from "@web/core/user";

// The server refuses a technician's export of contacts; he is not offered it either.
// Each controller needs a patch of its own: `super` is bound to the object.
const withoutTechniciansExport = () => ({
    setup() {
        super.setup(...arguments);
        onWillStart(async () => {
            if (
                this.props.resModel === "res.partner" &&
                (await user.hasGroup("xpyme_contacts.group_service_technician"))
            ) {
                this.isExportEnable = false;
            }
        });
    },
});

patch(ListController.prototype, withoutTechniciansExport());
patch(KanbanController.prototype, withoutTechniciansExport());
