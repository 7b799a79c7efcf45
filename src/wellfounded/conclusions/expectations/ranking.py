"""ranks: where a place stands among a set of areas, with the ranks that its interval allows."""

from __future__ import annotations

import numpy as np

from wellfounded.analysis.ranks import rank_interval
from wellfounded.conclusions.expectations.common import (
    Expectation,
    Explanation,
    behind,
    decide,
    figures_at,
    first,
    lower_first,
    only_one_of,
    period_words,
    place_name,
    rule_step,
    when_words,
)
from wellfounded.conclusions.frame import CannotTest, Frame, Judgement
from wellfounded.conclusions.types import Dimension
from wellfounded.evidence.columns import Floats, Ints
from wellfounded.evidence.types import Level

SETS = {
    "local-authorities": (Level.LOCAL_AUTHORITY, None, "UK local authorities"),
    "english-local-authorities": (Level.LOCAL_AUTHORITY, "E", "English local authorities"),
    "regions": (Level.REGION, None, "regions and nations"),
    "combined-authorities": (Level.COMBINED_AUTHORITY, None, "combined authorities and city regions"),
    "itl2": (Level.ITL2, None, "ITL2 regions"),
    "leps": (Level.LEP, None, "local enterprise partnerships"),
}
PARTS = {"tenth": 0.1, "fifth": 0.2, "quarter": 0.25, "third": 1 / 3, "half": 0.5}
FEWEST = 5


def _among(frame: Frame) -> tuple[list[int], str]:
    """Rows of the panel to rank among, the place's own areas left out, and what they are called."""
    name = str(frame.test.options["among"])
    level, country, words = SETS[name]
    graph = frame.subjects.store.catalogue.areas
    own: set[str] = set()
    for index in frame.place[:, 0].tolist() if frame.subjects.count == 1 else ():  # else each leaves its own out
        the_set = frame.subjects.sets[index]
        own |= {the_set.id, *the_set.official}
        if level is Level.LOCAL_AUTHORITY:
            own |= set(the_set.members)
    panel = frame.combined.panel
    at = frame.combined.panel.periods[frame.periods[-1]].end
    existing = graph.of_level(level) or graph.of_level(level, on=at)  # today's, or for a level that has ended, then's
    codes = [code for code in existing if country is None or code.startswith(country)]
    if name == "regions":
        codes += [code for code in ("W92000004", "S92000003", "N92000002") if code not in codes]
    rows = [panel.area_index[code] for code in codes if code in panel.area_index and code not in own]
    if len(rows) < FEWEST:
        raise CannotTest(
            f"{lower_first(frame.indicator.label)} has figures for {len(rows)} {words}: too few to rank among"
        )
    return rows, words


def judge(frame: Frame) -> Judgement:
    """The verdict on the place's rank: its best and worst rank within the intervals where there are some."""
    rows, _ = _among(frame)
    periods = frame.periods
    if len(periods) > 1:
        raise CannotTest("ranks are not averaged over years")
    value, se = frame.at(frame.place)
    panel, at, column = frame.combined.panel, periods[0], frame.category
    others, errors = panel.value[rows, at, column], panel.standard_error[rows, at, column]
    if np.isfinite(others).sum() < FEWEST:
        raise CannotTest(f"fewer than {FEWEST} of the areas to rank among have a figure for {panel.periods[at].label}")
    others_of = np.broadcast_to(others, (*value.shape, len(others))).copy()
    if frame.subjects.count > 1:  # each subject is one of the areas: leave it out of its own ranking
        codes = [panel.areas[row] for row in rows]
        own = {code: position for position, code in enumerate(codes)}
        for subject, index in enumerate(frame.place[0].tolist()):
            position = own.get(frame.subjects.sets[index].id)
            if position is not None:
                others_of[:, subject, position] = np.nan
    found = rank_interval(
        value, others_of, se=se, se_others=np.broadcast_to(errors, others_of.shape), confidence=frame.confidence
    )
    limit, top = _limit(frame, found.of)
    has_interval = np.isfinite(found.lower)
    if top:
        meets, told = found.rank <= limit, found.upper <= limit
    else:
        meets, told = found.rank > found.of - limit, found.lower > found.of - limit
    verdict = decide(meets=meets, known=np.isfinite(found.rank), told=told, has_interval=has_interval)
    nothing = np.full(value.shape, np.nan)
    return Judgement(
        verdict, found.rank, found.lower, found.upper, nothing, extra={"of": found.of, "rows": rows, "limit": limit}
    )


def _limit(frame: Frame, of: Ints) -> tuple[Floats, bool]:
    options = frame.test.options
    top = "top" in options
    asked = options["top"] if top else options["bottom"]
    if isinstance(asked, str):
        return np.ceil(of * PARTS[asked]), top
    return np.broadcast_to(np.asarray(asked, dtype=float), of.shape), top


def explain(frame: Frame, judgement: Judgement) -> Explanation:
    rows, words = _among(frame)
    indicator, area = frame.indicator, place_name(frame)
    options = frame.test.options
    top = "top" in options
    asked = options["top"] if top else options["bottom"]
    part = f"{'top' if top else 'bottom'} {asked}"
    out = Explanation(f"Is {area} in the {part} of {words} by {lower_first(indicator.label)} (highest first)?")
    periods, place = frame.periods, int(frame.place[0, 0])
    out.figures = figures_at(frame, [place], periods)
    for period_at in periods:
        out.figures += behind(frame, place, period_at)
    value = first(frame.at(frame.place)[0])
    rank, low, high = first(judgement.estimate), first(judgement.lower), first(judgement.upper)
    if not np.isfinite(rank):
        return out
    of = int(judgement.extra["of"][0, 0])
    period = period_words(frame, periods)
    when = when_words(frame, periods)
    interval = f"{low:.0f} to {high:.0f}" if np.isfinite(low) else "not known, as no interval is published"
    out.slots = {
        "area": area,
        "period": period,
        "when": when,
        "value": indicator.unit.write(value),
        "rank": ordinal(int(rank)),
        "rank_from_bottom": ordinal(of - int(rank) + 1),
        "of": f"{of}",
        "rank_interval": interval,
        "among": words,
    }
    out.working = [
        f"{indicator.label} in {area}, {period}: {indicator.unit.write(value)}.",
        *rule_step(frame, place),
        (
            f"Of {of} ({words} with a figure for {period}, {area} among them in place of its own areas), "
            f"it ranks {ordinal(int(rank))}, highest first."
        ),
        f"Rank interval: {interval}.",
        (
            f"The {part} ends at rank {int(judgement.extra['limit'].reshape(-1)[0])}, "
            f"counted from the {'highest' if top else 'lowest'}."
        ),
    ]
    shown = f"{indicator.unit.write(value)}, {period}"
    seen = f"{area} ranks {ordinal(int(rank))} of {of} {words} by {lower_first(indicator.label)} ({shown})"
    out.honest = {
        "uncertain": f"{seen}, but its interval allows ranks {interval}.",
        "fails": f"{seen}: not in the {part}.",
    }
    panel = frame.combined.panel
    names = frame.subjects.store.catalogue.areas
    out.series = {
        "kind": "rank",
        "period": period,
        "when": when,
        "place": {"name": area, "code": frame.subjects.sets[place].id, "value": value},
        "others": [
            {
                "name": names.name(panel.areas[row]),
                "code": panel.areas[row],
                "value": float(panel.value[row, periods[0], frame.category]),
            }
            for row in rows
            if np.isfinite(panel.value[row, periods[0], frame.category])
        ],
        "among": words,
    }
    return out


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 22nd."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


RANKS = Expectation(
    name="ranks",
    title="a rank within a set of areas",
    method="ranks",
    than="none",
    options={"among": "set", "top": "rank", "bottom": "rank", "category": "text", "period": "text"},
    required=("among",),
    one_of=("top", "bottom"),
    dimensions=(Dimension.PERIOD, Dimension.MEASURE, Dimension.BOUNDARY, Dimension.VINTAGE),
    slots=("area", "period", "when", "value", "rank", "rank_from_bottom", "of", "rank_interval", "among"),
    judge=judge,
    explain=explain,
    periods=("previous",),
    disagree=lambda table: only_one_of(("top", "bottom"), table),
)
