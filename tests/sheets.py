"""Contact sheets as PDF files, and what can be read off their pages."""

import json
import os
from pathlib import Path

import pypdf

REPORT = "xpyme_contacts.contact_sheet"
PRINT = f"""
import json, os
from pathlib import Path

folder = Path(os.environ["SHEETS"])
report = env["ir.actions.report"].with_context(force_report_rendering=True)
for name, url, ids in json.loads(os.environ["SHEETS_WANTED"]):
    env["ir.config_parameter"].set_param("report.url", url)
    content, _kind = report._render_qweb_pdf("{REPORT}", ids)
    (folder / f"{{name}}.pdf").write_bytes(content)
env.cr.rollback()
"""
LONG_NAME = "Construcciones, Áridos y Transportes del Gran Concepción y Arauco Limitada"
CUSTOMER = {
    "is_company": True,
    "customer_flag": True,
    "vat": "77777777-7",
    "phone": "+56 41 290 97 25",
    "email": "acme@example.com",
    "street": "Freire 247",
    "zip": "4030000",
    "city": "Concepción",
}
WORDY = {
    "function": "Subgerente de Adquisiciones y Contratos de Obras Civiles",
    "phone": "+56 41 222 33 44 55",
    "mobile": "+56 9 6123 4567",
    "street": "Camino a Santa Juana kilómetro 17, parcela 24-B, sector Los Boldos",
    "street2": "Edificio Administración, piso 3, oficina 304",
    "zip": "4030000",
    "city": "San Pedro de la Paz",
}


def make_contact(number):
    """A contact; every third one has much to tell."""
    if number % 3:
        return {"name": f"Persona {number}", "phone": "41 222 33 44"}
    name = "María de los Ángeles Fernández-Echeverría y Núñez del Prado"
    email = (
        f"maria.delosangeles.fernandez-echeverria{number}@construcciones.example.com"
    )
    return {**WORDY, "name": f"{name} {number}", "email": email}


def make_customers(call, numbers):
    """A customer for each number of contacts, his mirror among them."""
    ids = []
    for number in numbers:
        name = LONG_NAME if number > 30 else f"Ñuble {number} Ltda."
        children = [[0, 0, make_contact(n)] for n in range(number - 1)]
        vals = {**CUSTOMER, "name": name, "child_ids": children}
        vals["child_ids"].append([0, 0, {"name": name}])
        ids += call("res.partner", "create", vals_list=[vals])
    return ids


def print_sheets(lab, db, build, folder, wanted):
    """Print with one of the builds of wkhtmltopdf.

    :param wanted: names, addresses that the engine fetches styles from, customers' ids
    :return: ``{name: pages}``
    """
    path = os.pathsep.join([str(Path(build).parent), os.environ["PATH"]])
    env = {"SHEETS": str(folder), "SHEETS_WANTED": json.dumps(wanted), "PATH": path}
    lab.shell(db, PRINT, env=env)
    return {
        name: [Page(page) for page in pypdf.PdfReader(folder / f"{name}.pdf").pages]
        for name, _url, _ids in wanted
    }


class Page:
    """Text and places on one page, in points from the top left."""

    def __init__(self, page):
        self.height = float(page.mediabox.height)
        self.width = float(page.mediabox.width)
        self.spots = []
        page.extract_text(visitor_text=self._visit)
        self.text = " ".join(page.extract_text().split())

    def _visit(self, text, matrix, text_matrix, _font, size):
        # pypdf has no place for a text that follows another on its line
        if not text.strip() or not any(text_matrix[4:]):
            return
        scale = matrix[3] * text_matrix[3]
        x = matrix[0] * text_matrix[4] + matrix[2] * text_matrix[5] + matrix[4]
        y = matrix[1] * text_matrix[4] + matrix[3] * text_matrix[5] + matrix[5]
        spot = (text.strip(), x, self.height - y, abs(size * scale))
        self.spots.append(spot)
