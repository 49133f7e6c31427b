from inspect import signature
from unittest.mock import patch

from odoo.models import BaseModel, fix_import_export_id_paths
from odoo.modules.db import FunctionStatus
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.base.models import ir_actions_report
from odoo.addons.base_iban.models import res_partner_bank


@tagged("post_install", "-at_install")
class TestCoreHolds(TransactionCase):
    """What we use of Odoo that Odoo does not promise, and the file that uses it.

    What fails here after an upgrade of Odoo is to be looked at in that file first.
    """

    def assert_takes(self, owner, name, *parameters, used_by):
        """``owner.name`` is there, and takes ``parameters``."""
        function = getattr(owner, name, None)
        self.assertTrue(callable(function), f"{name} is gone; {used_by} calls it.")
        known = signature(function).parameters
        missing = [parameter for parameter in parameters if parameter not in known]
        self.assertFalse(missing, f"{name} takes no {missing}; {used_by} gives it.")

    def test_mail_server_builds_and_prepares_mails(self):
        used_by = "models/offer/post.py"
        servers = self.env["ir.mail_server"]
        self.assert_takes(servers, "_connect__", "smtp_from", used_by=used_by)
        given = ("email_from", "email_to", "subject", "body", "reply_to", "message_id")
        given += ("subtype", "headers")
        self.assert_takes(servers, "_build_email__", *given, used_by=used_by)
        given = ("message", "smtp_session")
        self.assert_takes(servers, "_prepare_email_message__", *given, used_by=used_by)
        self.assertIsNone(servers._connect__(smtp_from="a@example.com"), used_by)

    def test_import_is_read_and_converted(self):
        used_by = "models/customer/importing.py"
        given = ("data", "limit")
        self.assert_takes(BaseModel, "_extract_records", *given, used_by=used_by)
        given = ("records", "savepoint")
        self.assert_takes(BaseModel, "_convert_records", *given, used_by=used_by)
        self.assert_takes(self.registry, "reset_changes", used_by=used_by)
        self.assertEqual(fix_import_export_id_paths("a/id"), ["a", "id"], used_by)
        keys = set()
        original = BaseModel._extract_records

        def extract(records, *args, **kwargs):
            keys.update(records.env.context)
            return original(records, *args, **kwargs)

        with patch.object(BaseModel, "_extract_records", extract):
            self.env["res.partner.category"].load(["name"], [["Uno"]])
        self.assertLessEqual({"import_cache", "import_flush"}, keys, used_by)

    def test_registry_tells_how_accents_are_left_out(self):
        used_by = "models/customer/search.py"
        statuses = {FunctionStatus.MISSING, FunctionStatus.PRESENT}
        statuses.add(FunctionStatus.INDEXABLE)
        self.assertIn(self.registry.has_unaccent, statuses, used_by)
        self.assertIn("name", self.registry.unaccent(SQL("name")).code, used_by)

    def test_all_fields_are_named_before_a_write(self):
        partner = self.env["res.partner"].create({"name": "Uno"})
        named = []
        threads = self.registry["mail.thread"]

        def prepare(_records, fields_iter):
            named.append({*fields_iter})

        self.assert_takes(
            threads, "_track_prepare", "fields_iter", used_by="models/values.py"
        )
        self.patch(self.registry["res.partner"], "_track_prepare", prepare)
        partner.write({"comment": "Dos"})
        self.assertIn({*partner._fields}, named, "models/values.py")

    def test_countries_with_an_iban_are_known(self):
        templates = getattr(res_partner_bank, "_map_iban_template", {})
        self.assertLessEqual({"es", "de"}, {*templates}, "models/customer/bank.py")

    def test_program_that_prints_tells_its_build(self):
        used_by = "report/: labels, contact sheet, risk sheet"
        self.assert_takes(ir_actions_report, "_wkhtml", used_by=used_by)
        self.assertIn(ir_actions_report._wkhtml().is_patched_qt, (True, False), used_by)

    def test_groups_of_duplicates_are_asked_for_in_a_plain_select(self):
        """``wizard/customer/base_partner_merge.py`` puts a WITH before it."""
        wizards = self.env["base.partner.merge.automatic.wizard"]
        query = wizards._generate_query(["email"]).strip()
        self.assertTrue(query.upper().startswith("SELECT"), query)
        self.assert_takes(
            wizards,
            "_process_query",
            "query",
            used_by="wizard/customer/base_partner_merge.py",
        )
