{
    "name": "XPYME Contacts, Points and Vouchers",
    "summary": "Points and sales of a period, settled into vouchers",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "XPYME Contacts Contributors",
    "license": "AGPL-3",
    "depends": ["xpyme_contacts", "sale_loyalty"],
    "auto_install": ["xpyme_contacts", "sale_loyalty"],
    "data": [
        "views/customer_type_views.xml",
        "views/history_views.xml",
        "views/card_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
