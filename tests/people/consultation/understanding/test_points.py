"""Points are exact characters of the original: all of what was said, once, in order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellfounded.people.consultation.types import Part, Segment
from wellfounded.people.consultation.understanding.points import LONGEST, points_in, sentences_in

PIECES = st.sampled_from(
    ["This is wrong. ", "Why?", "\n", "\r\n", "\n\n", "- ", "1. ", "Question 1: ", "Cwestiwn 2:", "e.g. ", "Dr. ",
     "£1.5m ", "However, ", "Mae hyn yn wir. ", "HEADING\n", "## ", "…", "\u200d",
     "👩‍👩‍👧 ", "שלום. ", "مرحبا؟ ", "。", "a" * 700, "\t", "\u2028"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join))


def said(text: str) -> list[str]:
    return [span.of(text) for span in points_in(text)]


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.sampled_from(list(Part))), max_size=4))
def test_points_are_in_order_do_not_overlap_and_cover_every_character_that_was_said(text, cuts):
    segments, at = [], 0
    for length, part in [*cuts, (len(text), Part.SAID)]:
        segments.append(Segment(part, at, min(len(text), at + length)))
        at = segments[-1].end
    spans = points_in(text, segments=segments)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    covered = {place for span in spans for place in range(span.start, span.end)}
    own = {place for one in segments if one.part is Part.SAID for place in range(one.start, one.end)}
    assert covered <= own
    assert {place for place in own if not text[place].isspace()} <= covered
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)


@given(TEXTS)
def test_sentences_cover_every_character_in_order(text):
    spans = sentences_in(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (
            (
                "Output per hour is high. This is because of two plants. However, Dr. Patel of the college says that "
                "figures from 2021 (e.g. those for Crewe) are old."
            ),
            [
                "Output per hour is high. This is because of two plants.",
                "However, Dr. Patel of the college says that figures from 2021 (e.g. those for Crewe) are old.",
            ],
        ),
        (
            "We found three gaps:\n- broadband in the villages\n- buses after six\n3) welders",
            ["We found three gaps:\n- broadband in the villages", "- buses after six", "3) welders"],
        ),
        (
            "Question 1: Does the evidence resonate with you?\nYes, on skills.\n\nQ2. No, you left out farming.",
            ["Question 1: Does the evidence resonate with you?\nYes, on skills.", "Q2. No, you left out farming."],
        ),
        (
            "TRANSPORT\nThe M6 is full at 8 a.m. every day and costs us 2.5% of turnover.",
            ["TRANSPORT\nThe M6 is full at 8 a.m. every day and costs us 2.5% of turnover."],
        ),
        (
            "Mae'r ffigurau'n hen. Er enghraifft, mae data bysiau o 2019. Ond nid yw hynny'n wir am ardaloedd gwledig.",
            [
                "Mae'r ffigurau'n hen. Er enghraifft, mae data bysiau o 2019.",
                "Ond nid yw hynny'n wir am ardaloedd gwledig.",
            ],
        ),
        (
            "The line of a mail that was wrapped by the program that sent it\ngoes on here and says one thing.",
            ["The line of a mail that was wrapped by the program that sent it\ngoes on here and says one thing."],
        ),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_what_is_said_together_is_one_point(text, points):
    assert said(text) == points


def test_what_was_quoted_or_signed_is_no_point():
    text = "I disagree with this.\n> The economy is strong.\nKind regards,\nA reader"
    first, second = text.index(">"), text.index("Kind")
    segments = [
        Segment(Part.SAID, 0, first),
        Segment(Part.QUOTED, first, second),
        Segment(Part.SIGNATURE, second, len(text)),
    ]
    assert [span.of(text) for span in points_in(text, segments=segments)] == ["I disagree with this."]


def test_an_answer_of_a_hundred_thousand_characters_is_cut_at_blanks():
    text = "no full stop ever " * 6000
    points = said(text)
    assert max(map(len, points)) <= LONGEST
    assert " ".join(points).split() == text.split()


def test_an_emoji_of_several_characters_is_never_cut():
    text = "👩‍👩‍👧‍👦" * 200
    assert all(point.startswith("👩") for point in said(text))


def test_a_row_of_dots_is_looked_at_once_however_long_it_is():
    dots = "." * 300_000
    assert "".join(dots[one.start : one.end] for one in points_in(dots)) == dots
    text = f"Contents {'.' * 90}4 Skills come first. Then buses…”"
    assert [text[one.start : one.end] for one in sentences_in(text)][-1] == "Then buses…”"
