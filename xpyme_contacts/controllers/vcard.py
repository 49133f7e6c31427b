from odoo.http import Controller, content_disposition, request, route


class ContactVcard(Controller):
    @route("/xpyme_contacts/vcard", type="http", auth="user", readonly=True)
    def download(self, ids="", **_kwargs):
        """The contacts ``ids`` (comma separated) as one vCard file.

        Record access and the export right of technicians are checked by the records
        themselves; unknown or malformed ids are not found.
        """
        contact_ids = [int(part) for part in ids.split(",") if part.isdecimal()]
        contacts = request.env["res.partner"].browse(contact_ids).exists()
        contacts.check_access("read")
        if not contacts:
            return request.not_found()
        content = b"".join(contact._get_vcard_file() for contact in contacts)
        name = contacts[:1].commercial_partner_id.name or "contacts"
        return request.make_response(
            content,
            [
                ("Content-Type", "text/vcard; charset=utf-8"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(f"{name}.vcf")),
            ],
        )
