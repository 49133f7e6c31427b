"""What looks English on a Spanish screen and is right there, and why."""

NAMES = {
    "OdooBot": "Odoo's robot is called so in all languages",
    "Lista View": "the core's button of a view joins the word in its template",
    "Kanban View": "the same",
    "Actividad View": "the same",
    "Calendario View": "the same",
    "Gráfico View": "the same",
    "Tabla dinámica View": "the same",
    "Administrator": "what the core calls its first user",
    "My Company": "what the core calls its first company",
    "Internal Revenue Service": "what l10n_cl calls a partner of its own",
    "Simplified Invoice Partner": "what l10n_es calls a partner of its own",
    "Packing": "a shed of the demo's fruit growers, who call it so",
    "Services": "the core's category of articles; its name has no translation",
    "Lumber Inc": "the core's example of a name",
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
    "partner_ids": "the mail composer's recipients",
}
