from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from .common import MoveinCase

SCRIPT = Path(__file__).parents[1] / "migrations/19.0.1.1.0/post-migration.py"


class TestMoveinMigration(MoveinCase):
    def migrate(self):
        spec = spec_from_file_location("post_migration", SCRIPT)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")

    def test_layouts_of_before_get_what_they_lack_and_keep_what_somebody_said(self):
        contaplus = self.env.ref("xpyme_contacts_movein.layout_contaplus")
        factusol = self.env.ref("xpyme_contacts_movein.layout_factusol")
        contaplus.code_begins = False
        columns = {**factusol.columns, "AGECLI": "comment"}
        del columns["FPACLI"]
        factusol.columns = columns
        self.migrate()
        self.assertEqual(contaplus.code_begins, "430")
        self.assertEqual(factusol.columns["FPACLI"], "property_payment_term_id")
        self.assertEqual(factusol.columns["AGECLI"], "comment")
        contaplus.code_begins = "4300"
        self.migrate()
        self.assertEqual(contaplus.code_begins, "4300")
