"""The presentation: read back with the library that others read it with, and opened in LibreOffice."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pptx import Presentation
from pptx.util import Emu, Pt

from tests.publishing.opened import converted
from wellfounded.evidence.located import BaseErrors
from wellfounded.publishing import build, documents, slides
from wellfounded.publishing.slides.template import UnusableTemplate

pytestmark = [pytest.mark.slow]
_WORDS = re.compile(r"\w+")


@pytest.fixture(scope="module")
def deck(built: Path) -> Any:
    return Presentation(str(built / slides.NAME))


def shapes(holder: Any) -> Iterator[Any]:
    for shape in holder.shapes:
        yield shape
        if shape.shape_type is not None and shape.shape_type == 6:
            yield from shapes(shape)


def described(shape: Any) -> str:
    return str(shape._element.xpath(".//p:cNvPr")[0].get("descr") or "")


def test_it_is_wide_and_has_a_title_of_its_own_on_every_slide(deck: Any) -> None:
    assert round(Emu(deck.slide_width) / Emu(deck.slide_height), 3) == round(16 / 9, 3)
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(title.strip() for title in titles)
    assert len(set(titles)) == len(titles)
    assert [slide.shapes.title.shape_id for slide in deck.slides] == [
        slide.shapes[0].shape_id for slide in deck.slides
    ], "the title is read first"


def test_it_goes_from_the_approach_through_every_chapter_to_questions_and_sources(deck: Any, built: Path) -> None:
    publication, _ = documents.read(built)
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    wanted = [
        publication.title, "How a conclusion is made", *(chapter.title for chapter in publication.chapters),
        "What we conclude: strengths (1 of 2)", "What the figures do not bear out", "The Grand Challenges",
        "Questions for the room", "How to respond",
    ]  # fmt: skip
    assert [title for title in titles if title in wanted] == wanted
    assert titles[-1].startswith("Sources")


def test_whatever_is_no_text_has_words_for_who_does_not_see_it(deck: Any) -> None:
    seen = 0
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type in (6, 13):
                seen += 1
                assert len(described(shape)) > 15, f"{slide.shapes.title.text_frame.text}: {shape.name}"
    assert seen > 50


def test_every_slide_has_notes_and_every_content_slide_opens_a_discussion(deck: Any) -> None:
    for slide in deck.slides:
        text = slide.notes_slide.notes_text_frame.text
        assert "To discuss:" in text, slide.shapes.title.text_frame.text


def test_notes_of_a_conclusion_carry_its_caveats_and_how_sure_it_is(deck: Any, built: Path) -> None:
    publication, _ = documents.read(built)
    sentences = {c.sentence: c for c in publication.conclusions}
    found = 0
    for slide in deck.slides:
        conclusion = sentences.get(slide.shapes.title.text_frame.text)
        if conclusion is not None:
            notes = slide.notes_slide.notes_text_frame.text
            assert conclusion.sentence in notes
            assert "How sure:" in notes
            found += 1
    assert found > 25


def test_charts_can_be_edited_and_hold_a_workbook(deck: Any) -> None:
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) > 25
    for chart in charts:
        assert chart.part.chart_workbook.xlsx_part is not None
        assert any(value is not None for plot in chart.plots for series in plot.series for value in series.values)


def test_nothing_stands_outside_of_a_slide(deck: Any) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            box = (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
            assert min(box) >= 0, (slide.shapes.title.text_frame.text, shape.name)
            assert box[2] <= deck.slide_width + Pt(1), (slide.shapes.title.text_frame.text, shape.name)
            assert box[3] <= deck.slide_height + Pt(1), (slide.shapes.title.text_frame.text, shape.name)


def test_every_word_says_its_language(deck: Any) -> None:
    for slide in deck.slides:
        for run in slide._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}r"):
            properties = run.find("{http://schemas.openxmlformats.org/drawingml/2006/main}rPr")
            if properties is None or properties.get("lang") is None:
                inside = {each.tag.rpartition("}")[2] for each in run.iterancestors()}
                assert "tbl" not in inside, slide.shapes.title.text_frame.text
                raise AssertionError(slide.shapes.title.text_frame.text)


def test_it_opens_in_libreoffice_with_all_its_slides(built: Path, deck: Any, tmp_path: Path) -> None:
    import pikepdf

    with pikepdf.open(converted(built / slides.NAME, tmp_path)) as opened:
        assert len(opened.pages) == len(deck.slides)


def test_two_presentations_of_one_publication_are_byte_for_byte_the_same(built: Path, tmp_path: Path) -> None:
    publication, indicators = documents.read(built)
    (tmp_path / "charts").symlink_to(built / "charts")
    assert slides.write(publication, indicators, folder=tmp_path).read_bytes() == (built / slides.NAME).read_bytes()


@pytest.fixture
def of_place(tmp_path: Path) -> Path:
    """A template as a communications team would give it: 4 to 3, with a master of its own and a sample slide."""
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[5]).shapes.title.text_frame.text = "A sample slide"
    for layout in made.slide_layouts:
        if layout.name == "Title Only":
            layout.placeholders[0].text_frame.paragraphs[0].text = "Ours"
    made.save(str(tmp_path / "ours.pptx"))
    return tmp_path / "ours.pptx"


def test_slides_stand_on_the_places_own_template(built: Path, of_place: Path, tmp_path: Path) -> None:
    publication, indicators = documents.read(built)
    (tmp_path / "charts").symlink_to(built / "charts")
    made = Presentation(str(slides.write(publication, indicators, folder=tmp_path, template=of_place)))
    assert (made.slide_width, made.slide_height) == (Presentation(str(of_place)).slide_width, 6858000)
    titles = [slide.shapes.title.text_frame.text for slide in made.slides]
    assert "A sample slide" not in titles
    assert publication.title in titles
    assert len(set(titles)) == len(titles)
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= made.slide_width + Pt(1), (
                slide.shapes.title.text_frame.text,
                shape.name,
            )


def test_a_template_that_is_no_presentation_is_refused_with_its_file_and_line(small_base: Path) -> None:
    (small_base / "ours.pptx").write_bytes(b"no presentation")
    path = small_base / "base.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[brand]\n", '[brand]\ntemplate = "ours.pptx"\n'), encoding="utf-8")
    with pytest.raises(BaseErrors, match=r"base\.toml:\d+: `template` is no use: ours\.pptx can't be read") as told:
        build.build(small_base, to=small_base / "build" / "publication")
    assert (
        told.value.problems[0].line == path.read_text(encoding="utf-8").splitlines().index('template = "ours.pptx"') + 1
    )


def test_a_template_without_a_title_is_refused(tmp_path: Path) -> None:
    from wellfounded.publishing.slides.template import check

    made = Presentation()
    for layout in list(made.slide_layouts):
        for placeholder in list(layout.placeholders):
            placeholder._element.getparent().remove(placeholder._element)
    made.save(str(tmp_path / "bare.pptx"))
    with pytest.raises(UnusableTemplate, match=r"bare\.pptx has no layout with a title: add one called 'Title Only'"):
        check(tmp_path / "bare.pptx")


def test_a_publication_without_conclusions_has_slides_all_the_same(built: Path, tmp_path: Path) -> None:
    publication, _ = documents.read(built)
    bare = msgspec.structs.replace(
        publication, conclusions=(), chapter_pages={}, impacts=(), challenges=(), consultation_questions=(),
        consultation_address="", contact="", site="", brand={}, priorities=None,
    )  # fmt: skip
    shutil.copytree(built / "charts", tmp_path / "charts")
    made = Presentation(str(slides.write(bare, (), folder=tmp_path)))
    assert 3 <= len(made.slides) <= 8
