"""The commands of ``./dev``."""

import argparse
import os
import signal
import sys

from . import bench, lint, odoo, postgres, run, say, setup, testing


def main(arguments=None):
    """Run a command and return its exit status."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        return _dispatch(sys.argv[1:] if arguments is None else arguments) or 0
    except say.Stop as stop:
        print(f"dev: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dev: interrupted", file=sys.stderr)
        return 130


def _terminated(_number, _frame):
    raise SystemExit(143)


def _dispatch(arguments):
    # what follows belongs to Odoo, pytest or the benchmark, options included
    if arguments[:1] == ["odoo"]:
        return _odoo(arguments[1:])
    if arguments[:1] == ["test"] and not {"-h", "--help"} & set(arguments):
        return _test(arguments[1:])
    if arguments[:1] == ["bench"] and arguments[1:2] not in (["-h"], ["--help"]):
        return _bench(arguments[1:])
    parser = argparse.ArgumentParser(prog="./dev")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="everything a fresh machine needs")
    commands.add_parser("odoo", help="Odoo's own command line: ./dev odoo ARGS…")
    commands.add_parser(
        "test", help="every test: ./dev test [--long] [--keep-db] [ARGS for pytest]"
    )
    check = commands.add_parser("lint", help="ruff, pylint-odoo, XML, translations")
    check.add_argument("--fix", action="store_true", help="correct what can be")
    check.add_argument("--export-pot", action="store_true", help="renew .pot and es.po")
    commands.add_parser(
        "bench",
        help="the benchmarks: ./dev bench [NAME…] [--against CHECKOUT or REVISION] "
        "[options of bench/NAME.py]",
    )
    commands.add_parser("stop", help="stop the embedded database server")
    serve = commands.add_parser("run", help="Odoo with demo data in the browser")
    serve.add_argument("--port", type=int, default=8069)
    serve.add_argument("--db", default="xpyme")
    options = parser.parse_args(arguments)
    return HANDLERS[options.command](options)


def _setup(_options):
    setup.prepare()
    advice = setup.programs()
    if advice:
        say.line(f"  {advice}")


def _run(options):
    _setup(options)
    return run.run(options.port, options.db)


def _odoo(arguments):
    setup.prepare(quiet=True)
    command = odoo.command(*arguments)
    os.execve(command[0], command, odoo.environment())


def _test(arguments):
    setup.prepare(quiet=True)
    advice = setup.programs(quiet=True)
    if advice:
        raise say.Stop(advice)
    rest = [argument for argument in arguments if argument != "--long"]
    return testing.run(rest, long=rest != arguments)


def _lint(options):
    setup.prepare(quiet=True)
    if options.export_pot:
        return lint.export_pot()
    return testing.check(options.fix)


def _bench(arguments):
    setup.prepare(quiet=True)
    return bench.run(arguments)


def _stop(_options):
    stopped = postgres.stop()
    say.line("Stopped." if stopped else "No embedded database server is running.")


HANDLERS = {
    "setup": _setup,
    "run": _run,
    "lint": _lint,
    "stop": _stop,
}
