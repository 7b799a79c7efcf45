"""Open data of an edition: the figures it uses, what it concludes and how that was tested, for people and machines."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from wellfounded.publishing import opendata_priorities, sureness
from wellfounded.publishing.columns import NUMBER, TRUTH, WHOLE, Column, Row
from wellfounded.publishing.model import Publication, ShownConclusion, ShownFigure, ShownIndicator

FOLDER, MANIFEST = "data", "manifest.json"
LICENCE = "Figures are under the licences of their releases, which sources.csv names; most under OGL-UK-3.0."
WORTH_A_PROCESS = 40  # indicators: with fewer, the spreadsheets are done before a process has started
SHEETS = {  # of the spreadsheets, by the table that they hold
    "conclusions.csv": "Conclusions",
    "tests.csv": "Tests",
    "variants.csv": "Robustness",
    "indicators.csv": "Indicators",
    "sources.csv": "Sources",
    **opendata_priorities.SHEETS,
}


class DataNotWritten(RuntimeError):
    """The process that writes the open data failed."""


FIGURES = (
    Column("indicator", "id of the indicator, see indicators.csv"),
    Column("area", "official code of the area; place:… and comparator:… where it is made of several"),
    Column("area_name", "name of the area"),
    Column("period", "the period as people write it"),
    Column("start", "first day of the period"),
    Column("end", "last day of the period"),
    Column("category", "code of a part of the whole, such as an industry; empty where there are no parts"),
    Column("category_label", "what the code means"),
    Column("value", "the exact value; empty where there is none", NUMBER),
    Column("lower", "lower limit of the 95% interval, where there is one", NUMBER),
    Column("upper", "upper limit of the 95% interval, where there is one", NUMBER),
    Column("shown", "the value as pages and documents print it"),
    Column("why_none", "why there is no value"),
    Column("status", "what the publisher says of the value, such as provisional or unreliable"),
    Column("rule", "how the value was made of several areas' values; empty where it is published"),
    Column("release", "id of the release that it comes from, see sources.csv"),
)
CONCLUSIONS = (
    Column("id", "id of the conclusion"),
    Column("chapter", "chapter that it belongs to"),
    Column("kind", "strength, issue or context"),
    Column("state", "published; draft in a preview"),
    Column("impact", "impact areas, separated by semicolons"),
    Column("sentence", "what is said"),
    Column("as_written", "whether the sentence stands as its author wrote it", TRUTH),
    Column("verdict", "holds, uncertain, fails or cannot test"),
    Column("holds", "number of variants in which it holds", WHOLE),
    Column("of", "number of distinct variants that could be computed", WHOLE),
    Column("sureness", "firm, mostly, fragile or none"),
    Column("breaks", "choices that break it, separated by semicolons"),
    Column("q", "probability adjusted for the false discovery rate, where its tests have one"),
    Column("releases", "ids of the releases that it rests on, separated by semicolons"),
)
TESTS = (
    Column("conclusion", "id of the conclusion"),
    Column("test", "id of the test within it"),
    Column("indicator", "id of the indicator tested"),
    Column("expect", "what the test expects"),
    Column("question", "the test as a question"),
    Column("verdict", "holds, uncertain, fails or cannot test"),
    Column("estimate", "the statistic, in words"),
    Column("interval", "its 95% interval, in words"),
    Column("p", "probability under no difference, where the method gives one"),
    Column("margin", "the difference that would matter, stated beforehand"),
    Column("interval_published", "whether the figures have a published interval; without, the margin decides", TRUTH),
    Column("method", "id of the method"),
    Column("reason", "what stands in the way of a clear verdict"),
    Column("working", "the working, step by step, steps separated by vertical bars"),
)
VARIANTS = (
    Column("conclusion", "id of the conclusion"),
    Column("choices", "what was chosen differently"),
    Column("verdict", "holds, uncertain, fails or cannot test; refused where it could not be computed"),
    Column("estimate", "the statistic", NUMBER),
    Column("reason", "why it was refused, or is not counted"),
    Column("counted", "whether it counts in the robustness of the conclusion", TRUTH),
)
INDICATORS = (
    Column("id", "id of the indicator"),
    Column("label", "its name"),
    Column("chapter", "chapter that it belongs to"),
    Column("definition", "what it measures"),
    Column("unit", "its unit"),
    Column("polarity", "whether higher or lower is better"),
    Column("latest_period", "the latest period with figures"),
    Column("source", "id of its source"),
    Column("releases", "ids of its releases, latest first, separated by semicolons"),
    Column("how_members_combine", "how the place's figure is made of its members'"),
    Column("reconciliation", "how that compares with an official figure of the same ground"),
    Column("caveats", "what to beware of"),
    Column("alternatives", "other indicators of the same thing, separated by semicolons"),
    Column("in_development", "whether its publisher calls it official statistics in development", TRUTH),
)
SOURCES = (
    Column("release", "id of the release"),
    Column("source", "id of its source"),
    Column("title", "title of what was published"),
    Column("publisher", "who published it"),
    Column("licence", "licence, as its SPDX identifier where it has one"),
    Column("released", "date of the release"),
    Column("basis_of_date", "publisher; or what else the date is taken from"),
    Column("url", "where it was published"),
    Column("sha256", "SHA-256 of the publisher's file that was read"),
)


def write(publication: Publication, indicators: Sequence[ShownIndicator], *, to: Path) -> Path:
    """The folder `to`, now with the tables as CSV (with CSVW metadata), Parquet, XLSX and ODS, and a citation.

    The tables are figures, conclusions, tests, variants, indicators and sources, and those of priorities where the base
    has some; in the spreadsheets every indicator has a sheet of its own in place of the long table of figures.
    """
    from wellfounded.publishing import citation, csvw, spreadsheets

    to.mkdir(parents=True, exist_ok=True)
    conclusions = sureness.published(publication.conclusions)
    sheets = []
    described: list[csvw.Described] = []
    for name, (about, columns, rows) in _tables(publication, conclusions, indicators).items():
        rows = list(rows)
        table = _table(columns, rows)
        pyarrow.csv.write_csv(table, to / name)
        pyarrow.parquet.write_table(table, to / name.replace(".csv", ".parquet"), compression="zstd")
        described.append(csvw.Described(name, about, tuple((c.name, c.meaning, str(c.type)) for c in columns)))
        if name in SHEETS:
            titles = tuple(column.name.replace("_", " ").capitalize() for column in columns)
            sheets.append(spreadsheets.Sheet(SHEETS[name], about, (), "", titles, tuple(rows)))
    csvw.write(publication, described, to=to / "csv-metadata.json")
    citation.write(publication, to=to / "CITATION.cff")
    spreadsheets.write(publication, indicators, sheets, to=to)
    return to


@contextmanager
def written_beside(publication: Publication, indicators: Sequence[ShownIndicator], *, folder: Path) -> Iterator[None]:
    """Writes `folder`/data in a process of its own while the block runs, where there is enough to be worth one.

    The publication and its indicators stand in `folder` already. Raises DataNotWritten.
    """
    if len(indicators) < WORTH_A_PROCESS:
        yield
        write(publication, indicators, to=folder / FOLDER)
        return
    command = [sys.executable, "-m", "wellfounded.publishing.opendata", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield
            assert running.stderr is not None
            problem = running.stderr.read().strip().splitlines()
        except BaseException:
            running.kill()
            raise
    if running.returncode:
        raise DataNotWritten(problem[-1] if problem else "the process that writes the open data ended without a word")


def write_manifest(folder: Path) -> Path:
    """`folder`/manifest.json: what the data's columns mean, and the SHA-256 of every file of the publication.

    To be written last: files that are added or changed afterwards are not in it, or not as they are.
    """
    publication = msgspec.json.decode((folder / "publication.json").read_bytes(), type=Publication)
    path = folder / MANIFEST
    manifest = {
        "title": publication.title,
        "place": publication.name,
        "digest": publication.digest,
        "built_at": publication.built_at,
        "software": f"Wellfounded {publication.version}",
        "licence": LICENCE,
        "tables": {
            f"{FOLDER}/{name}": {"about": about, "columns": {column.name: column.meaning for column in columns}}
            for name, (about, columns, _) in _tables(publication, (), ()).items()
        },
        "files": {name: _described(folder / name) for name in sorted(_names(folder)) if name != MANIFEST},
    }
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def figures_of(
    conclusions: Iterable[ShownConclusion], publication: Publication, indicators: Iterable[ShownIndicator]
) -> list[ShownFigure]:
    """Every figure that the edition shows, once, in order of indicator, area, period and category."""
    found: dict[tuple[str, ...], ShownFigure] = {}
    shown = [figure for indicator in indicators for row in indicator.series for figure in row.figures]
    shown += [figure for conclusion in conclusions for test in conclusion.tests for figure in test.figures]
    shown += [figure for page in publication.chapter_pages.values() for row in page.rows for figure in row.figures]
    for figure in shown:
        key = (figure.indicator, figure.area, figure.start, figure.period, figure.category, figure.release)
        found.setdefault(key, figure)
    return [found[key] for key in sorted(found)]


def _tables(
    publication: Publication, conclusions: Sequence[ShownConclusion], indicators: Sequence[ShownIndicator]
) -> dict[str, tuple[str, tuple[Column, ...], Iterable[Row]]]:
    """The files of the open data: what each is about, its columns and its rows."""
    figures = figures_of(conclusions, publication, indicators)
    return {
        "figures.csv": ("Every figure used, for the place, members and comparators", FIGURES, _figures(figures)),
        "conclusions.csv": (
            "Every conclusion with its verdict and robustness",
            CONCLUSIONS,
            _conclusions(conclusions, publication.drafts),
        ),
        "tests.csv": ("Every test with its estimate, interval and verdict", TESTS, _tests(conclusions)),
        "variants.csv": ("What every conclusion came to under other choices", VARIANTS, _variants(conclusions)),
        "indicators.csv": ("What each indicator measures and where it comes from", INDICATORS, _indicators(indicators)),
        "sources.csv": ("Every release used, with publisher, licence and date", SOURCES, _sources(publication)),
        **opendata_priorities.tables(publication.priorities),
    }


def _table(columns: Sequence[Column], rows: Iterable[Row]) -> pa.Table:
    by_column = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [pa.array(values, type=column.type) for column, values in zip(columns, by_column, strict=True)]
    fields = [pa.field(column.name, column.type, metadata={"description": column.meaning}) for column in columns]
    return pa.table(arrays, schema=pa.schema(fields))


def _names(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _described(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _figures(figures: Iterable[ShownFigure]) -> Iterator[Row]:
    return (
        (
            f.indicator, f.area, f.area_name, f.period, f.start, f.end, f.category, f.category_label, f.value, f.lower,
            f.upper, f.text, f.why_none, f.status, f.rule, f.release,
        )
        for f in figures
    )  # fmt: skip


def _conclusions(conclusions: Iterable[ShownConclusion], drafts: tuple[str, ...]) -> Iterator[Row]:
    return (
        (
            c.id, c.chapter, c.kind, "draft" if c.id in drafts else c.state, "; ".join(c.impact), c.sentence,
            c.as_written, c.verdict, c.holds, c.of, c.sureness, "; ".join(c.breaks), c.q, "; ".join(c.sources),
        )
        for c in conclusions
    )  # fmt: skip


def _tests(conclusions: Iterable[ShownConclusion]) -> Iterator[Row]:
    return (
        (
            c.id, t.id, t.indicator, t.expect, t.question, t.verdict, t.estimate, t.interval, t.p, t.margin,
            t.interval_published, t.method, t.reason, " | ".join(t.working),
        )
        for c in conclusions
        for t in c.tests
    )  # fmt: skip


def _variants(conclusions: Iterable[ShownConclusion]) -> Iterator[Row]:
    for c in conclusions:
        yield from ((c.id, v.label, v.verdict, v.estimate, v.reason, True) for v in c.variants)
        yield from ((c.id, words, verdict, None, "shown beside the count", False) for words, verdict in c.beside)
        yield from ((c.id, words, "refused", None, reason, False) for words, reason in c.refused)


def _indicators(indicators: Iterable[ShownIndicator]) -> Iterator[Row]:
    from wellfounded.publishing.text import plain

    return (
        (
            i.id, i.label, i.chapter, plain(i.definition_html), i.unit, i.polarity, i.period, i.source,
            "; ".join(i.releases), i.combines, i.reconciliation, plain(i.caveats_html), "; ".join(i.alternatives),
            i.development,
        )
        for i in indicators
    )  # fmt: skip


def _sources(publication: Publication) -> Iterator[Row]:
    return (
        (r.id, r.source, r.title, r.publisher, r.licence, r.released_date, r.basis or "publisher", r.url, r.sha256)
        for r in publication.releases.values()
    )


if __name__ == "__main__":
    from wellfounded.publishing import documents

    write(*documents.read(Path(sys.argv[1])), to=Path(sys.argv[1]) / FOLDER)
