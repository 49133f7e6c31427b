import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.mail import is_html_empty

from ...tools.offer_head import clean_head, split_head
from ...tools.offer_template import compile_template, find_unsafe_images, keep_looks

_MAX_FILE = 500_000


class OfferTemplate(models.Model):
    """What stands around the articles (seed 004: *Usar plantilla HTML*)."""

    _name = "xpyme.offer.template"
    _technicians_only_read = True
    _description = "Template of Offers"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: the template is for all companies."
    )
    # Only ever text: no rendering engine sees it.
    body_html = fields.Html(
        string="Template",
        sanitize_attributes=True,
        # Outlook's own; the others are dropped where the letter is filled.
        sanitize_conditional_comments=False,
        help="$1 is the customer's name, $2 stands for the articles. Without $2 the "
        "template is the header, and the articles follow it. Pictures have an https "
        "address.",
    )
    head_html = fields.Text(
        string="Style of the letter",
        help="The style sheet of the HTML file, and what only Outlook reads. It loads "
        "nothing but pictures over https.",
    )
    body_file = fields.Binary(
        string="HTML file",
        store=False,
        help="Takes the place of what the template says now.",
    )
    has_articles_mark = fields.Boolean(compute="_compute_has_articles_mark")

    @api.depends("body_html")
    def _compute_has_articles_mark(self):
        for template in self:
            pieces = compile_template(template.body_html)
            template.has_articles_mark = 2 in pieces[:-1]

    @api.onchange("body_file")
    def _onchange_body_file(self):
        if not self.body_file:
            return None
        vals = self._keep_looks({"body_html": self._read_file(self.body_file)})
        self.update({"head_html": False, **vals, "body_file": False})
        return None

    @api.model
    def _read_file(self, data):
        """The text of a file, in the coding that it has.

        :raise ValidationError: it is too large, or no text
        """
        content = base64.b64decode(data)
        if len(content) > _MAX_FILE or b"\0" in content:
            raise ValidationError(
                self.env._(
                    "This file cannot be a template: it is no HTML, or has more than "
                    "500 kB. Save the template as HTML, with its pictures as links."
                )
            )
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            # What Windows programs write where they do not write UTF-8.
            return content.decode("cp1252", "replace")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._keep_looks(vals) for vals in vals_list])

    @api.model
    def _keep_looks(self, vals):
        """A letter with its style sheet apart: the editor of the text loses it."""
        head = vals.get("head_html")
        if vals.get("body_html"):
            own, body = split_head(str(vals["body_html"]))
            head = own or head
            vals = {**vals, "body_html": keep_looks(body)}
        if head or "head_html" in vals:
            vals = {**vals, "head_html": clean_head(head) or False}
        return vals

    def write(self, vals):
        vals = self._keep_looks(vals)
        if {"body_html", "body_file", "head_html"} & vals.keys():
            self._review_series_again()
        return super().write(vals)

    def _review_series_again(self):
        """What an approved series sends is what an offer manager has seen."""
        campaigns = self.env["xpyme.offer.campaign"]
        if campaigns._is_approval_allowed():
            return
        for template in self:
            # sudo: also the series that a salesperson does not see.
            approved = campaigns.sudo().search(
                [("template_id", "=", template.id), ("series_approved", "=", True)]
            )
            approved.with_env(self.env)._review_series_again(
                self.env._(
                    "The template %(template)s was changed by %(user)s: the campaigns "
                    "of this series are reviewed again, until a manager approves it.",
                    template=template.display_name,
                    user=self.env.user.name,
                )
            )

    @api.constrains("body_html")
    def _check_body_html(self):
        """:raise ValidationError: the template is empty, or a picture is not safe"""
        for template in self:
            if is_html_empty(template.body_html) and "<img" not in (
                template.body_html or ""
            ):
                raise ValidationError(
                    self.env._(
                        "The template is empty. Type its text, or load an HTML file."
                    )
                )
            unsafe = find_unsafe_images(template.body_html)
            if unsafe:
                raise ValidationError(
                    self.env._(
                        "The customer could not see the picture %s. Put it on your web "
                        "site and use its https address.",
                        unsafe[0][:100],
                    )
                )
