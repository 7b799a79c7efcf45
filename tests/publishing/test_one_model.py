"""Every number in every document of an edition is one that the model gives for that part of it: none may disagree."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.conftest import skip_unless_ci
from tests.publishing.documents_read import Part, aligned, charted, of_docx, of_drawing, of_page, of_pdf, of_slides
from tests.publishing.numbers_said import Model, Segment, numbers, rows, segments
from wellfounded.publishing import documents, opendata_priorities
from wellfounded.publishing.documents import pack, summary
from wellfounded.publishing.documents.document import Document

pytestmark = [pytest.mark.slow]
Disagreements = list[tuple[str, list[str]]]
_BARE = re.compile(r"\d{1,2}")
DOCUMENTS = {"pack": pack.document, "summary": summary.document}


@pytest.fixture(scope="module")
def model(built: Path) -> Model:
    return Model(*documents.read(built))


@pytest.fixture(scope="module", params=sorted(DOCUMENTS))
def document(request: pytest.FixtureRequest, model: Model) -> tuple[str, Document]:
    return request.param, DOCUMENTS[request.param](model.publication, model.indicators)


@pytest.fixture(scope="module", autouse=True)
def _reader_of_pdf() -> None:
    if shutil.which("pdftotext") is None:
        skip_unless_ci("no pdftotext: on Debian, `apt-get install poppler-utils`")


def test_a_document_says_no_number_that_the_model_does_not_give_for_that_part(
    model: Model, document: tuple[str, Document]
) -> None:
    made = segments(document[1])
    assert sum(len(segment.numbers) for segment in made) > 100
    assert [(s.title, off) for s in made if (off := sorted(set(s.numbers) - model.of(s)))] == []


def test_a_row_of_the_pack_says_no_number_that_its_indicator_does_not_have(model: Model) -> None:
    found = {
        row.removeprefix("indicator-"): said
        for row, said in rows(pack.document(model.publication, model.indicators))
        if row.startswith("indicator-")
    }
    assert len(found) == len(model.indicators)
    assert {row: off for row, said in found.items() if (off := set(said) - model.indicator(row))} == {}


def test_the_page_says_what_the_document_says(built: Path, document: tuple[str, Document]) -> None:
    name, made = document
    parts = aligned(of_page((built / f"{name}.html").read_text(encoding="utf-8")), [s.title for s in segments(made)])
    assert _disagreements(segments(made), parts, both=True) == []


def test_the_pdf_says_what_the_document_says(built: Path, document: tuple[str, Document]) -> None:
    name, made = document
    assert _of_pdf(built / f"{name}.pdf", built, segments(made)) == []


def test_the_word_file_says_what_the_document_says(built: Path, document: tuple[str, Document]) -> None:
    name, made = document
    if name != "summary":
        assert not (built / f"{name}.docx").exists()
        return
    parts = aligned(of_docx(built / f"{name}.docx"), [s.title for s in segments(made)])
    assert _disagreements(segments(made), parts) == []


def test_the_presentation_says_no_number_that_the_model_does_not_give(built: Path, model: Model) -> None:
    slides = of_slides(built / "presentation.pptx")
    allowed = set(model.everything) | model.counts
    assert sum(len(slide.numbers) for slide in slides) > 200
    assert [(slide.title, off) for slide in slides if (off := sorted(set(slide.numbers) - allowed))] == []


def test_every_value_of_a_chart_in_the_presentation_is_a_figure(built: Path, model: Model) -> None:
    values = {f.value for i in model.indicators for row in i.series for f in row.figures}
    values |= {f.value for c in model.publication.conclusions for t in c.tests for f in t.figures}
    values |= {f.value for p in model.publication.chapter_pages.values() for row in p.rows for f in row.figures}
    for chart in model.publication.charts.values():  # index numbers and shares are given as the chart prints them
        values |= {_value(cell) for row in chart.rows for cell in row[1:]}
    drawn = list(charted(built / "presentation.pptx"))
    assert len(drawn) > 50
    assert [found for found in drawn if found[2] is not None and found[2] not in values] == []


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_every_number_in_a_sheet_is_a_figure_of_its_indicator(built: Path, model: Model, ending: str) -> None:
    from python_calamine import CalamineWorkbook

    opened = CalamineWorkbook.from_path(built / "data" / f"evidence.{ending}")
    values = {
        indicator.id: {
            v for row in indicator.series for f in row.figures for v in (f.value, f.lower, f.upper) if v is not None
        }
        for indicator in model.indicators
    }
    ranked = set(_floats(msgspec.to_builtins(model.publication.priorities)))
    known = set().union(*values.values())
    checked = 0
    for name in opened.sheet_names:
        if name.lower() in (
            "cover",
            "contents",
            "notes",
            "conclusions",
            "tests",
            "robustness",
            "sources",
            "indicators",
        ):
            continue
        cells = [cell for line in opened.get_sheet_by_name(name).to_python() for cell in line]
        here = {cell for cell in cells if isinstance(cell, float)}
        checked += len(here)
        mine = next((own for identifier, own in values.items() if identifier[:31] == name), known)
        mine = ranked if name in opendata_priorities.SHEETS.values() else mine
        assert _not_in(mine, here) == [], name
    assert checked > 1000


def _floats(made: Any) -> Iterator[float]:
    """Every number in plain dicts and lists."""
    if isinstance(made, dict | list | tuple):
        for inner in made.values() if isinstance(made, dict) else made:
            yield from _floats(inner)
    elif isinstance(made, int | float) and not isinstance(made, bool):
        yield float(made)


def test_a_number_that_is_altered_is_noticed(built: Path, model: Model) -> None:
    """The tests above can fail: one figure changed in a page, in a Word file, or in a conclusion is found."""
    made = segments(summary.document(model.publication, model.indicators))
    titles = [segment.title for segment in made]
    said = next(c.sentence for c in model.publication.conclusions if c.id == "output-per-hour")
    figure = next(number for number in numbers(said) if number.startswith("£"))
    altered = figure[:-1] + str((int(figure[-1]) + 1) % 10)
    page = (built / "summary.html").read_text(encoding="utf-8")
    assert figure in page
    found = _disagreements(made, aligned(of_page(page.replace(figure, altered)), titles), both=True)
    assert any(altered in numbers_off for _, numbers_off in found)
    whole = segments(pack.document(model.publication, model.indicators))
    of_it = next(segment for segment in whole if segment.id == "conclusion-output-per-hour")
    assert figure in model.of(of_it)
    assert altered not in model.of(of_it)


def test_a_number_that_is_altered_in_a_word_file_is_noticed(built: Path, model: Model, tmp_path: Path) -> None:
    made = segments(summary.document(model.publication, model.indicators))
    said = next(c.sentence for c in model.publication.conclusions if c.id == "output-per-hour")
    figure = next(number for number in numbers(said) if number.startswith("£"))
    with zipfile.ZipFile(built / "summary.docx") as before, zipfile.ZipFile(tmp_path / "a.docx", "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(figure[1:].encode(), b"98765.4"))
    parts = aligned(of_docx(tmp_path / "a.docx"), [segment.title for segment in made])
    assert any("£98765.4" in off for _, off in _disagreements(made, parts))


def _value(printed: str) -> float | None:
    """The number that a cell prints, without its unit."""
    found = re.search(r"[−-]?[£$€]?\d[\d,]*(?:\.\d+)?", printed)
    return float(re.sub("[£$€,]", "", found[0]).replace("−", "-")) if found else None


def _not_in(known: set[float], said: set[float]) -> list[float]:
    """What is said and isn't known, to the 16 digits that XLSX keeps."""
    values, asked = np.array(sorted(known)), np.array(sorted(said))
    at = np.searchsorted(values, asked)
    near = [values[np.clip(at + step, 0, len(values) - 1)] for step in (-1, 0)]
    off = ~(np.isclose(asked, near[0], rtol=1e-14, atol=0) | np.isclose(asked, near[1], rtol=1e-14, atol=0))
    return [float(value) for value in asked[off]]


def _disagreements(made: list[Segment], parts: list[Part], *, both: bool = False) -> Disagreements:
    """What a part says that its segment doesn't and, where `both`, what it leaves out."""
    off: Callable[[Segment, Part], set[str]] = lambda s, p: (  # noqa: E731
        set(p.numbers) - set(s.numbers) | (set(s.numbers) - set(p.numbers) if both else set(s.printed) - set(p.numbers))
    )
    return [
        (segment.title, sorted(found))
        for segment, part in zip(made, parts, strict=True)
        if (found := off(segment, part))
    ]


def _of_pdf(path: Path, built: Path, made: list[Segment]) -> Disagreements:
    """What pages say that no segment on them does, axes of drawings apart, and what segments say and pages don't.

    A whole number below 100 by itself may be the number of a heading, so that none is missed on a page.
    """
    parts = of_pdf(path, [segment.title for segment in made])
    drawn = [{number for name in segment.drawings for number in of_drawing(built / name)} for segment in made]
    found: Disagreements = []
    for at, (segment, part) in enumerate(zip(made, parts, strict=True)):
        near = [other for other in range(len(made)) if set(parts[other].lines) & set(part.lines)]
        allowed = set().union(*(set(made[other].numbers) | drawn[other] for other in near))
        said = set(part.numbers)
        if off := sorted(said - allowed | {n for n in segment.printed if n not in said and not _BARE.fullmatch(n)}):
            found.append((f"{segment.title} ({at})", off))
    return found
