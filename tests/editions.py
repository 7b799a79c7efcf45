"""Two editions of the small base, frozen once for all tests of editions."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from wellfounded.publishing.editions.freeze import freeze
from wellfounded.publishing.editions.shelf import Frozen

SMALL_BASE = Path(__file__).parent / "bases" / "small"
FIRST, SECOND = datetime(2026, 3, 2, 9, 30, tzinfo=UTC), datetime(2026, 6, 1, 14, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Frozen2:
    """A base with two editions, of which the second corrects the first."""

    base: Path
    editions: Path
    first: Frozen
    second: Frozen


def freeze_two(folder: Path, *, drawings: Path) -> Frozen2:
    """The small base in `folder`, frozen; then with a conclusion reworded, one withdrawn and one new, frozen again."""
    base = shutil.copytree(SMALL_BASE, folder / "base")
    editions = base / "editions"
    first = freeze(base, editions=editions, on=date(2026, 3, 2), built_at=FIRST, cache=drawings)
    changed(base)
    second = freeze(
        base, editions=editions, on=date(2026, 6, 1), built_at=SECOND, cache=drawings, corrects=first.number,
        notice="Output for each hour was said to be of all districts alike. It is not.",
    )  # fmt: skip
    return Frozen2(base, editions, first, second)


def changed(base: Path) -> None:
    """Rewords a conclusion with a history that names a response, withdraws another and publishes the draft."""
    path = base / "conclusions" / "economy.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("An hour's work in {area} produced", "Each hour of work in {area} produced")
    text = text.replace(
        'matters = "It decides what can be paid."\n',
        'matters = "It decides what can be paid."\n\n  [[conclusion.history]]\n  date = "2026-05-20"\n'
        '  change = "Reworded"\n  why = "Readers took it for one hour of one person."\n  responses = ["R-0007"]\n\n',
    )
    at = text.index('id = "districts-differ"')
    text = text[:at] + text[at:].replace('status = "published"', 'status = "withdrawn"', 1)
    at = text.index('id = "an-idea"')
    kept = 'status = "published"\nkept_because = "It is what people ask first."\nkind = "context"\n'
    text = text[:at] + text[at:].replace('kind = "context"\n', kept, 1)
    path.write_text(text, encoding="utf-8")
    chapter = base / "chapters" / "economy.md"
    lines = chapter.read_text(encoding="utf-8").splitlines(keepends=True)
    chapter.write_text("".join(line for line in lines if "districts-differ" not in line), encoding="utf-8")
