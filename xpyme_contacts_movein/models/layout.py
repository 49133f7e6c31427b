from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.headings import fold
from ..tools.targets import get_targets


class MoveinLayout(models.Model):
    """What the columns of a program's file are, recognised by their headings."""

    _name = "xpyme.movein.layout"
    _description = "Layout of a File to Move In"
    _technicians_only_read = True
    _order = "sequence, name, id"

    name = fields.Char(required=True, help="The program, and its table.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    source = fields.Char(
        string="Program",
        required=True,
        help="A short word for the program. Files of the same one know again whom they "
        "have brought in.",
    )
    kind = fields.Selection(selection="_get_kinds", required=True, default="customers")
    signature = fields.Char(
        required=True,
        help="Headings by which the file is recognised, with commas between them: all "
        "of them stand in it.",
    )
    columns = fields.Json(
        required=True, help="For each heading what its column is.", copy=True
    )
    words = fields.Json(
        readonly=True,
        help="For each kind of column what the program's words mean here.",
    )
    code_begins = fields.Char(
        string="Customers' codes begin with",
        help="In a table of all accounts: other rows are no customers, and rejected.",
    )
    codes = fields.Selection(
        [("keep", "Keep the codes"), ("new", "Give new codes")],
        required=True,
        default="keep",
        help="What becomes of the program's own codes of customers.",
    )

    @api.model
    def _get_kinds(self):
        return self.env["xpyme.movein"]._get_kinds()

    @api.constrains("columns", "kind")
    def _check_columns(self):
        """:raise ValidationError: a column is something that there is not"""
        for layout in self:
            targets = get_targets(layout.kind)
            for heading, target in (layout.columns or {}).items():
                if target not in targets:
                    raise ValidationError(
                        self.env._(
                            "The column %(heading)s of the layout %(layout)s stands "
                            "for %(target)s, which files of this kind do not have.",
                            heading=heading,
                            layout=layout.name,
                            target=target,
                        )
                    )

    @api.model
    def _find(self, headings, kind=None):
        """The layout of a file, the one that knows most of its headings; or none.

        :param headings: those of the file
        """
        given = {fold(heading) for heading in headings}
        found, most = self.browse(), 0
        for layout in self.search([("kind", "=", kind)] if kind else []):
            signature = {fold(word) for word in layout.signature.split(",")}
            known = {fold(heading) for heading in layout.columns}
            if signature <= given and len(known & given) > most:
                found, most = layout, len(known & given)
        return found

    def _learn(self, words):
        """Remember what a person has said that the words of a file mean here.

        :param words: of ``xpyme.movein.word``
        """
        for layout in self:
            known = {target: {**told} for target, told in (layout.words or {}).items()}
            for word in words.filtered("is_chosen"):
                known.setdefault(word.target, {})[word.word] = word.res_id
            layout.words = known

    def _get_words(self):
        """``{folded heading: target}``"""
        return {
            fold(heading): target
            for layout in self
            for heading, target in layout.columns.items()
        }
