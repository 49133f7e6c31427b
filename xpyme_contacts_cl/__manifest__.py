{
    "name": "XPYME Customers in Chile",
    "summary": "Document type per customer; kind of bank account and its holder's RUT",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "author": "XPYME Contacts Contributors",
    "license": "AGPL-3",
    "depends": ["xpyme_contacts_billing", "l10n_cl"],
    "data": [
        "views/card_views.xml",
        "views/customer_views.xml",
        "views/res_partner_bank_views.xml",
    ],
    "auto_install": ["xpyme_contacts_billing", "l10n_cl"],
}
