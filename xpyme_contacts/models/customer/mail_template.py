from odoo import api, models

# Odoo's Spanish of the subject of a quotation (sale/i18n/es.po) has lost a quotation
# mark: whoever sends one to a customer who reads Spanish gets an error instead.
_BROKEN, _WHOLE = "('draft, 'sent')", "('draft', 'sent')"


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.model
    def _mend_subjects(self, langs):
        """Put the lost mark back, also where a shop has worded the rest anew."""
        for lang in langs:
            templates = self.with_context(lang=lang, active_test=False)
            for template in templates.search([("subject", "like", _BROKEN)]):
                template.subject = template.subject.replace(_BROKEN, _WHOLE)


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Whatever brings translations passes here: an installation, ours included, an
        update, a new language."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        # Only the languages of the database have translations to mend.
        known = {code for code, _name in self.env["res.lang"].get_installed()}
        self.env["mail.template"]._mend_subjects(known.intersection(langs))
        return result
