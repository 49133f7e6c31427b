import ast
import inspect
import textwrap

from odoo.tests import TransactionCase, tagged

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
