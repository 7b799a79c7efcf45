"""Chapters: what is wrong in them is found with its line, all of it in one run."""

from __future__ import annotations

from wellfounded.publishing import chapters
from wellfounded.publishing.chapters import FigureSlot, UnfilledFigure

TEXT = """Some words, {{figure pay area=E06000001 period=2023}} of them
and <b>no</b> markup.

{{conclusion first}}

## A heading

{{chart first}}

More, {{figure rate
category="C (10-33)"}} here.
"""


def parsed(text: str) -> tuple[chapters.ChapterText, list[str]]:
    chapter, problems = chapters.parse(text, identifier="economy", file="chapters/economy.md")
    return chapter, [str(problem) for problem in problems]


def test_a_chapter_is_taken_apart_in_order() -> None:
    chapter, problems = parsed(TEXT)
    assert problems == []
    assert [piece.kind for piece in chapter.pieces] == ["text", "conclusion", "text", "chart", "text"]
    assert chapter.slots == (
        FigureSlot("pay", "E06000001", "2023", "", 1),
        FigureSlot("rate", "", "", "C (10-33)", 10),
    )


def test_figures_are_put_into_the_text_and_raw_markup_is_not() -> None:
    chapter, _ = parsed(TEXT)
    blocks, problems = chapters.blocks(chapter, lambda slot: f"<i>{slot.indicator}</i>")
    assert problems == []
    assert "Some words, <i>pay</i> of them" in blocks[0].html
    assert "&lt;b&gt;no&lt;/b&gt;" in blocks[0].html
    assert [(block.kind, block.ref) for block in blocks if block.kind != "html"] == [
        ("conclusion", "first"),
        ("chart", "first"),
    ]
    assert "<h2>A heading</h2>" in blocks[2].html


def test_a_slot_that_nothing_fills_is_named_with_its_line() -> None:
    def nothing(slot: FigureSlot) -> str:
        raise UnfilledFigure(f"{slot.indicator} has no value")

    chapter, _ = parsed(TEXT)
    _, problems = chapters.blocks(chapter, nothing)
    assert [str(problem) for problem in problems] == [
        "chapters/economy.md:1: pay has no value",
        "chapters/economy.md:10: rate has no value",
    ]


def test_everything_wrong_is_told_in_one_run() -> None:
    _, problems = parsed(
        "One {{number pay}} two.\n\nThree {{figure pay when=2023}}.\n\n"
        "In {{chart a}} words.\n\nOpen {{figure pay\n\nand }} shut {{ \n"
    )
    lines = [problem.split(": ")[0] for problem in problems]
    assert lines[:3] == ["chapters/economy.md:1", "chapters/economy.md:3", "chapters/economy.md:5"]
    assert "is not known" in problems[0]
    assert "area=…" in problems[1]
    assert "a line of its own" in problems[2]
    assert any("opens or closes no slot" in problem for problem in problems[3:])


def test_unknown_names_are_found_with_the_nearest_one() -> None:
    chapter, _ = parsed(TEXT)
    problems = chapters.check([chapter], conclusions=["firsts"], charts=[], indicators=["pays", "rate"])
    assert [str(problem) for problem in problems] == [
        "chapters/economy.md:4: there is no conclusion 'first'; did you mean 'firsts'?",
        "chapters/economy.md:8: there is no chart 'first'",
        "chapters/economy.md:1: there is no indicator 'pay'; did you mean 'pays'?",
    ]
