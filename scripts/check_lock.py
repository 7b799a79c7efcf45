"""Checks that the lock files name no host, carry hashes, and hold what pyproject.toml asks for."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "requirements-bootstrap.txt")


def name_of(requirement: str) -> str:
    """The package that a requirement names, in its normal form."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;@]", requirement.strip())[0]).lower()


def pins(text: str) -> dict[str, str]:
    """Package to version, for each line that pins one."""
    return {name_of(line): line.split("==")[1].split()[0] for line in text.splitlines() if "==" in line[:80]}


def faults() -> list[str]:
    """What is wrong with the lock files, one line each."""
    found = []
    texts = {name: (ROOT / name).read_text("utf-8") for name in REQUIREMENTS}
    for name, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            if "://" in line or line.startswith("-"):
                found.append(f"{name}:{number}: a lock file names packages and hashes only, no host: {line.strip()}")
        if text.count("--hash=") < len(pins(text)):
            found.append(f"{name}: not every package has a hash; `make lock` writes them")
    npm = ROOT / "package-lock.json"
    if npm.exists():
        text = npm.read_text("utf-8")
        found += [
            f"package-lock.json: {path or 'the project'} records a host; see .npmrc"
            for path, package in json.loads(text).get("packages", {}).items()
            if "resolved" in package and "://" in str(package["resolved"])
        ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    run, everything = pins(texts["requirements.txt"]), pins(texts["requirements-dev.txt"])
    for wanted, held, file in (
        ([*project["dependencies"], *extras["build"]], run, "requirements.txt"),
        ([*project["dependencies"], *extras["build"], *extras["dev"]], everything, "requirements-dev.txt"),
    ):
        missing = sorted({name_of(each) for each in wanted} - held.keys())
        found += [f"{file}: pyproject.toml asks for {each}, which is not locked; run `make lock`" for each in missing]
    for package, version in run.items():
        if everything.get(package) != version:
            found.append(
                f"requirements.txt: {package} {version}, but requirements-dev.txt has {everything.get(package)}"
            )
    return found


if __name__ == "__main__":
    problems = faults()
    print("\n".join(problems), file=sys.stderr) if problems else None
    sys.exit(bool(problems))
