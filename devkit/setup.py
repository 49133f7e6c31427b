"""Everything a fresh machine needs, once."""

from . import debian, node_env, odoo, place, postgres, python_env, say, system


def prepare(quiet=False):
    """Have Odoo, its packages, the database server and the formatter ready.

    :param quiet: say nothing where there is nothing to do
    """
    python_env.check_version()
    tasks = [
        (f"Odoo {debian.SERIES}", odoo.ensure_source, _has_odoo),
        ("Python packages", python_env.ensure_venv, lambda: python_env.venv_home().is_dir()),
        ("OCA addons", python_env.ensure_oca, lambda: python_env.oca_home().is_dir()),
        ("XML formatter", node_env.ensure, lambda: node_env.home().is_dir()),
    ]
    for number, (title, work, ready) in enumerate(tasks, 1):
        title = f"[{number}/{len(tasks) + 2}] {title}"
        if not ready():
            with place.locked("setup"), say.step(title) as step:
                work(step)
        elif not quiet:
            say.line(f"  {title}: ready")
    _start(quiet, len(tasks) + 1)


def _has_odoo():
    library, script = odoo.source()
    if library.parts[:1] and not script.is_file():
        return False
    odoo.ensure_source(None)
    return True


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
