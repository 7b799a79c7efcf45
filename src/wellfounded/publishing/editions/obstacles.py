"""What stands in the way of an edition: everything that must not be published as if it were settled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wellfounded.publishing import sureness
from wellfounded.publishing.model import Publication, ShownFigure, ShownIndicator

_SLOT = re.compile(r"\{[A-Za-z_][\w.-]*\}|\{\{|\}\}")


@dataclass(frozen=True)
class Obstacle:
    """One thing that has to be settled before an edition can be frozen."""

    what: str
    where: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.do}"


def obstacles(publication: Publication, indicators: Sequence[ShownIndicator]) -> tuple[Obstacle, ...]:
    """Everything that keeps a publication from being frozen; empty where it is ready."""
    return (
        *_conclusions(publication),
        *_slots(publication),
        *_releases(publication),
        *_figures(publication, indicators),
    )


def _conclusions(publication: Publication) -> Iterator[Obstacle]:
    published = sureness.published(publication.conclusions)
    if not published:
        yield Obstacle("nothing is published", "conclusions/", 'give at least one conclusion `status = "published"`')
    for conclusion in published:
        if conclusion.id in publication.drafts:
            yield Obstacle(
                "a draft is shown as if it were published",
                f"conclusion {conclusion.id}",
                "publish it, or take `show_drafts` out of base.toml",
            )
        elif conclusion.verdict != "holds" and not conclusion.kept_because:
            verdict = sureness.VERDICTS[conclusion.verdict].lower()
            yield Obstacle(
                f"it is published, its test: {verdict}, and nothing says why it is kept",
                f"conclusion {conclusion.id}",
                "mend it, withdraw it, or say why it stays in `kept_because`",
            )


def _slots(publication: Publication) -> Iterator[Obstacle]:
    texts = {
        f"conclusion {c.id}": f"{c.sentence} {c.detail_html} {c.matters_html}"
        for c in sureness.published(publication.conclusions)
    }
    texts |= {f"chapters/{name}.md": _html(page.blocks) for name, page in publication.chapter_pages.items()}
    texts |= {f"summary/{name}.md": _html(blocks) for name, blocks in publication.summary.items()}
    for where, text in texts.items():
        if (found := _SLOT.search(text)) is not None:
            yield Obstacle(f"the slot {found[0]} is empty", where, "name a figure that there is, or take the slot out")


def _html(blocks: Sequence[object]) -> str:
    return " ".join(str(getattr(block, "html", "")) for block in blocks)


def _releases(publication: Publication) -> Iterator[Obstacle]:
    for release in publication.releases.values():
        where = f"release {release.id}"
        if not release.licence:
            yield Obstacle("its source has no licence", where, "name the licence in the source's TOML")
        if not release.publisher:
            yield Obstacle("its source has no publisher", where, "name the publisher in the source's TOML")
        if not release.released_date:
            yield Obstacle("it has no date", where, "give `released` and `released_basis` in the source's TOML")


def _figures(publication: Publication, indicators: Sequence[ShownIndicator]) -> Iterator[Obstacle]:
    def without(figures: Iterator[ShownFigure]) -> int:
        return sum(f.value is not None and f.release not in publication.releases for f in figures)

    for indicator in indicators:
        if missing := without(figure for row in indicator.series for figure in row.figures):
            yield Obstacle(
                f"{missing} of its figures belong to no release",
                f"indicator {indicator.id}",
                "give every file of its source a release",
            )
    for conclusion in sureness.published(publication.conclusions):
        if missing := without(figure for test in conclusion.tests for figure in test.figures):
            yield Obstacle(
                f"{missing} of the figures that it rests on belong to no release",
                f"conclusion {conclusion.id}",
                "give every file of their sources a release",
            )


__all__ = ["Obstacle", "obstacles"]
