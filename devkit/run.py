"""``./dev run``: Odoo in the browser with the whole family and its demo data."""

import signal

from . import addons, database, install_log, place, say, server

LOOK_AT = """
  Odoo serves at  {url}
  Login           admin / admin        (the interface is in Spanish)
  Database        {name}

  Where to look: the app Clientes, a customer's card and its contacts; its service
  orders; and the same as duena, vendedor or tecnico (password = login), the last
  one a technician who only reads and prints.
  Log: {log}
  Ctrl-C stops the server; the database stays for the next time.
"""


def run(port, name):
    """Serve until Ctrl-C."""
    server.check_port(port)
    _prepare(name)
    log = place.private_dir(place.state_dir() / "logs") / f"run_{name}.log"
    log.unlink(missing_ok=True)
    odoo = server.Server(name, log, port)
    odoo.url = f"http://localhost:{port}"
    with say.step("Odoo server", "serves"):
        odoo.__enter__()
    try:
        say.line(LOOK_AT.format(url=odoo.url, name=name, log=log))
        status = odoo.process.wait()
        raise say.Stop(f"The Odoo server ended by itself ({status}); see {log}.")
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say.line("\n  stopping …")
        return 0
    finally:
        odoo.stop()


def _prepare(name):
    """Have the database, with the family as the checkout has it now."""
    if not database.exists(name):
        database.clone("family_demo", name)
        for text in database.warnings("family_demo"):
            say.line(f"  {text}")
        say.line(f"  Database {name}: made")
        return
    if database.get_hash(name) == addons.content_hash():
        say.line(f"  Database {name}: up to date")
        return
    log = place.private_dir(place.state_dir() / "logs") / f"update_{name}.log"
    log.unlink(missing_ok=True)
    with say.step(f"Database {name}: update") as step:
        _update(name, log, step)


def _update(name, log, step):
    present = database.installed(name)
    missing = [addon for addon in addons.dependencies() if addon not in present]
    if missing:
        install_log.install(name, missing, log, step)
    ours = addons.family()
    new = [addon for addon in ours if addon not in present]
    old = [addon for addon in ours if addon in present]
    with database.own_demo(name):
        install_log.install(name, new, log, step, update=old)
    database.set_hash(name)
