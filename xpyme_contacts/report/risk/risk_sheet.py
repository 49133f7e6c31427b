from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools.pagination import FONT_PX, count_lines, pack

_LINES_ON_PAPER = 62
# Of a page's width, in letters.
_WIDTH = 70
# What the sentence, the bar and whom to call take of the first page.
_TOP_LINES = 17


class RiskSheet(models.AbstractModel):
    """The printed risk report, with the figures of the moment it was made."""

    _name = "report.xpyme_contacts.risk_sheet"
    _description = "Risk Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        reports = self.env["xpyme.risk.report"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": "xpyme.risk.report",
            "docs": reports,
            "pages": {report.id: self._paginate(report) for report in reports},
            "font_size": FONT_PX[_wkhtml().is_patched_qt],
        }

    @api.model
    def _get_sections(self, report):
        """Pairs of title and lines, in the order of the paper."""
        return [
            (self.env._("What the debt is made of"), report.component_ids),
            (
                self.env._("Cards of the same tax id, judged together"),
                report.card_ids,
            ),
            (self.env._("By company"), report.by_company_ids),
            (self.env._("Documents, the first due in front"), report.document_ids),
            (self.env._("When credit frees"), report.release_ids),
            (self.env._("Left out of the debt"), report.left_out_ids),
        ]

    @api.model
    def _paginate(self, report):
        """Pages of items: a title or a line of the report."""
        blocks, heights = [[]], [_TOP_LINES]
        for title, lines in self._get_sections(report):
            for line in lines:
                # A title is not left alone at the foot of a page.
                top = [{"title": title}] if line == lines[0] else []
                blocks.append([*top, {"line": line, "section": line.section}])
                text = f"{line.name} · {line.note}"
                height = count_lines([(text, _WIDTH)]) + 0.6 + 2.4 * len(top)
                heights.append(height)
            if lines and lines == report.component_ids:
                blocks[-1].append({"total": True})
                heights[-1] += 1.6
        pages = pack(blocks, heights, _LINES_ON_PAPER)
        return [[item for block in page for item in block] for page in pages]
