"""What points of responses can be linked to: conclusions, chapters, indicators and Grand Challenges."""

from __future__ import annotations

import hashlib
import re
from html import unescape

from wellfounded.people.consultation.preparing.subjects import Known
from wellfounded.people.consultation.types import About, Target
from wellfounded.publishing.model import ShownConclusion
from wellfounded.web.publication import Opened

_TAG = re.compile(r"<[^>]+>")
_FIGURE = re.compile(r"[£$€]?[−+-]?\d[\d,.]*(?:%|bn\b|m\b|k\b)?")
LONGEST = 600  # characters of what is compared with points beside the title


def subjects_of(opened: Opened) -> tuple[Known, ...]:
    """What can be linked to, conclusions first, as people choose from it."""
    shown = opened.shown
    found = [
        Known(Target(About.CONCLUSION, each.id), each.sentence, _plain(each.matters_html), _hash(each), each.chapter)
        for each in shown.conclusions
        if each.state == "published"
    ]
    found += [
        Known(Target(About.CHAPTER, each.id), each.title, each.question, _of(each.title, each.question), each.id)
        for each in shown.chapters
    ]
    found += [
        Known(Target(About.CHALLENGE, each.id), each.title, _plain(each.text), _of(each.title, each.text))
        for each in shown.challenges
    ]
    found += [
        Known(Target(About.INDICATOR, each.id), each.label, "", _of(each.label), each.chapter)
        for each in shown.indicators
    ]
    return tuple(found)


def _hash(conclusion: ShownConclusion) -> str:
    """Of what its author wrote: the sentence without its figures, and the tests. New data does not move it."""
    tests = [(test.id, test.indicator, test.expect, test.margin, test.method) for test in conclusion.tests]
    return _of(_FIGURE.sub("#", conclusion.written), str(tests))


def _of(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())[:LONGEST]


__all__ = ["subjects_of"]
