from contextlib import contextmanager

from odoo import api, models, tools
from odoo.exceptions import AccessError

from .refusal import TECHNICIAN

# Whose members write code into templates, which runs as whoever it likes.
_TEMPLATE_EDITOR = "mail.group_mail_template_editor"


class ResUsers(models.Model):
    """A technician takes the mark off nobody, and works as nobody else."""

    _inherit = "res.users"

    def _is_service_technician(self):
        """Whether the user is marked as service order technician.

        The superuser (code that runs by itself) never is.
        """
        self.ensure_one()
        return self.has_group(TECHNICIAN)

    @tools.ormcache("self.id")
    def _get_group_ids(self):
        """A technician edits no templates, whoever put them into that group."""
        group_ids = super()._get_group_ids()
        get_id = self.env["res.groups"]._get_group_definitions().get_id
        if get_id(TECHNICIAN) not in group_ids:
            return group_ids
        editors = get_id(_TEMPLATE_EDITOR)
        return tuple(group_id for group_id in group_ids if group_id != editors)

    def write(self, vals):
        if "partner_id" in vals:
            # Odoo lets everybody write on their own partner as superuser.
            self._refuse_technician()
        if {"password", "new_password"} & vals.keys():
            self._check_own_password()
        with self._keeping_mark():
            return super().write(vals)

    def _check_own_password(self):
        """:raise AccessError: a technician would log in as somebody else"""
        if self != self.env.user and self.env.user._is_service_technician():
            raise AccessError(
                self.env._(
                    "As a service order technician you set your own password, not "
                    "somebody else's. Ask whoever manages the users."
                )
            )

    @contextmanager
    def _keeping_mark(self):
        """:raise AccessError: a technician changes who is one, themselves first"""
        if not self.env.user._is_service_technician():
            yield
            return
        # sudo: who has the mark, not what they may do.
        users = self.sudo().with_context(active_test=False)
        domain = [("all_group_ids", "in", self.env.ref(TECHNICIAN).ids)]
        before = users.search(domain)
        yield
        if users.search(domain) != before:
            self._refuse_mark()

    def _refuse_mark(self):
        """:raise AccessError: always"""
        raise AccessError(
            self.env._(
                "The mark of technicians is not yours to change. Ask whoever "
                "manages the users."
            )
        )


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        with self.env["res.users"]._keeping_mark():
            return super().write(vals)

    def unlink(self):
        with self.env["res.users"]._keeping_mark():
            return super().unlink()


class IrModelData(models.Model):
    """The mark is known by its external identifier, which stays what it is."""

    _inherit = "ir.model.data"

    def write(self, vals):
        self._check_mark_kept()
        return super().write(vals)

    def unlink(self):
        self._check_mark_kept()
        return super().unlink()

    def _check_mark_kept(self):
        """:raise AccessError: a technician would be one no longer"""
        if self.env.user._is_service_technician():
            # sudo: which row it is, whether or not it is theirs to read.
            if TECHNICIAN in self.sudo().mapped("complete_name"):
                self.env["res.users"]._refuse_mark()


class MailRenderMixin(models.AbstractModel):
    """Core renders any code for who manages the users, whatever their groups."""

    _inherit = "mail.render.mixin"

    def _render_template_qweb(self, template_src, model, *args, **kwargs):
        if template_src:
            self._check_code_rendered(
                lambda: self._has_unsafe_expression_template_qweb(template_src, model)
            )
        return super()._render_template_qweb(template_src, model, *args, **kwargs)

    def _render_template_inline_template(self, template_txt, model, *args, **kwargs):
        if template_txt:
            self._check_code_rendered(
                lambda: self._has_unsafe_expression_template_inline_template(
                    str(template_txt), model
                )
            )
        return super()._render_template_inline_template(
            template_txt, model, *args, **kwargs
        )

    def _check_code_rendered(self, is_code):
        """:raise AccessError: a technician's own text has code in it"""
        if self._unrestricted_rendering or self.env.su:
            return
        if self.env.user._is_service_technician() and is_code():
            self._refuse_technician()


class MailComposerMixin(models.AbstractModel):
    _inherit = "mail.composer.mixin"

    @api.depends_context("uid")
    def _compute_is_mail_template_editor(self):
        """What the office wrote in a template is sent as it is, its code too."""
        result = super()._compute_is_mail_template_editor()
        if self.env.user._is_service_technician():
            self.is_mail_template_editor = False
        return result
