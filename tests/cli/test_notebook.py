"""The base in a notebook."""

from __future__ import annotations

import pytest

import wellfounded as wf
from wellfounded.notebook import NoSuchConclusion


def test_figures_come_as_a_data_frame(small_base):
    base = wf.open(small_base)
    frame = base.figures("gva-per-hour", areas=["E06000007"], period="2022")
    assert frame.loc[0, "value"] > 0
    assert list(frame.columns[:2]) == ["indicator", "release"]


def test_a_conclusion_has_its_verdict_sentence_and_working(small_base):
    conclusion = wf.open(small_base).conclusion("output-per-hour")
    assert conclusion.verdict == "holds"
    assert conclusion.sentence.startswith("An hour's work in Cheshire and Warrington")
    assert "ratio rebuilt" in conclusion.working
    assert conclusion.robustness.of == len(conclusion.variants)
    assert "gva-per-hour" in set(conclusion.figures["indicator"])


def test_all_conclusions_and_indicators_come_as_tables(small_base):
    base = wf.open(small_base)
    assert list(base.conclusions["id"]) == ["output-per-hour", "districts-differ", "an-idea"]
    assert "gva-per-hour" in set(base.indicators["id"])


def test_an_unknown_conclusion_is_refused_with_the_nearest(small_base):
    with pytest.raises(NoSuchConclusion, match="did you mean output-per-hour"):
        wf.open(small_base).conclusion("output-per-hours")
