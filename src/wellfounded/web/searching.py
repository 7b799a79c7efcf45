"""Search over conclusions, indicators and areas: every word asked for must begin a word of what is found."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from wellfounded.web import addresses
from wellfounded.web.publication import Opened

_WORD = re.compile(r"[a-z0-9]+")
_COMMON = frozenset({"a", "an", "the", "of", "in", "and", "or", "to", "is", "for", "by", "on", "at"})
LONGEST_QUESTION = 200

What = Literal["conclusion", "indicator", "area"]


@dataclass(frozen=True)
class Entry:
    """Something that can be found."""

    what: What
    id: str
    title: str
    note: str
    address: str
    title_words: tuple[str, ...]
    other_words: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a search came to; `instead` is a near spelling where nothing was found."""

    question: str
    entries: tuple[Entry, ...]
    instead: str = ""

    def of(self, what: What) -> tuple[Entry, ...]:
        """Those of one sort."""
        return tuple(entry for entry in self.entries if entry.what == what)


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return tuple(_WORD.findall(plain))


def index(opened: Opened) -> tuple[Entry, ...]:
    """Everything in a publication that can be found."""
    shown = opened.shown
    chapters = {chapter.id: chapter.title for chapter in shown.chapters}
    labels = {indicator.id: indicator.label for indicator in shown.indicators}
    entries = []
    for conclusion in shown.conclusions:
        if conclusion.state == "published":
            measured = dict.fromkeys(labels.get(test.indicator, "") for test in conclusion.tests)
            others = (conclusion.kind, conclusion.verdict, conclusion.id, *measured)
            chapter = chapters.get(conclusion.chapter, "")
            address = addresses.conclusion(conclusion.id)
            entries.append(_entry("conclusion", conclusion.id, conclusion.sentence, chapter, address, *others))
    entries += [
        _entry("indicator", i.id, i.label, chapters.get(i.chapter, ""), addresses.indicator(i.id), i.id)
        for i in shown.indicators
    ]
    entries += [_entry("area", a.code, a.name, a.level, addresses.area(a.code), a.code) for a in shown.areas]
    return tuple(entries)


def search(entries: tuple[Entry, ...], question: str, *, most: int = 40) -> Found:
    """What `question` finds, the best first, at most `most` of each sort."""
    question = question.strip()[:LONGEST_QUESTION]
    asked = [word for word in words(question) if word not in _COMMON] or list(words(question))
    if not asked:
        return Found(question, ())
    scored = [(score, entry) for entry in entries if (score := _score(entry, asked)) > 0]
    scored.sort(key=lambda pair: (-pair[0], len(pair[1].title), pair[1].title))
    taken: dict[str, list[Entry]] = {"conclusion": [], "indicator": [], "area": []}
    for _, entry in scored:
        if len(taken[entry.what]) < most:
            taken[entry.what].append(entry)
    found = tuple(entry for some in taken.values() for entry in some)
    return Found(question, found, "" if found else _instead(entries, asked))


def _entry(what: What, identifier: str, title: str, note: str, address: str, *others: str) -> Entry:
    return Entry(what, identifier, title, note, address, words(title), words(" ".join((note, *others))))


def _score(entry: Entry, asked: list[str]) -> float:
    total = 0.0
    for word in asked:
        if word in entry.title_words:
            best = 4.0
        elif any(own.startswith(word) for own in entry.title_words):
            best = 3.0
        elif word in entry.other_words:
            best = 2.0
        elif any(own.startswith(word) for own in entry.other_words):
            best = 1.0
        else:
            return 0.0
        total += best
    return total + (1.0 if entry.title_words[: len(asked)] == tuple(asked) else 0.0)


def _instead(entries: tuple[Entry, ...], asked: list[str]) -> str:
    known = sorted({word for entry in entries for word in (*entry.title_words, *entry.other_words) if len(word) > 2})
    near = [next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.75)), "") for word in asked]
    return " ".join(near) if all(near) and near != asked else ""
