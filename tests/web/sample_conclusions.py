"""The conclusions of the sample publication; their figures are made up."""

from __future__ import annotations

from wellfounded.publishing.model import HistoryEntry, ShownConclusion, ShownFigure, ShownTest, ShownVariant

RELEASE = "ons-subregional-productivity@2025-06-19"
SAYS: tuple[tuple[str, str, str, tuple[str, ...], str, str, int, int], ...] = (
    ("output-per-hour", "economy", "strength", ("productivity",), "holds",
     "An hour’s work in Cheshire and Warrington produced £46.20 in 2023, £3.10 more than in the UK (£43.10).", 41, 48),
    ("warrington-output-per-hour", "economy", "issue", ("productivity",), "holds",
     "An hour’s work in Warrington produced £38.05 in 2023, £5.05 less than in the UK (£43.10).", 46, 48),
    ("slower-growth", "economy", "issue", ("productivity", "resilience"), "uncertain",
     "Growth of output per hour in Cheshire and Warrington can’t be told apart from that of the UK.", 9, 24),
    ("pharmaceuticals", "sectors", "strength", ("productivity", "resilience"), "holds",
     "Petroleum, chemicals & pharmaceuticals make 3.4 times the share of output that they make in the UK.", 16, 16),
    ("largest-sector", "sectors", "issue", ("resilience",), "holds",
     "One industry, the making of chemicals, accounts for 18.2% of output.", 10, 16),
    ("ukri", "ideas", "context", ("productivity",), "cannot test",
     "Whether awards for research rose faster here than in England can’t be tested: the figures end in 2020.", 0, 0),
    ("employment", "people", "strength", ("earning-power",), "uncertain",
     "The employment rate (78.3%) can’t be told apart from that of the UK (75.4%).", 11, 32),
    ("qualified", "people", "strength", ("earning-power", "productivity"), "holds",
     "45.1% of residents aged 16 to 64 hold a degree or its equal, 3.9 points more than in England.", 29, 32),
    ("gigabit", "infrastructure", "issue", ("productivity",), "holds",
     "78.0% of premises can have gigabit broadband, 6.1 points fewer than in the UK (January 2024).", 8, 8),
    ("births", "business-environment", "issue", ("productivity", "resilience"), "fails",
     "The birth rate of enterprises is no lower than that of the UK.", 3, 24),
    ("survival", "business-environment", "strength", ("resilience",), "holds",
     "42.1% of enterprises born in 2018 were active five years later, 2.7 points more than in the UK.", 22, 24),
    ("pay-gap", "place", "issue", ("earning-power",), "holds",
     "Median weekly pay of residents is £684 in Cheshire East and £571 in Warrington: a gap of £113.", 5, 8),
)  # fmt: skip
SURENESS_AT = ((0.9, "firm"), (0.6, "mostly"), (0.0, "fragile"))


def conclusions() -> tuple[ShownConclusion, ...]:
    """Twelve conclusions with every verdict and every sureness, and one draft that no page may show."""
    made = [_made(*says) for says in SAYS]
    draft = _made("draft", "economy", "strength", (), "holds", "A draft that nobody may see.", 1, 1)
    return (*made, ShownConclusion(**{f: getattr(draft, f) for f in draft.__struct_fields__} | {"state": "draft"}))


def _made(
    id_: str, chapter: str, kind: str, impact: tuple[str, ...], verdict: str, sentence: str, holds: int, of: int
) -> ShownConclusion:
    share = holds / of if of else 0.0
    sureness = next(name for least, name in SURENESS_AT if share >= least) if of else "none"
    return ShownConclusion(
        id=id_,
        chapter=chapter,
        kind=kind,  # type: ignore[arg-type]
        state="published",
        impact=impact,
        sentence=sentence,
        as_written=verdict == "holds",
        written=sentence if verdict == "holds" else f"As its author wrote it: {id_} is higher.",
        verdict=verdict,
        verdict_line={
            "holds": "£46.20 is 7.2% above £43.10; 2% would matter. No interval is published, so the margin decides.",
            "uncertain": "The point estimate meets the test, but the interval holds zero.",
            "fails": "The difference is smaller than what would matter.",
            "cannot test": "The figures end in 2020.",
        }[verdict],
        holds=holds,
        of=of,
        how_sure=f"Holds in {holds} of {of} reasonable ways to test it" if of else "Not testable on the figures held",
        sureness=sureness,  # type: ignore[arg-type]
        tests=(_test(verdict), _test(verdict, number=2)) if id_ == "output-per-hour" else (_test(verdict),),
        breaks=("without Cheshire East", "the North West instead of the UK & others") if 0 < holds < of else (),
        variants=tuple(
            ShownVariant(f"England instead of the UK, {2023 - at}", "holds" if at < holds else "fails", 3.1 - at * 0.2)
            for at in range(of)
        ),
        refused=(("median pay instead of mean", "medians cannot be combined"),),
        beside=(("Cheshire East alone", "holds"), ("at 99% confidence", "uncertain")),
        detail_html="<p>No official figure exists for the three districts together.</p>",
        matters_html="<p>In the long run, output per hour decides what can be paid.</p>",
        kept_because="it was in the last edition, and readers should see that it no longer holds"
        if id_ == "births"
        else "",
        chart=f"chart-{id_}",
        curve=f"curve-{id_}" if of else "",
        challenges=("clean-growth",) if id_ == "pharmaceuticals" else (),
        history=(HistoryEntry("3 November 2025", "written", "first version"),),
        sources=(RELEASE,),
        q="0.003" if verdict == "holds" else "",
    )


def _test(verdict: str, *, number: int = 1) -> ShownTest:
    return ShownTest(
        id=f"t{number}",
        question="Is GVA per hour worked higher than in the UK, by at least 2%?",
        indicator="gva-per-hour",
        expect="higher",
        verdict=verdict,
        method="difference",
        method_title="Difference of two figures",
        working=(
            "Cheshire and Warrington, 2023: £46.20, rebuilt from output and hours of its 3 members.",
            "The UK, 2023: £43.10.",
            "Difference: £46.20 − £43.10 = £3.10, which is 7.2% of £43.10.",
            "What would matter: 2%. 7.2% is more.",
        ),
        figures=tuple(
            ShownFigure(
                "gva-per-hour", code, name, "2023", text, value, "£44.10 to £48.20" if number == 2 else "",
                release=RELEASE, rule="rebuilt from output and hours of 3 members" if code.startswith("place") else "",
            )
            for code, name, text, value in (
                ("place:cheshire-warrington", "Cheshire and Warrington", "£46.20", 46.1973),
                ("K02000001", "United Kingdom", "£43.10", 43.1024),
            )
        ),
        reason="" if verdict == "holds" else "the interval holds zero",
        estimate="£3.10",
        interval="£1.10 to £5.10" if number == 2 else "",
        margin="2% of the comparator’s figure",
        p="0.002" if number == 2 else "",
        interval_published=number == 2,
    )  # fmt: skip
