from odoo.http import request, route

from odoo.addons.web.controllers.report import ReportController
from odoo.addons.xpyme_contacts.tools.inner import inner


class PrintingController(ReportController):
    @route()
    def report_routes(self, reportname, docids=None, converter=None, **data):
        """Here, and nowhere else, what our people print comes out on paper."""
        if converter == "pdf" and request.env.user._is_internal():
            request.update_context(**inner("xpyme_on_paper"))
        return super().report_routes(
            reportname, docids=docids, converter=converter, **data
        )
