"""Makes .venv with the locked requirements and the `wellfounded` command in it.

Does nothing when the environment is already what the lock files say. `--dev` adds what the tests and checks need;
an environment that has it keeps it. Needs nothing but Python 3.11 with venv, and the package registries.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
COMMAND = VENV / "bin" / "wellfounded"
UV = VENV / "uv" / "bin" / "uv"  # in a folder of its own: a sync removes what no lock file names
STAMP = VENV / "installed.json"
WEB = ROOT / "src" / "wellfounded" / "web"
COLLECTED = WEB / "static" / "vendor"
LOCKS = {False: "requirements.txt", True: "requirements-dev.txt"}
DECIDES = ("pyproject.toml", "requirements-bootstrap.txt", "package.json", "package-lock.json")


class InstallFailed(SystemExit):
    """A step of the installation did not work; the message says which and what to do."""


def digest(*, dev: bool) -> str:
    """The hash of everything that decides what the environment holds."""
    sha = hashlib.sha256(f"{ROOT}\n{sys.version_info[:2]}".encode())
    front_end = sorted(path for path in (WEB / "frontend").rglob("*") if path.is_file())
    for path in [*(ROOT / name for name in (*DECIDES, LOCKS[dev])), WEB / "assets.py", WEB / "storage.py", *front_end]:
        sha.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return sha.hexdigest()


def installed() -> dict[str, str]:
    """What the last complete installation recorded; empty where there is none that still stands."""
    if not all(path.exists() for path in (STAMP, PYTHON, COMMAND, COLLECTED)):
        return {}
    try:
        record = json.loads(STAMP.read_text("utf-8"))
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def usable() -> bool:
    """Whether .venv can be filled as it stands: whole, and made where it now lies (its scripts hold its path)."""
    made_as = VENV / "pyvenv.cfg"
    return PYTHON.exists() and UV.exists() and made_as.exists() and f" {VENV}\n" in made_as.read_text("utf-8")


def step(title: str, *command: str | Path, advice: str) -> None:
    """Runs one step, saying what it is and how long it took; stops with `advice` when it fails."""
    print(f"  {title} …", end="", flush=True)
    started = time.monotonic()
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_PROGRESS": "1", "UV_LINK_MODE": "copy"}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, capture_output=True, text=True)
    print(f" {time.monotonic() - started:.1f} s" if done.returncode == 0 else " failed", flush=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout + done.stderr)
        raise InstallFailed(f"\nCould not finish “{title}”. {advice}")


def make_environment() -> None:
    """Makes .venv and puts uv into it, from its own locked file."""
    if VENV.exists():
        shutil.rmtree(VENV)
    step(
        "Making .venv",
        *(sys.executable, "-m", "venv", VENV),
        advice="On Debian and Ubuntu the module is in the package python3-venv.",
    )
    step(
        "Fetching uv",
        *(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"),
        *("--target", UV.parents[1], "--requirement", "requirements-bootstrap.txt"),
        advice="Is the Python package registry reachable?",
    )


def fill_environment(*, dev: bool) -> None:
    """Installs the locked packages, the project itself and the front-end packages."""
    lock = LOCKS[dev]
    step(
        f"Installing what {lock} names",
        *(UV, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", lock),
        advice=f"If {lock} is out of step with pyproject.toml, `make lock` rewrites it.",
    )
    step(
        "Installing wellfounded",
        *(UV, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--editable", "."),
        advice="The message above says what in pyproject.toml could not be read.",
    )
    step(
        "Making the front end",
        *(PYTHON, "-m", "wellfounded.web.assets"),
        advice="Is the npm registry reachable?",
    )


def install(*, dev: bool) -> bool:
    """Whether there was anything to do."""
    record = installed()
    dev = dev or record.get("requirements") == LOCKS[True]
    if record.get("digest") == digest(dev=dev):
        return False
    print("Installing Wellfounded into .venv", flush=True)
    STAMP.unlink(missing_ok=True)
    if not usable():
        make_environment()
    fill_environment(dev=dev)
    STAMP.write_text(json.dumps({"requirements": LOCKS[dev], "digest": digest(dev=dev)}) + "\n", "utf-8")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="also install what the tests and checks need")
    arguments = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036
        raise InstallFailed(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    install(dev=arguments.dev)


if __name__ == "__main__":
    main()
