from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.headings import fold
from ..tools.targets import FOUND, get_targets
from .movein import DRAFT, JUDGED

# A column of names that somebody takes for one of terms has as many words as rows.
MAX_WORDS = 100


class MoveinWord(models.Model):
    """A word of the program for something that is here: terms, tariff, representative.

    Nothing is made of a word that is not found: the field stays empty, until a person
    says what it means. The layout of the file remembers it for the next one.
    """

    _name = "xpyme.movein.word"
    _description = "Word of a File to Move In"
    _technicians_only_read = True
    _order = "movein_id, target, row_count desc, word"
    _rec_name = "word"

    movein_id = fields.Many2one("xpyme.movein", required=True, ondelete="cascade")
    movein_state = fields.Selection(
        related="movein_id.state", string="State of the file"
    )
    target = fields.Selection(
        selection="_get_target_labels", string="Is", readonly=True
    )
    word = fields.Char(string="In the file", readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        string="Here",
        model_field="res_model",
        help="What it stands for here. Left empty the customers get none.",
    )
    is_chosen = fields.Boolean(readonly=True, help="A person has said what it means.")

    @api.model
    def _get_target_labels(self):
        return self.env["xpyme.movein.column"]._get_target_labels()

    @api.constrains("res_id")
    def _check_is_found(self):
        """:raise ValidationError: customers of the file's company cannot have it"""
        for word in self.filtered("res_id"):
            found = word.movein_id._get_found_records(word.target)
            if word.res_id not in found.ids:
                raise ValidationError(
                    self.env._(
                        "“%s” stands for something that is archived, or is of another "
                        "company. Choose another one.",
                        word.word,
                    )
                )

    def write(self, vals):
        """What a word means is judged anew.

        :raise UserError: the file is not being looked at
        """
        if self.env.su:
            return super().write(vals)
        self.movein_id._check_state(DRAFT, JUDGED)
        result = super().write({**vals, "is_chosen": True})
        for job in self.movein_id:
            job.layout_id._learn(self & job.word_ids)
            if job.state == JUDGED:
                job.action_draft()
        return result


class Movein(models.Model):
    """What a file names of what is here already, by its name or its code."""

    _inherit = "xpyme.movein"

    word_ids = fields.One2many("xpyme.movein.word", "movein_id", string="Words")
    left_empty = fields.Char(compute="_compute_left_empty")

    @api.depends("word_ids.res_id", "word_ids.word", "word_ids.target")
    def _compute_left_empty(self):
        """One line of the words that nothing here is called by."""
        for job in self:
            words = defaultdict(list)
            for word in job.word_ids.filtered(lambda word: not word.res_id):
                words[word.target].append(word.word)
            told = [
                f"{job._get_target_label(target)}: {', '.join(found[:10])}"
                for target, found in words.items()
            ]
            job.left_empty = bool(told) and job._tell_left_empty(told)

    @api.model
    def _tell_left_empty(self, words):
        return self.env._("Not found, left empty: %s.", " · ".join(words))

    @api.model
    def _get_found_targets(self):
        return [
            target.code
            for target in get_targets(self.kind).values()
            if target.reading == FOUND
        ]

    def _get_found_records(self, target):
        """The records that a word of the file may mean: those of its company."""
        field = self.env["res.partner"]._fields[target]
        model = self.env[field.comodel_name]
        domain = model._check_company_domain(self.company_id)
        if model._name == "res.users":
            domain &= fields.Domain("share", "=", False)
        return model.search(domain, order="id desc")

    @api.model
    def _get_words_of(self, records):
        """Pairs of a word and the id of the record that is called so.

        Names in all languages, and the codes of a model that has some.
        """
        words = []
        for lang, _name in self.env["res.lang"].get_installed():
            words += [(rec.name, rec.id) for rec in records.with_context(lang=lang)]
        for fname in ("login", "code", "ref", "tariff_number"):
            if fname in records._fields:
                words += [(str(rec[fname]), rec.id) for rec in records if rec[fname]]
        return words

    def _load_found(self):
        """``{target: {folded word: id}}``; what a person has said comes first."""
        found = {}
        for target in self._get_found_targets():
            records = self._get_found_records(target)
            learnt = (self.layout_id.words or {}).get(target) or {}
            words = [*self._get_words_of(records), *learnt.items()]
            known = {*records.ids}
            found[target] = {fold(word): rid for word, rid in words if rid in known}
            chosen = self.word_ids.filtered(lambda w, t=target: w.target == t)
            for word in chosen.filtered("is_chosen"):
                found[target][fold(word.word)] = word.res_id
        return found

    def _keep_words(self, counted, found):
        """List the words of a file.

        :param counted: ``{target: {word: number of rows}}``
        :param found: of ``_load_found``
        """
        chosen = self.word_ids.filtered("is_chosen")
        chosen = {(word.target, word.word) for word in chosen}
        self.word_ids.unlink()
        partners = self.env["res.partner"]
        self.word_ids = [
            fields.Command.create(
                {
                    "target": target,
                    "word": word,
                    "row_count": count,
                    "res_model": partners._fields[target].comodel_name,
                    "res_id": found[target].get(fold(word)),
                    "is_chosen": (target, word) in chosen,
                }
            )
            for target, counts in counted.items()
            for word, count in counts.most_common(MAX_WORDS)
        ]
