"""The place's colours: readable on white whatever they are, and nothing but colours."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web import sample
from wellfounded.web.brand import NotAColour, checked, contrast, icon, readable, style_sheet

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_any_colour_becomes_readable_on_white(colour: str) -> None:
    assert contrast(readable(colour), "#ffffff") >= 4.5


@given(colours)
def test_a_readable_colour_is_left_as_it_is(colour: str) -> None:
    if contrast(colour, "#ffffff") >= 4.5:
        assert readable(colour) == colour


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "#123456;}", "url(x)", "", "</style>"])
def test_what_is_no_colour_does_not_reach_the_style_sheet(text: str) -> None:
    with pytest.raises(NotAColour, match="six hexadecimal digits"):
        checked(text)


@given(colours, colours)
def test_the_style_sheet_holds_for_any_brand(colour: str, accent: str) -> None:
    publication = msgspec.structs.replace(sample.made(), brand={"colour": colour, "accent": accent})
    text = style_sheet(publication)
    assert text.count("{") == text.count("}")
    assert f"--wf-brand:{colour}" in text
    assert icon(publication).startswith("<svg")


def test_a_place_without_colours_of_its_own_has_ours() -> None:
    plain = msgspec.structs.replace(sample.made(), brand={})
    assert "--wf-brand:#1f4e5f" in style_sheet(plain)
