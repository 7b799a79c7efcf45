"""Who answered, how, from where and on which side, in words: English, or a base's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wellfounded.publishing.strings import ENGLISH, Strings

CHANNELS = {
    "web": "by the form",
    "e-mail": "by e-mail",
    "paper": "on paper",
    "upload": "by another system",
    "note in the room": "noted at a session",
    "vote in the room": "votes at a session",
}
RESPONDENTS = {  # of somebody else: in a list, and above a count
    "business": ("A business", "Business"),
    "business group": ("A business group", "Business group"),
    "employer": ("An employer", "Employer"),
    "college or university": ("A college or university", "College or university"),
    "council": ("A council", "Council"),
    "voluntary sector": ("A voluntary organisation", "Voluntary organisation"),
    "resident": ("A resident", "Resident"),
}
SOMEBODY, NOT_SAID, ELSEWHERE = "Somebody", "Did not say", "Elsewhere"
SIDES = (  # in the order of supporting, challenging, qualifying, offering evidence
    ("{n} supports it", "{n} support it"),
    ("{n} challenges it", "{n} challenge it"),
    ("{n} qualifies it", "{n} qualify it"),
    ("{n} offers evidence", "{n} offer evidence"),
)
NO_EDITION = "No edition has been published since."
GONE, SAYS, SAME = (
    "Edition {n} no longer says it.", "Edition {n} says: {sentence}", "Edition {n} says the same as before.",
)  # fmt: skip
MISSING, NOT_EVIDENCE = "Missing from the evidence", "Not about the evidence"


def sides(counts: Sequence[int], say: Strings = ENGLISH) -> str:
    """Who said what of a subject, of how many on each side: "4 support it, 1 challenges it"."""
    return ", ".join(say.count(n, *words) for n, words in zip(counts, SIDES, strict=True) if n)


def channel(name: str, say: Strings = ENGLISH) -> str:
    """How responses came."""
    return say(CHANNELS[name]) if name in CHANNELS else name


def somebody(respondent: str, say: Strings = ENGLISH) -> str:
    """Who answered: their name as it is, or else what they are."""
    if respondent in RESPONDENTS:
        return say(RESPONDENTS[respondent][0])
    return respondent if respondent not in ("", "somebody") else say(SOMEBODY)


def types(counted: Iterable[tuple[str, int]], say: Strings = ENGLISH) -> list[tuple[str, int]]:
    """Types of respondents in words, those that did not say last."""
    named, unsaid = [], []
    for name, n in counted:
        if name in RESPONDENTS:
            named.append((say(RESPONDENTS[name][1]), n))
        elif name in ("", "not said"):
            unsaid.append((say(NOT_SAID), n))
        else:
            named.append((name[:1].upper() + name[1:], n))
    return named + unsaid


def places(counted: Iterable[tuple[str, int]], say: Strings = ENGLISH) -> list[tuple[str, int]]:
    """Places with their counts, largest first; elsewhere and those that did not say are last."""
    found: dict[str, int] = {}
    for name, n in counted:
        found[name] = found.get(name, 0) + n
    last = {ELSEWHERE: 1, NOT_SAID: 2}
    ordered = sorted(found.items(), key=lambda pair: (last.get(pair[0], 0), -pair[1]))
    return [(say(name) if name in last else name, n) for name, n in ordered]


def every_word(say: Strings) -> None:
    """Nothing; all of these words are said once, for whoever lists them."""
    sides((1, 1, 1, 1), say)
    for name in CHANNELS:
        channel(name, say)
    for name in (*RESPONDENTS, ""):
        somebody(name, say)
    types([(name, 1) for name in (*RESPONDENTS, "")], say)
    places([(ELSEWHERE, 1), (NOT_SAID, 1)], say)
    for words in (NO_EDITION, GONE, SAYS, SAME, MISSING, NOT_EVIDENCE):
        say(words, n=1, sentence="")


__all__ = [
    "CHANNELS",
    "ELSEWHERE",
    "GONE",
    "MISSING",
    "NOT_EVIDENCE",
    "NOT_SAID",
    "NO_EDITION",
    "RESPONDENTS",
    "SAME",
    "SAYS",
    "channel",
    "every_word",
    "places",
    "sides",
    "somebody",
    "types",
]  # fmt: skip
