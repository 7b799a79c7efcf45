"""Conclusions, their tests, and what came of testing them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from wellfounded.core import Figure


class Kind(StrEnum):
    STRENGTH = "strength"
    ISSUE = "issue"
    CONTEXT = "context"


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    HOLDS = "holds"
    UNCERTAIN = "uncertain"
    FAILS = "fails"
    CANNOT_TEST = "cannot test"


class Dimension(StrEnum):
    """The choices that a fair critic could make differently."""

    COMPARATOR = "comparator"
    PERIOD = "period"
    MEASURE = "measure"
    BOUNDARY = "boundary"
    VINTAGE = "vintage"
    SECTORS = "sectors"


@dataclass(frozen=True)
class Where:
    """A place in a file of the base, for errors that can be found."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Test:
    """One expectation about one indicator. `options` are the expectation's own, already checked."""

    id: str
    indicator: str
    expect: str
    than: str = ""  # id of a comparator of the base
    options: dict[str, object] = field(default_factory=dict)
    where: Where | None = None


@dataclass(frozen=True)
class Combination:
    """Tests that are read together: `all`, `any`, or `not` (of one)."""

    mode: str
    parts: tuple[Test | Combination, ...]


@dataclass(frozen=True)
class Change:
    """One entry of a conclusion's history."""

    date: str
    change: str
    why: str
    responses: tuple[str, ...] = ()  # references of the responses that led to it


@dataclass(frozen=True)
class Conclusion:
    """A sentence about the place with the tests that it rests on."""

    id: str
    chapter: str
    kind: Kind
    impact: tuple[str, ...]
    says: str
    tests: Combination
    state: State = State.DRAFT
    detail: str = ""
    matters: str = ""  # why it matters, written before the test was run
    kept_because: str = ""
    challenges: tuple[str, ...] = ()
    history: tuple[Change, ...] = ()
    where: Where | None = None


@dataclass(frozen=True)
class Choice:
    """One way of making one choice, e.g. comparator = England."""

    dimension: Dimension
    value: str  # id: "england", "previous", "gva-per-job", "without:E06000007", ...
    label: str  # for people: "England instead of the UK"
    stated: bool  # whether it is the choice that the conclusion itself makes


@dataclass(frozen=True)
class Outcome:
    """What one test came to under one set of choices."""

    verdict: Verdict
    estimate: float | None = None  # what the expectation looks at: a difference, a slope, a quotient, ...
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    margin: float | None = None
    interval_published: bool = False
    reason: str = ""  # why it can't be tested, or why it's uncertain


@dataclass(frozen=True)
class Variant:
    """A whole set of choices and what the conclusion came to under it."""

    choices: tuple[Choice, ...]
    verdict: Verdict
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Robustness:
    """In how many reasonable variants a conclusion holds, which choices break it, what could not be computed.

    `beside` holds what is shown beside the count and never inside it: single members, confidence levels.
    """

    holds: int
    of: int
    variants: tuple[Variant, ...] = ()
    breaks: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, Verdict], ...] = ()


@dataclass(frozen=True)
class TestResult:
    """A test with its verdict and its whole working."""

    test: Test
    outcome: Outcome
    question: str  # the test in words: "Is GVA per hour higher than in the UK, by at least 2%?"
    method: str  # id of the page in docs/methods
    working: tuple[str, ...] = ()  # steps, in words and numbers
    figures: tuple[Figure, ...] = ()
    slots: dict[str, str] = field(default_factory=dict)
    series: dict[str, object] = field(default_factory=dict)  # what a chart of it draws


@dataclass(frozen=True)
class Result:
    """What a conclusion came to."""

    conclusion: Conclusion
    verdict: Verdict
    sentence: str  # what may be printed: as written where it holds, the honest form otherwise
    as_written: bool
    tests: tuple[TestResult, ...]
    robustness: Robustness
    q: float | None = None  # p adjusted for the false discovery rate over all tests of the base
    detail: str = ""
