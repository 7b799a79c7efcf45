"""Open data of an edition: the figures it uses, what it concludes and how that was tested, as CSV with hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from wellfounded.publishing.model import Publication, ShownFigure, ShownIndicator

Row = Sequence[object]

FIGURES = (
    "indicator",
    "area",
    "area_name",
    "period",
    "category",
    "value",
    "lower",
    "upper",
    "shown",
    "why_none",
    "status",
    "rule",
    "release",
)


def write(publication: Publication, indicators: Sequence[ShownIndicator], *, to: Path) -> Path:
    """The folder with the edition's open data and its manifest."""
    to.mkdir(parents=True, exist_ok=True)
    tables = {
        "figures": (
            FIGURES,
            _figures(publication, indicators),
            "Every figure shown for the place, members and comparators",
        ),
        "conclusions": (_CONCLUSIONS, _conclusions(publication), "Every conclusion with its verdict and robustness"),
        "tests": (_TESTS, _tests(publication), "Every test with its estimate, interval and verdict"),
        "variants": (_VARIANTS, _variants(publication), "What each conclusion came to under every set of choices"),
        "indicators": (_INDICATORS, _indicators(indicators), "What each indicator measures and where it comes from"),
        "sources": (_SOURCES, _sources(publication), "Every release used, with publisher, licence and date"),
    }
    files = []
    for name, (columns, rows, about) in tables.items():
        data, count = _csv(columns, rows)
        (to / f"{name}.csv").write_bytes(data)
        files.append(
            {
                "file": f"{name}.csv",
                "about": about,
                "columns": list(columns),
                "rows": count,
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
    manifest = {
        "title": publication.title,
        "place": publication.name,
        "digest": publication.digest,
        "built_at": publication.built_at,
        "software": f"Wellfounded {publication.version}",
        "licence": "Figures are under the licences of their releases, see sources.csv; most under OGL-UK-3.0",
        "files": files,
    }
    (to / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return to


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> tuple[bytes, int]:
    """Rows as CSV (UTF-8, RFC 4180), and how many there are."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow(["" if value is None else value for value in row])
        count += 1
    return out.getvalue().encode("utf-8"), count


def figures_of(publication: Publication, indicators: Sequence[ShownIndicator]) -> list[ShownFigure]:
    """Every figure that the edition shows, once, in order of indicator, area, period and category."""
    found: dict[tuple[str, str, str, str, str], ShownFigure] = {}
    shown = [figure for indicator in indicators for row in indicator.series for figure in row.figures]
    shown += [figure for conclusion in publication.conclusions for test in conclusion.tests for figure in test.figures]
    shown += [figure for page in publication.chapter_pages.values() for row in page.rows for figure in row.figures]
    for figure in shown:
        found.setdefault((figure.indicator, figure.area, figure.period, figure.category, figure.release), figure)
    return [found[key] for key in sorted(found)]


def _figures(publication: Publication, indicators: Sequence[ShownIndicator]) -> Iterable[Row]:
    for f in figures_of(publication, indicators):
        yield (
            f.indicator,
            f.area,
            f.area_name,
            f.period,
            f.category,
            f.value,
            f.lower,
            f.upper,
            f.text,
            f.why_none,
            f.status,
            f.rule,
            f.release,
        )


_CONCLUSIONS = (
    "id",
    "chapter",
    "kind",
    "state",
    "impact",
    "sentence",
    "as_written",
    "verdict",
    "holds",
    "of",
    "sureness",
    "breaks",
    "q",
    "releases",
)


def _conclusions(publication: Publication) -> Iterable[Row]:
    for c in publication.conclusions:
        yield (
            c.id,
            c.chapter,
            c.kind,
            c.state,
            "; ".join(c.impact),
            c.sentence,
            c.as_written,
            c.verdict,
            c.holds,
            c.of,
            c.sureness,
            "; ".join(c.breaks),
            c.q,
            "; ".join(c.sources),
        )


_TESTS = (
    "conclusion",
    "test",
    "indicator",
    "expect",
    "question",
    "verdict",
    "estimate",
    "interval",
    "p",
    "margin",
    "method",
    "reason",
    "working",
)


def _tests(publication: Publication) -> Iterable[Row]:
    for c in publication.conclusions:
        for t in c.tests:
            yield (
                c.id,
                t.id,
                t.indicator,
                t.expect,
                t.question,
                t.verdict,
                t.estimate,
                t.interval,
                t.p,
                t.margin,
                t.method,
                t.reason,
                " ".join(t.working),
            )


_VARIANTS = ("conclusion", "choices", "verdict", "estimate", "reason", "counted")


def _variants(publication: Publication) -> Iterable[Row]:
    for c in publication.conclusions:
        for v in c.variants:
            yield (c.id, v.label, v.verdict, v.estimate, v.reason, True)
        for words, verdict in c.beside:
            yield (c.id, words, verdict, None, "shown beside the count", False)
        for words, reason in c.refused:
            yield (c.id, words, "refused", None, reason, False)


_INDICATORS = (
    "id",
    "label",
    "chapter",
    "unit",
    "polarity",
    "latest_period",
    "source",
    "releases",
    "how_members_combine",
    "reconciliation",
    "alternatives",
    "in_development",
)


def _indicators(indicators: Sequence[ShownIndicator]) -> Iterable[Row]:
    for i in indicators:
        yield (
            i.id,
            i.label,
            i.chapter,
            i.unit,
            i.polarity,
            i.period,
            i.source,
            "; ".join(i.releases),
            i.combines,
            i.reconciliation,
            "; ".join(i.alternatives),
            i.development,
        )


_SOURCES = ("release", "source", "title", "publisher", "licence", "released", "basis_of_date", "url")


def _sources(publication: Publication) -> Iterable[Row]:
    for r in publication.releases.values():
        yield (r.id, r.source, r.title, r.publisher, r.licence, r.released_date, r.basis or "publisher", r.url)
