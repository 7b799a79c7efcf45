"""What the catalogue is made of: areas, indicators, sources and releases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from wellfounded.core import Unit


class Level(StrEnum):
    """What kind of area a code stands for."""

    COUNTRY = "country"  # the UK, its four countries and their unions
    REGION = "region"
    LOCAL_AUTHORITY = "local authority"  # the lower tier, and unitary and single-tier authorities
    COUNTY = "county"  # the upper tier of two
    METROPOLITAN_COUNTY = "metropolitan county"
    COMBINED_AUTHORITY = "combined authority"
    ITL1 = "itl1"
    ITL2 = "itl2"
    ITL3 = "itl3"
    NUTS1 = "nuts1"
    NUTS2 = "nuts2"
    NUTS3 = "nuts3"
    LEP = "lep"
    LSIP = "lsip"
    PLACE = "place"


@dataclass(frozen=True)
class Area:
    """A geography with an official code, a level and dates of validity (`end` is None while it exists)."""

    code: str
    name: str
    level: Level
    start: date | None = None
    end: date | None = None


class Polarity(StrEnum):
    HIGHER = "higher"  # higher is better for the place
    LOWER = "lower"
    NEUTRAL = "neutral"


class Rule(StrEnum):
    """How members' values combine into the place's."""

    SUM = "sum"
    RATIO = "ratio"  # numerator over denominator, both held, added separately
    SURVEY_RATE = "survey rate"  # weighted by population, with its variance
    CHAINED = "chained"  # volumes: growth weighted by the current-price values of the year before
    REFUSED = "refused"  # medians, indices, modelled scores


@dataclass(frozen=True)
class Additivity:
    """How an indicator's values combine over areas.

    RATIO: with `denominator`, the place is sum(value * denominator) / sum(denominator); with `numerator`, it is
    sum(numerator) / sum(numerator / value). `exact` says that the named indicator is the one that the publisher
    divided by (or divided); otherwise the result is labelled approximate. SURVEY_RATE weighs by `denominator`.
    CHAINED links members' growth, weighted by `denominator` (the same in current prices) of the year before.
    REFUSED says why in `reason`.
    """

    rule: Rule
    denominator: str = ""
    numerator: str = ""
    exact: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Indicator:
    """The definition of a series: what it measures, how it is written, and how it may be used."""

    id: str
    label: str
    definition: str
    unit: Unit
    polarity: Polarity
    chapter: str
    additivity: Additivity
    source: str
    caveats: str = ""
    alternatives: tuple[str, ...] = ()
    development: bool = False  # official statistics in development
    categories: tuple[tuple[str, str], ...] = ()  # code and label, in order; empty where there is one series
    category_kind: str = ""  # "industry", "section", "area", ...; empty where there is one series
    total_category: str = ""  # the category that is the whole
    leaf_categories: tuple[str, ...] = ()  # categories that add up to the whole without overlap
    category_sets: tuple[tuple[str, tuple[str, ...]], ...] = ()  # other splits of the whole, as ("sections", (...))
    per: str = ""  # "resident", "job", "hour", ... where the ratio's base matters to the reader
    base: str = ""  # "residence" or "workplace" where it matters

    @property
    def category_labels(self) -> dict[str, str]:
        return dict(self.categories)


@dataclass(frozen=True)
class Release:
    """One publication of a dataset by its publisher."""

    id: str
    source: str
    title: str
    publisher: str
    licence: str
    url: str
    released: date
    released_basis: str  # "publisher", or "carrier": the date of the commit that carried the file
    file: str = ""
    sha256: str = ""
    rows: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Source:
    """A dataset, with its publisher and licence."""

    id: str
    title: str
    publisher: str
    url: str
    licence: str
    reader: str
    notes: str = ""
    indicators: tuple[str, ...] = field(default=())
