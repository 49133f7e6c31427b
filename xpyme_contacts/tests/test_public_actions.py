import ast
import inspect
import textwrap

from odoo.tests import TransactionCase, tagged

from .common import assert_carried
from .risk_common import RiskCase

OURS = "odoo.addons.xpyme_"


def is_none(node):
    return node is None or isinstance(node, ast.Constant) and node.value is None


def answers(body):
    """Whether a block of code never falls out at its end."""
    last = body[-1]
    if isinstance(last, ast.With):
        return answers(last.body)
    if isinstance(last, ast.If):
        return bool(last.orelse) and answers(last.body) and answers(last.orelse)
    if isinstance(last, ast.Try):
        blocks = (last.orelse or last.body, *(h.body for h in last.handlers))
        return all(map(answers, blocks))
    return isinstance(last, (ast.Return, ast.Raise))


def is_extension(method):
    """Of an action of Odoo's, which answers what Odoo wants."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == method.name
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", None) == "super"
        for node in ast.walk(method)
    )


def is_silent(function):
    """Whether a method may answer None, which XML-RPC does not carry."""
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    [method] = ast.parse(source).body
    if is_extension(method):
        return False
    returns = [node for node in ast.walk(method) if isinstance(node, ast.Return)]
    return not answers(method.body) or any(is_none(node.value) for node in returns)


@tagged("post_install", "-at_install")
class TestPublicActions(TransactionCase):
    def get_actions(self):
        """Pairs of name and function of what programs can call of ours."""
        for model in self.registry.values():
            for cls in model.mro():
                if cls.__module__.startswith(OURS):
                    for name, value in vars(cls).items():
                        if name.startswith("action_") and inspect.isfunction(value):
                            yield f"{model._name}.{name}", value

    def test_every_action_answers_what_xml_rpc_can_carry(self):
        actions = dict(self.get_actions())
        self.assertGreater(len(actions), 60)
        self.assertFalse(sorted(name for name in actions if is_silent(actions[name])))

    def test_an_action_without_an_answer_is_found(self):
        def early(self):
            if self:
                return
            return True

        def silent(self):
            self.write({})

        def sound(self):
            if self:
                return {}
            raise ValueError

        self.assertEqual([*map(is_silent, (early, silent, sound))], [True, True, False])


@tagged("post_install", "-at_install")
class TestCarriedActions(RiskCase):
    """What an action answers holds nothing that XML-RPC could not carry."""

    def test_what_is_to_be_printed(self):
        """Odoo's own answer for a report without data has a None among its values."""
        report = self.env["xpyme.risk.report"].create({"partner_id": self.customer.id})
        for answer in (
            self.customer.action_print_contacts(),
            self.customer.action_print_list(),
            self.customer.action_print_labels(),
            report.action_print(),
        ):
            assert_carried(answer)

    def test_the_question_over_a_limit(self):
        self.set_limits(self.customer, 1000)
        self.company.risk_order_action = "block"
        assert_carried(self.make_quotation(1312).action_release_risk())
