{
    "name": "XPYME Calls of the Customer",
    "summary": "The calls of the CRM stand in the customer's follow-up and alert",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "XPYME Contacts Contributors",
    "license": "AGPL-3",
    "depends": [
        "xpyme_contacts",
        # OCA
        "crm_phonecall",
    ],
    "data": [
        "security/ir_rules.xml",
        "views/crm_phonecall_views.xml",
        "views/card_views.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": ["xpyme_contacts", "crm_phonecall"],
}
