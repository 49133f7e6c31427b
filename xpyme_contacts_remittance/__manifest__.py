{
    "name": "XPYME Contacts, Remittances",
    "summary": "Remittance groups; a remittance of direct debits in one click",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "XPYME Contacts Contributors",
    "license": "AGPL-3",
    "depends": [
        "xpyme_contacts",
        "account_payment_batch_oca",
        "account_payment_sepa_direct_debit",
        "account_payment_return",
    ],
    "auto_install": ["xpyme_contacts", "account_payment_batch_oca"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "views/remittance_group_views.xml",
        "views/card_views.xml",
        "views/customer_views.xml",
    ],
}
