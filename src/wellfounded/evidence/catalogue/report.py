"""What a build of the catalogue read, rejected and changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from wellfounded.evidence.catalogue.rows import REASONS, FileRead


@dataclass(frozen=True)
class Changes:
    """Figures of this build against those of the catalogue that it replaces."""

    added: int = 0
    revised: int = 0
    removed: int = 0
    same: int = 0


@dataclass(frozen=True)
class BuildReport:
    """The outcome of a build: a line a file, what changed, and the size of what was written."""

    files: tuple[FileRead, ...]
    indicators: int
    releases: int
    figures: int
    derived: int
    changes: Changes
    size: int
    areas: dict[str, int] = field(default_factory=dict)  # how many of what the build of the areas wrote

    @property
    def read(self) -> int:
        return sum(file.read for file in self.files)

    @property
    def rejected(self) -> dict[str, int]:
        """Rows rejected in all files, by reason."""
        found: dict[str, int] = {}
        for file in self.files:
            for reason, rows in file.rejected.items():
                found[reason] = found.get(reason, 0) + rows
        return dict(sorted(found.items()))

    def text(self) -> str:
        """The report as people read it."""
        width = max((len(_short(file.file)) for file in self.files), default=4)
        lines = [f"{'file':<{width}}  {'read':>9}  {'kept':>9}  {'rejected':>8}  why"]
        for file in sorted(self.files, key=lambda file: (-file.rejected_in_all, file.file)):
            why = [f"{reason} {rows:,}" for reason, rows in sorted(file.rejected.items())]
            why += [f"repeated {file.repeated:,}"] if file.repeated else []
            why += [f"left out {file.skipped:,}"] if file.skipped else []
            lines.append(
                f"{_short(file.file):<{width}}  {file.read:>9,}  {file.kept:>9,}  {file.rejected_in_all:>8,}  "
                + ", ".join(why)
            )
        lines.append("")
        for reason, rows in self.rejected.items():
            lines.append(f"{rows:>9,}  {reason}: {REASONS.get(reason, '')}")
        change = self.changes
        all_rejected = sum(self.rejected.values())
        lines.append("")
        lines.append(f"{self.read:,} rows of {len(self.files)} files, {all_rejected:,} rejected")
        lines.append(
            f"{self.figures:,} figures ({self.derived:,} derived) of {self.indicators} indicators "
            f"in {self.releases} releases; {self.size / 1e6:.1f} MB"
        )
        lines.append(
            f"against the catalogue before: {change.added:,} figures added, {change.revised:,} revised, "
            f"{change.removed:,} removed, {change.same:,} the same"
        )
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The report for machines, as it ships in report.json."""
        return {**asdict(self), "rejected": self.rejected}


def _short(path: str) -> str:
    folder, _, name = path.rpartition("/")
    first, _, _ = folder.partition("/")
    return f"{first}/{name}" if folder else name
