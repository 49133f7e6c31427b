import base64
from contextlib import contextmanager
from itertools import count
from unittest.mock import patch

from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tests.common import CustomerCase

from .files import as_csv

HEADINGS = ("Código", "Nombre", "NIF", "Dirección", "C.P.", "Población")


class MoveinCase(CustomerCase):
    """Files of an old program, in Spain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.country_id = cls.spain
        cls.codes = count(900_000)
        cls.mover = cls.make_user("mover", "xpyme_contacts_movein.group_movein")
        cls.mover.lang = "en_US"

    @classmethod
    def make_file(cls, data, file_name="clientes.csv", user=None, **vals):
        return (
            cls.env["xpyme.movein"]
            .with_user(user or cls.mover)
            .create(
                {
                    "name": file_name,
                    "file": base64.b64encode(data),
                    "file_name": file_name,
                    "source": "visionwin",
                    **vals,
                }
            )
        )

    @classmethod
    def make_table(cls, *rows, headings=HEADINGS, **vals):
        return cls.make_file(as_csv([headings, *rows]), **vals)

    @classmethod
    def judge(cls, *rows, **vals):
        job = cls.make_table(*rows, **vals)
        job.action_judge()
        return job

    @classmethod
    def move_in(cls, *rows, **vals):
        job = cls.judge(*rows, **vals)
        job.action_run()
        return job

    @classmethod
    def make_customer(cls, name="ACME S.A.", **vals):
        """One who is there already, with a code that no file has."""
        given = {"country_id": cls.spain.id, "ref": str(next(cls.codes))}
        return super().make_customer(name, **{**given, **vals})

    def get_verdicts(self, job):
        return job.row_ids.mapped("verdict")

    def get_customer(self, job, line=2):
        return job.row_ids.filtered(lambda row: row.number == line).partner_id

    def get_targets(self, job):
        return {column.heading: column.target for column in job.column_ids}

    def pass_time(self, job):
        """In a test all is one moment; uses come later than what they use."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xpyme_movein_row SET made_at = made_at - interval '1 minute',"
            " undone_at = undone_at - interval '1 minute' WHERE movein_id = %s",
            [job.id],
        )
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = write_date - interval '1 minute',"
            " create_date = create_date - interval '1 minute'"
            " WHERE commercial_partner_id = ANY(%s)",
            [job.row_ids.partner_id.ids],
        )
        # Their accounts, and what the chatter says of those, came with them.
        for table, column in (
            ("res_partner_bank", "partner_id"),
            ("mail_message", "res_id"),
        ):
            query = SQL(
                "UPDATE %s SET write_date = write_date - interval '1 minute'"
                " WHERE %s = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(column),
                job.row_ids.partner_id.ids,
            )
            self.env.cr.execute(query)
        self.env.invalidate_all()

    @contextmanager
    def in_lanes(self):
        """Nothing is worked on in the request; ``lane()`` is one run of a lane."""
        with (
            patch("odoo.addons.xpyme_contacts_movein.models.movein.INLINE", -1),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            worker = self.env(cr=cr)["xpyme.movein.worker"]
            yield lambda lane=0: worker._process_lane(lane)
        self.env.invalidate_all()
