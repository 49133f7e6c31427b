"""The files of ``deploy/``: what a machine can try without being a cluster."""

import os
import re
import shutil
import subprocess

import pytest

from devkit import odoo, place, postgres, python_env

DEPLOY = place.ROOT / "deploy"
BIN = DEPLOY / "bin"
# A role as hosters give it, and as Debian's is made: no superuser.
SHOPKEEPER = "xpyme_shopkeeper"
RUNNING = """
env["xpyme.offer.campaign"].create({"name": "Mayo", "subject": "Ofertas"})
env.cr.execute("UPDATE xpyme_offer_campaign SET state = 'running'")
env.cr.commit()
"""
INDEXED = "SELECT count(*) FROM pg_indexes WHERE indexname = 'res_partner_search_idx'"
SENDING = """
    SELECT count(*) FILTER (WHERE active), count(*) FROM ir_cron
     WHERE id IN (SELECT res_id FROM ir_model_data
                   WHERE model = 'ir.cron' AND name LIKE 'offer%cron')
"""


@pytest.fixture
def environment(tmp_path):
    """What the scripts find on a host: programs, the server, a folder for files."""
    programs = postgres.program("psql").parent
    return {
        **odoo.environment(),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "DATA_DIR": str(odoo.data_dir()),
    }


def call(environment, *command):
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        env=environment,
        timeout=600,
    )


def check(environment, db):
    script = (python_env.python(), BIN / "xpyme-check")
    return call(environment, *script, "-c", odoo.conf_file(), "-d", db)


def test_a_host_of_another_version_is_not_started(lab, environment):
    with lab.database("versions") as db:
        assert (done := check(environment, db)).returncode == 0, done.stderr
        postgres.query(
            "UPDATE ir_module_module SET latest_version = '19.0.0.9.0'"
            " WHERE name = 'xpyme_contacts'",
            db,
        )
        done = check(environment, db)
    assert done.returncode == 1
    assert "xpyme_contacts is 19.0" in done.stderr
    assert "run xpyme-update" in done.stderr


def test_a_missing_index_of_the_search_is_told(lab, environment):
    with lab.database("unindexed") as db:
        postgres.query("DROP INDEX res_partner_search_idx", db)
        done = check(environment, db)
    assert done.returncode == 0
    assert "the index of the search of customers is missing" in done.stderr


def test_prints_that_wait_for_each_other_are_told(lab, environment):
    with lab.database("printing") as db:
        assert "report.url is not set" in check(environment, db).stderr
        postgres.query(
            "INSERT INTO ir_config_parameter (key, value)"
            " VALUES ('report.url', 'http://lane1.internal:8069')",
            db,
        )
        done = check(environment, db)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def shopkeeper():
    [[is_superuser]] = postgres.query(
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    if is_superuser != "t":
        pytest.skip("only a superuser makes roles and extensions")
    postgres.query(f"DROP ROLE IF EXISTS {SHOPKEEPER}")
    postgres.query(f"CREATE ROLE {SHOPKEEPER} LOGIN CREATEDB")
    yield SHOPKEEPER
    postgres.query(f"DROP ROLE IF EXISTS {SHOPKEEPER}")


def test_a_backup_is_restored_whole_and_sends_nothing(
    lab, environment, shopkeeper, tmp_path
):
    """By a role that is no superuser: all indexes, campaigns paused."""
    restored, folder = f"xpyme_{place.checkout_id()}_restored", tmp_path / "backup"
    with lab.database("saved") as db:
        lab.shell(db, RUNNING)
        done = call(environment, BIN / "xpyme-backup", db, folder)
        assert done.returncode == 0, done.stderr
        ours = {**environment, "PGUSER": shopkeeper, "PGSUPERUSER": postgres.USER}
        try:
            done = call(ours, BIN / "xpyme-restore", folder, restored)
            assert done.returncode == 0, done.stderr
            assert postgres.query(INDEXED, restored) == [["1"]]
            assert postgres.query(SENDING, restored)[0][0] == "0"
            [[state]] = postgres.query(
                "SELECT state FROM xpyme_offer_campaign", restored
            )
            assert state == "paused"
            assert check(environment, restored).returncode == 0
            assert postgres.query(SENDING, db)[0][0] != "0"
        finally:
            postgres.query(f'DROP DATABASE IF EXISTS "{restored}"')
            shutil.rmtree(odoo.filestore(restored), ignore_errors=True)


def test_no_update_while_hosts_work(lab, environment, tmp_path):
    with lab.database("busy") as db:
        connection = lab.connect(db)
        done = call(environment, BIN / "xpyme-update", db, tmp_path / "before")
        connection.close()
    assert done.returncode == 1
    assert "stop all hosts first" in done.stderr
    assert not (tmp_path / "before").exists()


@pytest.mark.usefixtures("shopkeeper")
def test_a_failed_update_goes_back(lab, environment, tmp_path):
    """The database is as it was, the failed one is kept beside it."""
    with lab.database("failing") as db:
        failed = f"{db}-failed"
        ours = {**environment, "XPYME_ODOO": "false", "PGSUPERUSER": postgres.USER}
        try:
            done = call(ours, BIN / "xpyme-update", db, tmp_path / "before")
            assert done.returncode == 1
            assert "goes back to what it was" in done.stderr
            assert postgres.query(INDEXED, db) == [["1"]]
            assert check(environment, db).returncode == 0
        finally:
            postgres.query(f'DROP DATABASE IF EXISTS "{failed}"')


# === FILES OF OTHER PROGRAMS ===#


def needs(program):
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{program} is not installed here")
    return found


def test_nginx_takes_its_file(tmp_path):
    nginx, openssl = needs("nginx"), needs("openssl")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-subj", "/CN=shop.example.com", "-keyout", key, "-out", certificate]
    assert call(os.environ, *command).returncode == 0
    text = (DEPLOY / "nginx" / "xpyme.conf").read_text()
    for name in ("web1.internal", "web2.internal"):
        text = text.replace(name, "127.0.0.1")
    text = text.replace("/etc/xpyme/tls", str(tmp_path))
    (tmp_path / "xpyme.conf").write_text(text)
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log;\n"
        f"events {{}} http {{ access_log off; include {tmp_path}/xpyme.conf; }}"
    )
    done = call(os.environ, nginx, "-t", "-c", whole, "-p", tmp_path)
    assert done.returncode == 0, done.stderr


def test_systemd_takes_its_units(tmp_path):
    analyze = needs("systemd-analyze")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text()
        for path in ("/srv/xpyme/deploy/bin/xpyme-check", "/srv/venv/bin/python"):
            text = text.replace(path, "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = call(os.environ, analyze, "verify", *tmp_path.iterdir())
    assert (done.returncode, done.stderr) == (0, "")


def test_the_scripts_pass_shellcheck():
    shellcheck = needs("shellcheck")
    scripts = [
        path for path in BIN.iterdir() if path.read_text().startswith("#!/bin/sh")
    ]
    done = call(os.environ, shellcheck, *scripts)
    assert done.returncode == 0, done.stdout


def test_compose_mounts_files_that_exist():
    text = (DEPLOY / "compose.yaml").read_text()
    mounted = set(re.findall(r"- \./([\w./]+):", text))
    assert len(mounted) > 3
    # Certificates are one's own.
    assert all((DEPLOY / name).exists() for name in mounted - {"tls"}), mounted


def test_all_files_speak_of_the_same_places():
    """Each name under /etc/xpyme is a file of this folder, or one's own."""
    own = {path.name for path in DEPLOY.iterdir()} | {"tls"}
    for path in DEPLOY.rglob("*"):
        if path.is_file() and path.name != "README.md":
            named = set(re.findall(r"/etc/xpyme/([\w.]+)", path.read_text()))
            assert named <= own, (path, named - own)


def test_the_page_names_each_scheduled_action():
    """Of four lanes, the first and the last."""
    page = (DEPLOY / "README.md").read_text()
    named = re.compile(r'model="ir.cron".*?<field name="name">([^<]+)<', re.DOTALL)
    for path in place.ROOT.glob("xpyme_contacts*/data/ir_cron.xml"):
        for name in named.findall(path.read_text()):
            work, lane, _number = name.partition(" (lane ")
            assert f"*{work}{f'{lane}1)*' if lane else '*'}" in page, name
