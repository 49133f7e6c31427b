{
    "name": "XPYME Billing as the Customer Agreed",
    "summary": "Pay days and leaves in due dates, series, copies, grouped billing runs",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "XPYME Contacts Contributors",
    "license": "AGPL-3",
    "depends": ["xpyme_contacts"],
    "data": [
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "views/invoicing_group_views.xml",
        "views/card_views.xml",
        "views/customer_views.xml",
        "views/documents_views.xml",
        "views/menus.xml",
    ],
}
