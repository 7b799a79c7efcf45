"""Files opened by the programs that people open them with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.conftest import skip_unless_ci


def converted(path: Path, folder: Path, *, to: str = "pdf") -> Path:
    """`path` as LibreOffice has saved it in another form, in `folder`; it has a profile of its own there."""
    office = shutil.which("soffice")
    if office is None:
        skip_unless_ci(
            "no soffice: on Debian, `apt-get install libreoffice-calc libreoffice-writer libreoffice-impress`"
        )
    made = subprocess.run(
        [
            office, f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}", "--headless",
            "--convert-to", to, "--outdir", str(folder), str(path),
        ],
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    found = folder / f"{path.stem}.{to.partition(':')[0]}"
    assert found.is_file(), f"LibreOffice could not open {path.name}: {made.stdout} {made.stderr}"
    return found
