{
    "name": "XPYME Contacts for Spain",
    "summary": "Recargo de equivalencia, IRPF and VAT of a customer; CCC to IBAN",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "author": "XPYME Contacts Contributors",
    "license": "AGPL-3",
    "depends": ["xpyme_contacts_billing", "l10n_es", "base_bank_from_iban"],
    "auto_install": ["xpyme_contacts_billing", "l10n_es"],
    "data": [
        "views/bank_views.xml",
        "views/card_views.xml",
        "views/documents_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
