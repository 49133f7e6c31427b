"""``./dev run``: Odoo in the browser with the whole family and its demo data."""

import signal

from . import addons, database, install_log, place, say, server

LOOK_AT = """
  Odoo serves at  {url}
  Database        {name}

  Log in as (the password is the login; the interface is in Spanish):
    duena      the owner, in Concepción: customers, risk, offers, prices, settings
    vendedor   a salesperson, in Girona: customers, quotations, orders
    tecnico    a technician, on a phone: their orders; reads and prints contacts
    admin      the administrator, in Concepción

  To try, as duena: a new customer with RUT, name, phone and e-mail; the risk of
  Ñandú Maderas, who is over it, and of Caldillo, who does not pay; the campaign
  Herramientas de primavera, which nobody approves while customers could not leave
  by its link: web.base.url is this machine. As vendedor: a quotation for Hotel
  Cala, who has two discounts; the order of Güell that was held back. As tecnico, in
  a window as narrow as a phone: an order of today, its address and its contacts.
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
    wanted = addons.dependencies(addons.family())
    missing = [addon for addon in wanted if addon not in present]
    if missing:
        install_log.install(name, missing, log, step)
    ours = addons.family()
    new = [addon for addon in ours if addon not in present]
    old = [addon for addon in ours if addon in present]
    with database.own_demo(name):
        install_log.install(name, new, log, step, update=old)
    database.set_hash(name)
