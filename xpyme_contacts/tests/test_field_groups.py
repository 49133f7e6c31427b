from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

OURS = "xpyme_contacts"
NUMBERS = ("float", "integer", "monetary")


@tagged("post_install", "-at_install")
class TestFieldGroups(TransactionCase):
    """A field with groups says nothing to others, however it is asked.

    Walks all models, for the next field that is forgotten.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readers = [
            cls.env["res.users"].create(
                {
                    "name": f"Outsider {number}",
                    "login": f"outsider_{number}",
                    "group_ids": [Command.set(cls.env.ref(group).ids)],
                }
            )
            for number, group in enumerate(("base.group_user", "base.group_portal"))
        ]
        cls.guarded = [
            (model, field, reader)
            for model, field in cls._get_guarded_fields()
            for reader in cls.readers
            if not reader.has_groups(field.groups)
        ]
        cls._open_models()

    @classmethod
    def _get_guarded_fields(cls):
        for name, model in sorted(cls.env.registry.items()):
            if model._abstract:
                continue
            for field in model._fields.values():
                is_ours = any(m.startswith(OURS) for m in field.base_field._modules)
                if is_ours and field.groups:
                    yield name, field

    @classmethod
    def _open_models(cls):
        """Whatever is refused is refused for the field."""
        models = {model for model, _field, _reader in cls.guarded}
        cls.env["ir.model.access"].create(
            [
                {
                    "name": name,
                    "model_id": cls.env["ir.model"]._get_id(name),
                    "perm_read": True,
                }
                for name in models
            ]
        )

    def test_the_walk_finds_what_is_known(self):
        found = {(model, field.name) for model, field, _reader in self.guarded}
        for fname in ("risk_debt", "risk_granted", "internal_credit_limit"):
            self.assertIn(("res.partner", fname), found)
            self.assertIn(("res.users", fname), found)

    def _get_questions(self, records, field):
        """What a client can ask of the field, by name."""
        name, aggregate = field.name, f"{field.name}:count"
        value = 1 if field.type in NUMBERS else False
        operator = ">" if field.type in NUMBERS else "!="
        leaf = [(name, operator, value)]
        return {
            "read": lambda: records.search([], limit=1).read([name]),
            "condition": lambda: records.search_count(leaf),
            "negated": lambda: records.search_count(["!", *leaf]),
            "order": lambda: records.search([], order=name, limit=1),
            "group": lambda: records.formatted_read_group([], [name], ["__count"]),
            "aggregate": lambda: records.formatted_read_group([], [], [aggregate]),
        }

    def test_to_whoever_may_not_read_it_a_field_says_nothing(self):
        told = []
        for model, field, reader in self.guarded:
            records = self.env[model].with_user(reader)
            for question, ask in self._get_questions(records, field).items():
                answer = self._ask(ask)
                if not self._is_refused(question, field, answer):
                    told.append((model, field.name, question, reader.login, answer))
        self.assertFalse(told)

    def _ask(self, ask):
        """What the client gets, or the error."""
        with self.env.cr.savepoint(), mute_logger("odoo.models"):
            try:
                return ask()
            except (AccessError, ValueError) as error:
                return error

    @staticmethod
    def _is_refused(question, field, answer):
        """By its groups; what is no column nobody orders or groups by."""
        if isinstance(answer, AccessError):
            return True
        is_column = field.store and not field.inherited
        groups = ("order", "group", "aggregate")
        return question in groups and not is_column and isinstance(answer, ValueError)
