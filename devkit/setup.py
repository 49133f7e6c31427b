"""Everything a fresh machine needs, once."""

from . import debian, node_env, odoo, place, postgres, python_env, say, system


def prepare(quiet=False):
    """Have Odoo, its packages, the database server and the formatter ready.

    :param quiet: say nothing where there is nothing to do
    """
    python_env.check_version()
    tasks = [
        (f"Odoo {debian.SERIES}", debian.ensure, _own_or_cached_odoo),
        ("Python packages", python_env.ensure_venv, python_env.venv_home),
        ("OCA addons", python_env.ensure_oca, python_env.oca_home),
        ("XML formatter", node_env.ensure, node_env.home),
    ]
    for number, (title, work, home) in enumerate(tasks, 1):
        title = f"[{number}/{len(tasks) + 2}] {title}"
        if not home().is_dir():
            with place.locked("setup"), say.step(title) as step:
                work(step)
            continue
        if home().is_relative_to(place.cache_dir()):
            place.used(home())
        if not quiet:
            say.line(f"  {title}: ready")
    _start(quiet, len(tasks) + 1)


def _own_or_cached_odoo():
    """Folder that is there when Odoo is: one's own tree is checked every time."""
    if odoo.own_source():
        odoo.check_own_source()
        return odoo.source()[0]
    return debian.home()


def _start(quiet, number):
    title = f"[{number}/{number + 1}] Database server"
    if quiet:
        postgres.ensure()
    else:
        with say.step(title, "answers"):
            postgres.ensure()
    odoo.write_conf()


def programs(quiet=False):
    """Have Chromium and wkhtmltopdf, or return the sentence that says how."""
    title = "[6/6] Chromium and wkhtmltopdf"
    if not system.missing():
        if not quiet:
            say.line(f"  {title}: ready")
        return None
    with place.locked("setup"), say.step(title) as step:
        return system.ensure(step)
