"""What looks English on a Spanish screen and is right there, and why."""

NAMES = {
    "OdooBot": "Odoo's robot is called so in all languages",
    "Lista View": "the core's button of a view joins the word in its template",
    "Kanban View": "the same",
    "Actividad View": "the same",
    "Calendario View": "the same",
    "Gráfico View": "the same",
    "Gráfica View": "the same",
    "Tabla dinámica View": "the same",
    "Administrator": "what the core calls its first user",
    "My Company": "what the core calls its first company",
    "Internal Revenue Service": "what l10n_cl calls a partner of its own",
    "Simplified Invoice Partner": "what l10n_es calls a partner of its own",
    "This transfer has been created from": "the core's, in the demo's first language",
    "DEBIT": "the letters that OCA numbers remittances with",
    "Packing": "a shed of the demo's fruit growers, who call it so",
    "Can Prova": "Catalan, in the demo's shop of Girona",
    "Restaurant La Barretina": "the same",
    "Les Proves": "the same",
    "les Proves": "the same",
    "Integer vitae": "Latin, of the rows that the core fills an empty list with",
    "Services": "the core's category of articles; its name has no translation",
    "Lumber Inc": "the core's example of a name",
    "e.g. Welcome to MyCompany!": "the mail composer's example, untranslated there",
    "Message-Id": "the name that mail servers give it",
    'Back to "': "the core's way back joins the words in its template",
    '" form': "the same",
    "E-mail": "the word of the shop and of the seeds",
    "e-mail": "the same",
    "Email": "the same",
    "Link a imagen": "the same",
    "Link a la imagen": "the same",
}
# Fields of the core's own windows and tabs, by name.
UNLABELLED = {
    "peppol_endpoint": "account_peppol: the label is of the scheme beside it",
    "partner_latitude": "base_geolocalize: two numbers behind one label",
    "partner_longitude": "the same",
    "user_id": "the core's form of an activity: a picture stands for the label",
    "partner_ids": "the mail composer's recipients",
}
# Screens and tabs with nothing on them.
EMPTY = {
    "xpyme_billing_run_item_action [form]": "the demo's runs are still to be prepared",
    "fieldservice.action_fsm_location [form]": "fieldservice's tab for its managers",
    "fieldservice.action_fsm_location [form] > Otros": "the same",
    "fieldservice.action_fsm_location [form] > Direcciones": "the way is not described",
}
_PICTURE = "on a phone the core's form of a partner stands beside its picture"
# Screens and classes of the core's elements where a number is cut off.
CUT = {
    "o_current_week": "the title of a week of two months is longer than a phone",
    "contacts.action_contacts [form]": _PICTURE,
    "account.res_partner_action_customer [form]": _PICTURE,
    "Odoo's form": _PICTURE,
}
