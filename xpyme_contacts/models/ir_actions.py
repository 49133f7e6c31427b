from odoo import api, models


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        """A technician is offered to print contacts, and nothing else with them."""
        bindings = super().get_bindings(model_name)
        guarded = isinstance(
            self.env.get(model_name), self.env.registry["xpyme.technician.guard"]
        )
        if guarded and self.env.user._is_service_technician():
            return {kind: bindings[kind] for kind in ("report",) if kind in bindings}
        return bindings
