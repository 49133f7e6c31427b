{
    "name": "XPYME Contacts, Vouchers at the Till",
    "summary": "Vouchers and points at the till",
    "version": "19.0.1.0.0",
    "category": "Sales/Point of Sale",
    "author": "XPYME Contacts Contributors",
    "license": "AGPL-3",
    "depends": ["xpyme_contacts_pos", "xpyme_contacts_points", "pos_loyalty"],
    "auto_install": True,
    "data": ["views/card_views.xml"],
    "assets": {
        "point_of_sale._assets_pos": ["xpyme_contacts_pos_points/static/src/**/*"]
    },
    "uninstall_hook": "uninstall_hook",
}
