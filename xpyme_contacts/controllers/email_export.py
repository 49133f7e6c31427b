from odoo.http import Controller, request, route


class EmailExportDownload(Controller):
    @route(
        "/xpyme_contacts/email_export/<int:export_id>",
        type="http",
        auth="user",
        readonly=True,
    )
    def download(self, export_id, **_kwargs):
        """The file of one's own export, sent in pieces.

        Whose export it is, is judged by the record rule, the right to export by the
        wizard itself.
        """
        export = request.env["xpyme.email.export"].search([("id", "=", export_id)])
        export._check_email_export_allowed()
        attachment = export._get_file()
        if not attachment:
            return request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(attachment, "raw")
        stream.mimetype = export._get_mime_type()
        return stream.get_response(as_attachment=True)
