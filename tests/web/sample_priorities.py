"""Priorities of the sample publication; their figures are made up."""

from __future__ import annotations

from wellfounded.priorities.types import (
    ChainLink,
    ChainNode,
    CriterionDef,
    PrizeAgainst,
    PrizeOfArea,
    RestsOn,
    ShownCriterion,
    ShownEvaluation,
    ShownMove,
    ShownPolicy,
    ShownPriorities,
    ShownPrize,
    ShownReference,
    ShownScenario,
    ShownSuccess,
    ShownWeight,
)

IMPACTS = (("productivity", "Productivity"), ("earning-power", "Earning power"), ("resilience", "Resilience"))
KINDS = ("prize", "evidence", "said", "works", "time")
REFERENCE = ShownReference("A review", "What Works", "https://example.org/review", "25 November 2026")
SAYS = "An hour’s work produced more."
NAMES = ("Skills for higher pay", "Transport <between> towns", "Support to firms that could export")


def _criteria(at: int) -> tuple[ShownCriterion, ...]:
    found = []
    for impact, _ in IMPACTS:
        for kind in KINDS:
            if impact != "productivity":
                found.append(ShownCriterion(f"{impact}.{kind}", "not claimed", "", "It does not claim this.", "base"))
            elif kind in ("prize", "evidence"):
                low = 0.1 + 0.2 * at
                found.append(
                    ShownCriterion(
                        f"{impact}.{kind}",
                        "computed",
                        "£1.2bn a year",
                        "Worked out from GVA per hour.",
                        "figures",
                        low=low,
                        high=low + 0.3,
                        value=low + 0.15,
                        range_text="£0.9bn to £1.5bn",
                    )
                )
            else:
                found.append(
                    ShownCriterion(
                        f"{impact}.{kind}",
                        "not assessed",
                        "not assessed",
                        "Nothing is cited.",
                        "base",
                        high=1.0,
                        range_text="all of its range",
                    )
                )
    return tuple(found)


def _policy(at: int) -> ShownPolicy:
    area = PrizeOfArea(
        "E06000007", "Warrington", "£0.4bn", 400.0, interval="£0.3bn to £0.5bn", own="£38.10", target="£41.87"
    )  # fmt: skip
    prize = ShownPrize(
        "productivity",
        "gva",
        "If each district reached the UK's output an hour",
        "£ million of GVA a year",
        f"£{3 - at}.2bn a year",
        value=3200.0 - 1000 * at,
        lower=900.0,
        upper=3500.0,
        interval="£0.9bn to £3.5bn",
        comparator="united-kingdom",
        comparator_name="the UK",
        reach="gva-per-hour",
        period="2023",
        areas=(area,),
        against=(
            PrizeAgainst(
                "united-kingdom",
                "the UK",
                "£1.2bn a year",
                1200.0,
                areas=(area,),
                title="If each reached it",
                period="2023",
            ),
        ),
        working=("Hours worked: 12.3 million.", "Gap: £3.77 an hour."),
        note="Arithmetic, not a forecast: all else is held as it is.",
        indicators=("gva-per-hour",),
    )
    return ShownPolicy(
        id=f"policy-{at}",
        title=NAMES[at],
        chapter="people",
        says="Where more residents hold qualifications that better jobs ask for.",
        levers=("local-authority", "national"),
        lever_titles=("local authorities", "national government"),
        impact=("productivity",),
        challenges=("clean-growth",),
        rank=at + 1,
        expected_rank=1.4 + at * 0.7,
        acceptabilities=((0.62, 0.28, 0.1), (0.3, 0.5, 0.2), (0.08, 0.22, 0.7))[at],
        first=f"first for {(62, 30, 8)[at]}% of weightings",
        top_three=1.0,
        line="Worth about £1.2bn a year in GVA; first for most weightings.",
        rests_on=(
            RestsOn("output", SAYS, "holds", 41, 48, ("productivity",), warning="It is fragile." if at == 2 else ""),
        ),
        criteria=_criteria(2 - at),
        prizes=(prize,),
        central_weights=tuple(ShownWeight(f"productivity.{k}", f"Productivity: {k}", 0.2, "20%") for k in KINDS),
        confidence=0.8,
        first_when=("Productivity weighs more than 40%.",),
        dominates=("policy-2",) if at == 0 else (),
        moves=(ShownMove("gva-per-hour", "GVA per hour worked", "2023", "£46.20", "£43.10", "the UK", "ahead"),),
        evaluations=(ShownEvaluation("Training raised pay in most studies.", "mixed", ("earning-power",), REFERENCE),),
        nodes=(
            ChainNode("figure:gva-per-hour", "figure", "GVA per hour worked", "£46.20 in 2023"),
            ChainNode("conclusion:output", "conclusion", SAYS, "Holds", "4 organisations support it"),
            ChainNode(f"policy:policy-{at}", "policy", NAMES[at]),
            ChainNode("impact:productivity", "impact", "Productivity", "£1.2bn a year"),
        ),
        links=(
            ChainLink("figure:gva-per-hour", "conclusion:output", "strong", 0.9, "holds in 41 of 48 ways to test it"),
            ChainLink("conclusion:output", f"policy:policy-{at}", "middling", 0.5, "the policy rests on it"),
            ChainLink(f"policy:policy-{at}", "impact:productivity", "not assessed", None, "no evaluation is cited"),
        ),
        success=(
            ShownSuccess(
                "gva-per-hour", "GVA per hour worked", "place", "Cheshire and Warrington", "on track", "On its path.",
                "£44.00 in 2020", "£48.00 by 2030", "£46.20 in 2023",
                ((2020, 44.0, None, None), (2025, 46.0, 45.0, 47.0), (2030, 48.0, 46.5, 49.5)),
                ((2020, 44.0, None, None), (2023, 46.2, None, None)), REFERENCE,
            ),
        ),
        warnings=("It rests on a conclusion that is fragile: An hour’s work produced more.",) if at == 2 else (),
        beware="The conclusion beneath it is fragile, which draws it down" if at == 2 else "",
        detail_html="<p>What could be done, &amp; by whom.</p>",
    )  # fmt: skip


def priorities() -> ShownPriorities:
    """Three policies with everything that a page can show."""
    return ShownPriorities(
        policies=tuple(_policy(at) for at in range(3)),
        criteria=tuple(
            CriterionDef(f"{impact}.{kind}", impact, title, kind, f"{title}: {kind}", "How much?", 0.0, 1.0, "", 2, 3)
            for impact, title in IMPACTS
            for kind in KINDS
        ),
        line="Skills for higher pay come first for 62% of weightings.",
        how_sure="The order of the first two is sure in 7 of 10 draws.",
        scenario=ShownScenario(comparator="", draws=10_000, seed=1),
        comparator="united-kingdom",
        pairwise=((0.0, 0.7, 0.9), (0.3, 0.0, 0.8), (0.1, 0.2, 0.0)),
        warnings=("Nothing that stakeholders said is in it yet.",),
    )
