from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DocumentCase

MAIL = """\
From: {sender}
To: nadie@ferreteria.example.com
Subject: X
Message-Id: <{login}@example.com>

X
"""


@tagged("post_install", "-at_install")
class TestMailGateway(DocumentCase):
    """It works as superuser, in the name of whom a mail says that it is from."""

    def hand_over(self, user, model=False, **values):
        gateway = self.env["mail.thread"].with_user(user)
        message = MAIL.format(sender="jefa@example.com", login=user.login)
        return gateway.message_process(model, message, **values)

    def test_only_administrators_say_what_becomes_of_a_mail(self):
        employee = self.make_user("empleado", "base.group_user")
        for user in (employee, self.salesperson):
            for said in (
                {"model": "res.partner"},
                {"model": "xpyme.offer.campaign", "custom_values": {"state": "done"}},
                {"model": "sale.order", "custom_values": {"risk_left_out": True}},
                {"model": "res.partner", "thread_id": self.customer.id},
            ):
                with self.assertRaisesRegex(AccessError, "its address decides"):
                    self.hand_over(user, **said)

    def test_the_server_that_fetches_mails_says_it(self):
        administrator = self.make_user("sistemas", "base.group_system")
        for user in (self.env.ref("base.user_root"), administrator):
            made = self.hand_over(
                user, "res.partner", custom_values={"ref": user.login}
            )
            self.assertEqual(self.env["res.partner"].browse(made).ref, user.login)
