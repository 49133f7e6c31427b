"""``./dev lint``: Python, addons, formatting and translations."""

import re
import subprocess

from . import addons, database, install_log, node_env, odoo, place, python_env, say

PYTHON_PATHS = ("dev", "devkit", "tests", "bench", "deploy")
FORMATTED = ("**/*.{xml,js,scss,css,yml,yaml,json}", ".*.yaml", ".github/**/*.yml")


def suite(result, output, fix=False):
    """Run every check; each counts as a test."""
    for title, check in _checks(fix):
        with say.step(title) as step:
            problems = check(step)
        if problems:
            result.failed += 1
            result.remarks.append(f"{title} failed, see above")
            print(f"--- {title}\n{problems.rstrip()}", file=output, flush=True)
        else:
            result.passed += 1


def _checks(fix):
    ours = addons.family()
    checks = [
        ("ruff check", _python("ruff", "check", *(["--fix"] if fix else []))),
        ("ruff format", _python("ruff", "format", *([] if fix else ["--diff"]))),
        ("prettier (XML, JS, YAML)", _prettier(fix)),
    ]
    if ours:
        option = ["--fix"] if fix else []
        pylint = ("pylint", "--rcfile=.pylintrc", "--output-format=text")
        checks += [
            ("pylint-odoo", _tool("-m", *pylint, *ours)),
            ("oca-checks-odoo-module", _tool("-m", "oca_pre_commit_hooks.cli", *ours)),
            ("oca-checks-po", _po_files(ours)),
            ("documentation", _tool("-m", "devkit.readme", *option, *ours)),
            ("translations", _translations),
        ]
    return checks


def _run(command, **more):
    """What a tool printed if it complained, else nothing."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=place.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**odoo.environment(), "PYLINTHOME": str(place.state_dir()), **more},
    )
    return (done.stdout or "it said nothing") if done.returncode else ""


def _tool(*arguments):
    return lambda _step: _run([python_env.python(), *arguments])


def _python(*arguments):
    paths = [name for name in PYTHON_PATHS if (place.ROOT / name).exists()]
    return _tool("-m", *arguments, "--no-cache", *paths, *addons.family())


def _prettier(fix):
    action = ["--write"] if fix else ["--check"]
    options = ["--no-error-on-unmatched-pattern", "--log-level=warn", *action]
    command = [*node_env.prettier(), *options, *FORMATTED]
    return lambda _step: _run(command, NODE_PATH=node_env.node_path())


def _po_files(ours):
    files = [path for addon in ours for path in (place.ROOT / addon).glob("i18n/*.po*")]
    options = ["-m", "oca_pre_commit_hooks.cli_po", "--disable=po-pretty-format"]
    return _tool(*options, *files) if files else lambda _step: ""


def _translations(step):
    """Every term is in the .pot and has a Spanish translation."""
    ours = addons.family()
    folder = exported_terms(step)
    foreign = [addon for addon in _oca_dependencies() if addon not in ours]
    listed = _i18n("foreign", folder, foreign).stdout.strip()
    if listed:
        say.line(f"  not translated by OCA (no failure):\n{_indent(listed)}")
    done = _i18n("check", folder, ours)
    return done.stdout + done.stderr if done.returncode else ""


def _indent(text):
    return re.sub("(?m)^", "    ", text)


def _oca_dependencies():
    """The OCA addons below the family, at any depth."""
    found, queue = set(), addons.dependencies(addons.family())
    while queue:
        folder = python_env.oca_addons() / queue.pop()
        if folder.is_dir() and folder.name not in found:
            found.add(folder.name)
            queue += addons.manifest(folder).get("depends", [])
    return sorted(found)


def exported_terms(step):
    """Folder of the .pot files as the code has them now; made once for each content."""
    # a translation changes no term
    content = addons.content_hash(translations=False)
    key = place.digest(database.name_of("deps_demo"), content)
    folder = place.state_dir() / f"terms-{key}"
    if folder.is_dir():
        return folder
    name = f"xpyme_{place.checkout_id()}_terms"
    # where the addons for one country, and those beside an app, are installed too
    database.clone("family_es", name)
    wanted = [*addons.family(), *_oca_dependencies()]
    log = place.state_dir() / "logs" / "terms.log"
    log.unlink(missing_ok=True)
    script = place.ROOT / "devkit" / "in_shell" / "export_terms.py"
    try:
        with place.fresh_dir(folder) as part:
            where = {"XPYME_EXPORT_TO": str(part), "XPYME_ADDONS": ",".join(wanted)}
            install_log.script(name, script, log, step, **where)
    finally:
        database.drop(name)
    place.drop_older(folder, "terms-*")
    return folder


def export_pot():
    """Renew every .pot and bring new terms into the .po files."""
    with say.step("Exporting the terms") as step:
        folder = exported_terms(step)
    print(_i18n("merge", folder, addons.family()).stdout.strip())


def _i18n(action, folder, names):
    command = [python_env.python(), "-m", "devkit.i18n", action, folder, *names]
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        env=odoo.environment(),
    )
