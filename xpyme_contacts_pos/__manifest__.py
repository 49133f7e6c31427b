{
    "name": "XPYME Contacts, Point of Sale",
    "summary": "The till knows the customer: notices, prices, codes, limits",
    "version": "19.0.1.0.0",
    "category": "Sales/Point of Sale",
    "author": "XPYME Contacts Contributors",
    "license": "AGPL-3",
    "depends": ["xpyme_contacts_pricing", "point_of_sale", "pos_sale"],
    "auto_install": ["xpyme_contacts_pricing", "point_of_sale"],
    "data": [
        "security/ir.model.access.csv",
        "views/pos_order_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "demo": ["demo/tills.xml"],
    "assets": {
        "point_of_sale._assets_pos": ["xpyme_contacts_pos/static/src/**/*"],
        "web.assets_unit_tests": ["xpyme_contacts_pos/static/tests/unit/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
