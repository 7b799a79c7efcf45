"""The appendix that says what words mean here."""

from __future__ import annotations

from wellfounded.publishing.documents.document import Fact, Facts, Section, runs
from wellfounded.publishing.documents.parts import Parts

GLOSSARY = (
    ("Area", "A geography with an official code, a level and the dates from which and to which it exists."),
    ("Comparator", "An area, or a group of areas, that the place is measured against."),
    ("Conclusion", "A sentence about the place with the tests that it rests on."),
    ("Edition", "A published, frozen version of an evidence base."),
    (
        "Evidence base",
        "Everything that is held and said about one place: its sources, figures, conclusions and chapters.",
    ),
    ("Figure", "One value of an indicator for an area and a period, or the reason that there is none."),
    ("GVA", "Gross value added: the value of what is produced, less the value of what was bought in to produce it."),
    ("Indicator", "The definition of a series of figures: what is measured, in which unit, from which source."),
    ("Interval", "The range in which the true value lies with 95% confidence, as far as the survey's sampling goes."),
    ("Place", "What an evidence base is about: one area, made of member areas."),
    ("Release", "One publication of a set of figures by its publisher. Later releases may change earlier years."),
    ("Robustness", "The share of the reasonable ways to test a conclusion in which it holds."),
    ("Source", "A set of figures that a publisher brings out again and again, with its licence."),
    ("Verdict", "What a test came to: holds, uncertain, does not hold, or cannot be tested."),
)


def section(parts: Parts) -> Section:
    """The glossary."""
    facts = Facts(tuple(Fact(parts.say(term), runs(parts.say(text))) for term, text in GLOSSARY))
    return Section("appendix-glossary", "E", parts.say("Glossary"), (facts,), appendix=True)


__all__ = ["GLOSSARY", "section"]
