"""What is measured of moving in; without the addon Odoo's own way of it."""

import base64
import random

from odoo import Command

FILE = "xpyme.movein"
IMPORTED = (
    "id",
    "name",
    "is_company",
    "vat",
    "street",
    "zip",
    "city",
    "phone",
    "email",
)
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi xo zu que llo ña tra bra".split()
_HEADINGS = "CODCLI;NOFCLI;NIFCLI;DOMCLI;CPOCLI;POBCLI;TELCLI;EMACLI;PCOCLI"


def make_nif(number):
    """A valid NIF of a company, of a number."""
    digits = f"{number:07}"
    total = sum(int(d) for d in digits[1::2])
    total += sum(sum(divmod(2 * int(d), 10)) for d in digits[::2])
    return f"B{digits}{-total % 10}"


def make_rows(number, first, wrong=0):
    """Cells of customers; of so many of them the tax id is wrong."""
    chance = random.Random(first)
    step = number // wrong if wrong else number + 1
    rows = []
    for place, code in enumerate(range(first, first + number)):
        words = (
            "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).title()
            for _word in range(2)
        )
        vat = make_nif(1_000_000 + code)
        if place % step == step - 1 and wrong:
            vat, wrong = f"{vat[:-1]}{(int(vat[-1]) + 1) % 10}", wrong - 1
        name = " ".join(words) + chance.choice((" S.L.", " S.A.", ""))
        zip_code = f"{chance.randint(1000, 52999):05}"
        phone = f"91{chance.randint(1000000, 9999999)}"
        cells = (code, name, vat, "Calle Mayor 3", zip_code, "Alcorcón", phone)
        rows.append([*map(str, cells), f"c{code}@example.com", "Ana Soto"])
    return rows


# === FILES ===#


def make_file(env, number, first=1000, wrong=0, source="factusol"):
    """Bring a file; it is looked at later."""

    def work():
        lines = [";".join(row) for row in make_rows(number, first, wrong)]
        data = "\n".join([_HEADINGS, *lines]).encode()
        vals = {"name": "F_CLI", "file_name": "a.csv", "file": base64.b64encode(data)}
        job = env[FILE].create(vals)
        job.source = source
        return job.id

    return work


def judge(env, job):
    def work():
        file = env[FILE].browse(job)
        file.action_judge()
        return [file.pending_count, file.rejected_count]

    return work


def run(env, job):
    """Bring a file in that has been looked at."""

    def work():
        file = env[FILE].browse(job)
        file.action_run()
        worker = env["xpyme.movein.worker"]
        if file.state == "running":
            worker._work_inline(file)
        return [file.done_count, file.failed_count]

    return work


def start(env, job):
    def work():
        env[FILE].browse(job).action_run()
        return job

    return work


def work_lane(env, lane):
    def work():
        env["xpyme.movein.worker"]._process_lane(lane)
        return lane

    return work


# === ODOO'S OWN ===#


def bring_in(env, number, job, first=1000):
    """The same customers, with a contact each: by ``create``, or by the file."""
    if FILE in env:
        return run(env, job)
    rows = make_rows(number, first)

    def work():
        spain = env.ref("base.es").id
        partners = env["res.partner"].with_context(tracking_disable=True)
        partners.create(
            [
                {
                    **dict(zip(IMPORTED[1:], (name, True, *rest), strict=True)),
                    "ref": code,
                    "country_id": spain,
                    "customer_rank": 1,
                    "child_ids": [Command.create({"name": contact, "type": "contact"})],
                }
                for code, name, *rest, contact in rows
            ]
        )
        return number

    return work


def load(env, number, wrong):
    """Odoo's import of the same rows: how many come in."""
    rows = make_rows(number, 1000, wrong)
    spain = env.ref("base.es")

    def work():
        data = [
            [f"row_{code}", name, "1", *rest, spain.name]
            for code, name, *rest, _who in rows
        ]
        result = env["res.partner"].load([*IMPORTED, "country_id"], data)
        return len(result["ids"] or ())

    return work


def move_in(env, number, wrong):
    """The same by a file: how many come in, how many fail, how many are explained."""
    env.company.country_id = env.ref("base.es")
    job = make_file(env, number, 200_000, wrong, "otro")()

    def work():
        judged = judge(env, job)()
        return [*run(env, job)(), judged[1]]

    return work
