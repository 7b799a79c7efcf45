"""Policies as a base declares them, what stakeholders said, and the result: priorities ready to be published.

What is read is a frozen dataclass. What is shown is a msgspec struct, so that `publication.json` carries it whole and
`scenarios.under` can work out another ranking from the publication alone. Shares are fractions: 0.62 is 62%.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec

from wellfounded.conclusions.types import Where

FILE = "priorities.toml"


class Lever(StrEnum):
    """Who can act."""

    LOCAL_AUTHORITY = "local-authority"
    COMBINED_AUTHORITY = "combined-authority"
    NATIONAL = "national"
    BUSINESS = "business"
    COLLEGE_UNIVERSITY = "college-university"

    @property
    def who(self) -> str:
        return {
            "local-authority": "local authorities",
            "combined-authority": "combined authority or LEP",
            "national": "national government",
            "business": "business",
            "college-university": "colleges and universities",
        }[self.value]


class Kind(StrEnum):
    """What a criterion looks at; there is one of each for each impact area, with the id `IMPACT.KIND`."""

    PRIZE = "prize"
    EVIDENCE = "evidence"
    SAID = "said"
    WORKS = "works"
    TIME = "time"


class Measure(StrEnum):
    """What a prize counts, and in what."""

    GVA = "gva"  # £ million of GVA a year, through one link of the productivity chain
    PAY = "pay"  # £ of pay or income a resident a year
    EXPOSURE = "exposure"  # £ million of GVA a year that ride on one sector


class Finding(StrEnum):
    """What a cited evaluation found of the effect of this kind of policy."""

    POSITIVE = "positive"
    MIXED = "mixed"
    NONE = "none"
    NEGATIVE = "negative"


@dataclass(frozen=True)
class Said:
    """What stakeholders said about one conclusion, in distinct organisations."""

    supporting: int = 0
    challenging: int = 0
    qualifying: int = 0

    @property
    def total(self) -> int:
        return self.supporting + self.challenging + self.qualifying


@dataclass(frozen=True)
class Reference:
    """What can be opened: nothing is cited without it."""

    title: str
    publisher: str
    url: str
    accessed: date


@dataclass(frozen=True)
class CitedEvaluation:
    """What evaluations say of this kind of policy, in our words, for the impact areas that it bears on."""

    reference: Reference
    says: str
    finding: Finding
    impact: tuple[str, ...]
    where: Where


@dataclass(frozen=True)
class CitedTime:
    """How many years until an effect shows, as a reference says."""

    least: float
    most: float
    reference: Reference
    says: str
    where: Where


@dataclass(frozen=True)
class PrizeSpec:
    """A prize to be computed: reaching the comparator on `reach`, or for exposure what rides on one sector."""

    impact: str
    measure: Measure
    reach: str = ""  # for gva and pay: a link of the chain or an indicator of pay; see `prize.REACHES`
    comparator: str = ""  # id of a comparator of the base; empty: the one of the whole file
    areas: tuple[str, ...] = ()  # codes of members; empty: every member
    category: str = ""  # for exposure: the sector; empty: the largest
    where: Where | None = None


@dataclass(frozen=True)
class Success:
    """An indicator of success: where it starts, and where the place has said that it wants to be, by when."""

    indicator: str
    area: str = ""  # a member; empty: the place
    baseline: str = ""  # a year, as "2023"; empty: the first with a figure
    target: float | None = None  # stated by the place; None: not stated
    by: int | None = None  # year
    stated_in: Reference | None = None
    where: Where | None = None


@dataclass(frozen=True)
class Policy:
    """An area of policy and decision making, as its author declares it."""

    id: str
    title: str
    chapter: str  # the foundation (or other chapter) that it belongs to
    says: str
    levers: tuple[Lever, ...]
    conclusions: tuple[str, ...]
    impact: tuple[str, ...]
    moves: tuple[str, ...]  # indicators that it would move
    challenges: tuple[str, ...] = ()
    detail: str = ""  # Markdown
    prizes: tuple[PrizeSpec, ...] = ()
    evaluations: tuple[CitedEvaluation, ...] = ()
    time: CitedTime | None = None
    success: tuple[Success, ...] = ()
    draft: bool = False
    where: Where | None = None


@dataclass(frozen=True)
class Declared:
    """All of priorities.toml."""

    policies: tuple[Policy, ...]
    comparator: str  # id of the comparator that prizes are worked out against unless they say another

    @property
    def published(self) -> tuple[Policy, ...]:
        return tuple(policy for policy in self.policies if not policy.draft)


@dataclass(frozen=True)
class Weights:
    """Somebody's weights by criterion id, each from least to most; equal where it is stated exactly.

    Where all are exact, a criterion that isn't named has none; otherwise any that the others leave.
    """

    name: str
    ranges: tuple[tuple[str, float, float], ...]  # criterion id, least, most

    @property
    def exact(self) -> bool:
        return all(least == most for _, least, most in self.ranges)


# What is shown


class ShownReference(msgspec.Struct, frozen=True, omit_defaults=True):
    title: str
    publisher: str
    url: str
    accessed: str  # "25 November 2026"


class PrizeOfArea(msgspec.Struct, frozen=True, omit_defaults=True):
    """What it would be worth in one member area."""

    area: str  # code
    name: str
    text: str  # "£1.2bn", or "already there"
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    interval: str = ""
    own: str = ""  # where it is now: "£38.10"
    own_value: float | None = None
    target: str = ""  # where the comparator is: "£41.87"
    target_value: float | None = None
    past: float | None = None  # growth a year over up to ten years before, as a fraction
    pace: str = ""  # with a target year: what that asks for each year, beside what was
    recovery: str = ""  # for exposure: "7 years after 2008-09", "not by 2023"
    largest: str = ""  # for exposure: the sector
    why_none: str = ""


class PrizeAgainst(msgspec.Struct, frozen=True, omit_defaults=True):
    """The whole prize against one comparator, for all of the gap."""

    comparator: str  # id
    name: str  # of the comparator, or of the one that stands in
    text: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    interval: str = ""
    areas: tuple[PrizeOfArea, ...] = ()
    why_none: str = ""
    title: str = ""  # "If each area that is behind reached the output an hour of England"
    period: str = ""
    note: str = ""  # that another comparator stands in


class ShownPrize(msgspec.Struct, frozen=True, omit_defaults=True):
    """What reaching a comparator would be worth: arithmetic with all else unchanged, and not a forecast."""

    impact: str
    measure: str  # Measure
    title: str  # "If each area that is behind reached the output an hour of the UK"
    unit: str  # "£ million of GVA a year"
    text: str  # "£1.2bn a year"; empty where there is none
    value: float | None = None  # in `unit`
    lower: float | None = None
    upper: float | None = None
    interval: str = ""  # "£0.9bn to £1.5bn"; empty where the figures have none
    comparator: str = ""  # id of the comparator in force; empty for exposure
    comparator_name: str = ""
    reach: str = ""
    period: str = ""
    areas: tuple[PrizeOfArea, ...] = ()
    against: tuple[PrizeAgainst, ...] = ()  # every comparator of the base, for scenarios
    working: tuple[str, ...] = ()  # step by step
    note: str = ""  # "Arithmetic, not a forecast: ..."
    why_none: str = ""
    method: str = "size-of-the-prize"
    indicators: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()


CriterionState = Literal["computed", "cited", "said", "not assessed", "not claimed"]


class ShownCriterion(msgspec.Struct, frozen=True, omit_defaults=True):
    """One criterion of one policy: its value with its range, where that is from, and why it is what it is.

    `low`, `high` and `value` are in the criterion's own unit and enter the ranking on `scale` of its CriterionDef.
    """

    id: str  # "productivity.prize"
    state: CriterionState
    text: str  # "£1.2bn a year", "holds in 38 of 48 ways", "not assessed"
    reason: str  # a sentence: nothing is a number without one
    source: str  # "figures", the reference's title, "responses", "priorities.toml"
    low: float = 0.0
    high: float = 0.0
    value: float | None = None
    shape: Literal["point", "uniform", "normal"] = "uniform"
    range_text: str = ""  # "£0.9bn to £1.5bn"; "all of its range" where it is not assessed
    url: str = ""
    stream: str = ""  # criteria with the same one go up and down together


class CriterionDef(msgspec.Struct, frozen=True, omit_defaults=True):
    """A criterion: what it asks, and the scale from worst to best on which values enter the ranking."""

    id: str
    impact: str
    impact_title: str
    kind: str  # Kind
    title: str  # "Productivity: size of the prize"
    asks: str
    worst: float
    best: float
    unit: str = ""
    assessed: int = 0  # of how many policies that claim the impact area it is assessed
    of: int = 0


class ShownWeight(msgspec.Struct, frozen=True, omit_defaults=True):
    criterion: str
    title: str
    weight: float
    text: str  # "22%"


class RestsOn(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conclusion beneath a policy."""

    conclusion: str
    sentence: str
    verdict: str
    holds: int
    of: int
    impact: tuple[str, ...] = ()
    how_sure: str = ""
    sureness: str = ""  # firm, mostly, fragile, none: as ShownConclusion has it
    supporting: int = 0
    challenging: int = 0
    qualifying: int = 0
    said: str = ""  # the same in words: "4 organisations support it and 1 challenges it"
    warning: str = ""  # "It fails on the present figures."


class ShownMove(msgspec.Struct, frozen=True, omit_defaults=True):
    """An indicator that the policy would move: where the place is, and how far the comparator is."""

    indicator: str
    label: str
    period: str = ""
    own: str = ""
    comparator: str = ""  # its figure
    comparator_name: str = ""
    gap: str = ""  # "3.1 points behind", "ahead", ""
    why_none: str = ""


class ShownEvaluation(msgspec.Struct, frozen=True, omit_defaults=True):
    says: str
    finding: str
    impact: tuple[str, ...]
    reference: ShownReference


class ChainNode(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the chain: a figure, a conclusion, the policy, or an impact area."""

    id: str  # "figure:gva-per-hour", "conclusion:output-per-hour", "policy:ID", "impact:productivity"
    kind: Literal["figure", "conclusion", "policy", "impact"]
    text: str
    note: str = ""  # the figure's value; a conclusion's verdict; an impact area's prize
    said: str = ""  # "4 organisations support it, 1 challenges it"; empty where nobody has spoken


class ChainLink(msgspec.Struct, frozen=True, omit_defaults=True):
    """From one node to the next, with how strong that is."""

    start: str  # id of a node
    end: str
    strength: Literal["strong", "middling", "weak", "broken", "not assessed"]
    share: float | None = None  # 0 to 1, where there is a number
    text: str = ""  # "holds in 38 of 48 reasonable ways to test it"


class ShownSuccess(msgspec.Struct, frozen=True, omit_defaults=True):
    """An indicator of success, from its baseline along its expected path to its target."""

    indicator: str
    label: str
    area: str
    area_name: str
    status: Literal["on track", "off track", "too early to tell", "no target stated", "no figure"]
    line: str  # a sentence
    baseline: str = ""  # "£44.68 in 2023"
    target: str = ""  # "£48.00 by 2030"
    latest: str = ""
    path: tuple[tuple[int, float, float | None, float | None], ...] = ()  # year, expected, lower, upper
    seen: tuple[tuple[int, float, float | None, float | None], ...] = ()  # year, figure, lower, upper
    reference: ShownReference | None = None


class ShownPolicy(msgspec.Struct, frozen=True, omit_defaults=True):
    """A policy with its place in the ranking, and everything that this rests on."""

    id: str
    title: str
    chapter: str
    says: str
    levers: tuple[str, ...]  # Lever
    lever_titles: tuple[str, ...]
    impact: tuple[str, ...]
    challenges: tuple[str, ...]
    rank: int  # 1 is first, by expected rank
    expected_rank: float
    acceptabilities: tuple[float, ...]  # the share of weightings for which it is first, second, ...
    first: str  # "first for 62% of weightings"
    top_three: float  # share of weightings
    line: str  # a sentence: what it is worth and how sure that is
    rests_on: tuple[RestsOn, ...]
    criteria: tuple[ShownCriterion, ...]
    prizes: tuple[ShownPrize, ...] = ()  # at most one for each impact area
    central_weights: tuple[ShownWeight, ...] = ()  # empty where it never comes first
    confidence: float | None = None  # how often it is first under its central weights
    first_when: tuple[str, ...] = ()  # what would have to be true for it to come first
    dominates: tuple[str, ...] = ()  # policies that it is before in every draw
    dominated_by: tuple[str, ...] = ()
    moves: tuple[ShownMove, ...] = ()
    evaluations: tuple[ShownEvaluation, ...] = ()
    nodes: tuple[ChainNode, ...] = ()
    links: tuple[ChainLink, ...] = ()
    success: tuple[ShownSuccess, ...] = ()
    warnings: tuple[str, ...] = ()  # "It rests on a conclusion that fails: ..."
    beware: str = ""  # the same in a line: "Of the 5 conclusions beneath it, 1 fails, which draws it down"
    detail: str = ""  # Markdown, as its author wrote it
    detail_html: str = ""  # the same, made by publishing

    @property
    def first_share(self) -> str:
        """The share of weightings for which it comes first: "18%"."""
        return self.first.removeprefix("first for ").removesuffix(" of weightings")


class ShownScenario(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the ranking was worked out under."""

    comparator: str = ""  # id; empty: as each prize declares
    comparator_name: str = ""
    share: float = 1.0  # of the gap that is closed
    year: int | None = None  # by when
    weights: str = ""  # whose; empty: any
    draws: int = 0
    seed: int = 0
    is_stated: bool = True  # whether it is what the base declares


class MemberRanking(msgspec.Struct, frozen=True, omit_defaults=True):
    """The ranking under one person's stated weights."""

    name: str
    order: tuple[str, ...]  # policy ids, first to last
    expected_ranks: dict[str, float]
    first: dict[str, float]  # share of draws in which each is first
    weights: tuple[ShownWeight, ...] = ()


class Disagreement(msgspec.Struct, frozen=True, omit_defaults=True):
    """A policy that members' weights put in different places."""

    policy: str
    title: str
    ranks: dict[str, int]  # by member
    spread: int  # between the highest and the lowest rank
    text: str


class ShownPriorities(msgspec.Struct, frozen=True, omit_defaults=True):
    """The priorities of a base: its policies first to last, and how sure that order is."""

    policies: tuple[ShownPolicy, ...]  # first to last
    criteria: tuple[CriterionDef, ...]
    line: str  # "Raising ... comes first for 31% of weightings."
    how_sure: str  # a sentence
    scenario: ShownScenario
    comparator: str  # id: the declared one
    pairwise: tuple[tuple[float, ...], ...] = ()  # [row][column]: share of draws in which row is before column
    stakeholders: bool = False  # whether anything that stakeholders said is in it
    members: tuple[MemberRanking, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()  # widest first
    warnings: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("priorities", "size-of-the-prize")
    drafts: int = 0  # policies that are drafts and not shown
