"""A small publication with everything that a page can show, written to a folder; its figures are made up."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import msgspec

from tests.web.sample_conclusions import conclusions
from tests.web.sample_priorities import priorities
from wellfounded.publishing.model import (
    FORMAT,
    AreaRef,
    AreaRow,
    Block,
    Challenge,
    ChapterRef,
    ComparatorRef,
    Impact,
    IndicatorRef,
    IndicatorRow,
    Publication,
    SeriesRow,
    ShownArea,
    ShownChapter,
    ShownChart,
    ShownFigure,
    ShownIndicator,
    ShownRelease,
)

PLACE = AreaRef("place:cheshire-warrington", "Cheshire and Warrington", "place", "#12355b")
MEMBERS = (
    AreaRef("E06000049", "Cheshire East", "local authority", "#0072b2"),
    AreaRef("E06000050", "Cheshire West and Chester", "local authority", "#d55e00"),
    AreaRef("E06000007", "Warrington", "local authority", "#00896a"),
)
OTHERS = (
    AreaRef("K02000001", "United Kingdom", "country"),
    AreaRef("E92000001", "England", "country"),
    AreaRef("E12000002", "North West", "region"),
    AreaRef("E47000001", "Greater Manchester", "combined authority"),
    AreaRef("E06000001", "Hartlepool", "local authority"),
    AreaRef("W06000023", "Powys / Powys", "local authority"),
)
COLUMNS = (PLACE, *MEMBERS, OTHERS[0])
RELEASE = "ons-subregional-productivity@2025-06-19"
CHAPTERS = (
    ("economy", "The economy and productivity", "How much does the place produce for each hour of work?"),
    ("sectors", "Key sectors", "Which industries set the place apart, and how much rests on them?"),
    ("ideas", "Ideas", "How much research and development is done here?"),
    ("people", "People", "Are residents in work, qualified and well paid?"),
    ("infrastructure", "Infrastructure", "Can people and firms travel and connect?"),
    ("business-environment", "Business environment", "Do firms start, survive, grow and trade abroad?"),
    ("place", "Place", "Who shares in the economy, and is it a good place to live?"),
)
INDICATORS = (
    ("gva-per-hour", "GVA per hour worked", "economy", "£", "", 46.2, 2),
    ("gva-per-job", "GVA per filled job", "economy", "£", "", 72_114, 0),
    ("jobs-in-manufacturing", "Share of employees in manufacturing", "sectors", "", "%", 11.4, 1),
    ("ukri-awards", "UKRI awards a year", "ideas", "£", "m", 31.0, 1),
    ("employment-rate", "Employment rate, aged 16 to 64", "people", "", "%", 78.3, 1),
    ("gigabit", "Premises that can have gigabit broadband", "infrastructure", "", "%", 78.0, 1),
    ("births", "Births of enterprises", "business-environment", "", "", 4_815, 0),
    ("median-pay", "Median weekly pay of residents", "place", "£", "", 612.4, 1),
)


def write(folder: Path, *, name: str = "Cheshire and Warrington") -> Path:
    """`folder`, now holding the sample publication."""
    for part in ("indicators", "areas", "charts", "data"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    publication = made(name=name)
    (folder / "publication.json").write_bytes(msgspec.json.encode(publication))
    for indicator in INDICATORS:
        shown = _indicator(*indicator)
        (folder / "indicators" / f"{shown.id}.json").write_bytes(msgspec.json.encode(shown))
    for area in publication.areas:
        (folder / "areas" / f"{area.code}.json").write_bytes(msgspec.json.encode(_area(area)))
    for chart in publication.charts.values():
        (folder / "charts" / f"{chart.id}.svg").write_text(_drawing(chart), encoding="utf-8")
        if chart.narrow:
            slim = msgspec.structs.replace(chart, width=chart.narrow[0], height=chart.narrow[1])
            (folder / "charts" / f"{chart.id}-narrow.svg").write_text(_drawing(slim), encoding="utf-8")
        (folder / "charts" / f"{chart.id}.json").write_text(json.dumps({"title": chart.title}), encoding="utf-8")
    (folder / "pack.html").write_text("<!DOCTYPE html><title>Pack</title><h1>Pack</h1>", encoding="utf-8")
    (folder / "pack.pdf").write_bytes(b"%PDF-1.7\n" + b"0" * 300_000)
    (folder / "manifest.json").write_text("{}\n", encoding="utf-8")
    for data in ("figures.csv", "conclusions.csv", "indicators.csv", "sources.csv"):
        (folder / "data" / data).write_text("id,value\n" * 400, encoding="utf-8")
    return folder


def made(*, name: str = "Cheshire and Warrington") -> Publication:
    """The sample publication."""
    shown = conclusions()
    ids = [conclusion.id for conclusion in shown]
    charts = {chart.id: chart for chart in _charts(ids)}
    return Publication(
        format=FORMAT,
        base="cheshire-warrington",
        name=name,
        short_name=name,
        title=f"{name}: the evidence base",
        sentence=(
            "A manufacturing and business economy of about a million people that produces more for each hour of work "
            "than the UK as a whole, with wide differences between its three districts."
        ),
        built_at="2025-11-12T09:40:12+00:00",
        digest=hashlib.sha256(name.encode()).hexdigest(),
        version="0.1.0",
        place=PLACE,
        members=MEMBERS,
        comparators=(ComparatorRef("united-kingdom", "the UK"), ComparatorRef("england", "England")),
        chapters=tuple(ChapterRef(*chapter, group="foundation") for chapter in CHAPTERS),
        impacts=(
            Impact(
                "productivity",
                "Productivity",
                "How much is an hour of work worth here, and what would raise it?",
                "An hour’s work produces £46.20, £3.10 more than in the UK; Warrington trails by £5.",
                "impact-productivity",
                tuple(c.id for c in shown if "productivity" in c.impact),
            ),
            Impact(
                "earning-power",
                "Earning power",
                "Does what is produced here reach the people who live here?",
                "Residents of Cheshire East earn more than the UK’s median; elsewhere that can’t be said.",
                "impact-earning-power",
                tuple(c.id for c in shown if "earning-power" in c.impact),
            ),
            Impact(
                "resilience",
                "Resilience",
                "How would the economy stand up to a shock?",
                "Output fell less than in the UK in 2020, but one industry makes a fifth of it.",
                "impact-resilience",
                tuple(c.id for c in shown if "resilience" in c.impact),
            ),
        ),
        challenges=(Challenge("clean-growth", "Clean growth", "Growing while emitting less."),),
        conclusions=shown,
        priorities=priorities(),
        chapter_pages={id_: _chapter(id_, title, question, ids) for id_, title, question in CHAPTERS},
        indicators=tuple(
            IndicatorRef(id_, label, chapter, "2023", _figure(id_, PLACE, prefix, suffix, value, decimals), 2)
            for id_, label, chapter, prefix, suffix, value, decimals in INDICATORS
        ),
        areas=(PLACE, *MEMBERS, *OTHERS),
        charts=charts,
        releases={release.id: release for release in _releases()},
        consultation_address="consultation@871candwep.co.uk",
        consultation_subjects=("LIS Evidence", "LIS Grand Challenges"),
        consultation_questions=(
            "Does the evidence and our interpretation of it resonate with you?",
            "If not, why do you think we have got it wrong?",
            "What other local evidence should we consider?",
        ),
        contact="Questions about the evidence: write to consultation@871candwep.co.uk.",
        about_html="<p>This evidence base is the ground for a local industrial strategy for three districts.</p>",
        brand={"colour": "#12355b", "accent": "#8c1d40"},
        fdr_note="Of 61 tests read together, three would be expected to pass by chance at that rate.",
        counts={"conclusions": len(shown)},
    )


def _releases() -> tuple[ShownRelease, ...]:
    return (
        ShownRelease(
            RELEASE,
            "ons-subregional-productivity",
            "Labour productivity by local authority",
            "Office for National Statistics",
            "OGL-UK-3.0",
            "https://www.ons.gov.uk/economy",
            "19 June 2025",
            "",
            "2025-06-19",
        ),
        ShownRelease(
            "ons-subregional-productivity@2024-06-17",
            "ons-subregional-productivity",
            "Labour productivity by local authority",
            "Office for National Statistics",
            "OGL-UK-3.0",
            "https://www.ons.gov.uk/economy",
            "17 June 2024",
            "date of the file, as the publisher’s is not known",
            "2024-06-17",
        ),
        ShownRelease(
            "ukri-awards@2020-03-01",
            "ukri-awards",
            "Awards <by> partnership & year",
            "UK Research and Innovation",
            "All rights reserved",
            "",
            "1 March 2020",
            "",
            "2020-03-01",
        ),
    )


def _figure(
    indicator: str, area: AreaRef, prefix: str, suffix: str, value: float, decimals: int, period: str = "2023"
) -> ShownFigure:
    if indicator == "median-pay" and area is PLACE:
        return ShownFigure(
            indicator, area.code, area.name, period, "", why_none="medians cannot be combined", release=RELEASE
        )
    with_interval = indicator == "employment-rate"
    return ShownFigure(
        indicator,
        area.code,
        area.name,
        period,
        f"{prefix}{value:,.{decimals}f}{suffix}",
        value,
        f"{value - 6.6:.1f}{suffix} to {value + 6.6:.1f}{suffix}" if with_interval else "",
        value - 6.6 if with_interval else None,
        value + 6.6 if with_interval else None,
        status="provisional" if indicator == "births" else "",
        release=RELEASE,
        rule="rebuilt from output and hours of 3 members" if area is PLACE else "",
    )


def _indicator(
    id_: str, label: str, chapter: str, prefix: str, suffix: str, value: float, decimals: int
) -> ShownIndicator:
    series = tuple(
        SeriesRow(
            str(year),
            tuple(
                _figure(
                    id_, area, prefix, suffix, value * (1 - 0.02 * (2023 - year)) * (1 + 0.03 * at), decimals, str(year)
                )
                for at, area in enumerate(COLUMNS)
            ),
        )
        for year in range(2023, 2004, -1)
    )
    return ShownIndicator(
        id=id_,
        label=label,
        chapter=chapter,
        definition_html=f"<p>What {label} is, in plain English, in a sentence or two.</p>",
        unit="pounds an hour, current prices",
        polarity="higher is better",
        period="2023",
        columns=COLUMNS,
        series=series,
        source="ons-subregional-productivity",
        releases=(RELEASE,),
        place_figure=series[0].figures[0],
        caveats_html="<p>Published without an interval. One year’s change says little.</p>",
        combines="Rebuilt: the output of the members together over their hours together.",
        reconciliation="No official figure of the whole place exists to compare with.",
        development=id_ == "employment-rate",
        trend=f"trend-{id_}",
        map=f"map-{id_}",
        ranked=f"ranked-{id_}",
        conclusions=("output-per-hour", "warrington-output-per-hour") if id_ == "gva-per-hour" else (),
        alternatives=("gva-per-job",) if id_ == "gva-per-hour" else (),
        coverage="361 local authorities, 2005 to 2023",
        revisions="Nearly every value changed between the last two releases.",
    )


def _area(area: AreaRef) -> ShownArea:
    rows: dict[str, tuple[AreaRow, ...]] = {}
    for at, (id_, label, chapter, prefix, suffix, value, decimals) in enumerate(INDICATORS):
        row = (
            AreaRow(id_, label, "2023", "", why_none="suppressed")
            if id_ == "births" and area.name == "Hartlepool"
            else AreaRow(
                id_,
                label,
                "2023",
                f"{prefix}{value:,.{decimals}f}{suffix}",
                value=value,
                release=RELEASE,
                rank=40 * at + 3,
                of=361,
                position=(at * 37 + len(area.name) * 5) % 101,
            )
        )
        rows[chapter] = (*rows.get(chapter, ()), row)
    return ShownArea(
        area.code,
        area.name,
        area.level,
        rows,
        parents=(OTHERS[2], OTHERS[1], OTHERS[0]) if area.level == "local authority" else (),
        members=MEMBERS if area is PLACE else (),
        same_as=(AreaRef("TLD6", "Cheshire", "itl2"),) if area is PLACE else (),
        neighbours=(OTHERS[4], AreaRef("E06000054", "Wiltshire", "local authority")) if area in MEMBERS else (),
        stands_out=("GVA per hour worked is among the highest tenth of local authorities.",) if area in MEMBERS else (),
        is_place=area is PLACE,
        is_member=area in MEMBERS,
        colour=area.colour,
    )


def _chapter(id_: str, title: str, question: str, ids: list[str]) -> ShownChapter:
    own = tuple(conclusion.id for conclusion in conclusions() if conclusion.chapter == id_)
    blocks = [
        Block("html", "<h2>A heading of the story</h2><p>The figures below say how it is, &amp; what moved.</p>"),
        *(Block("conclusion", ref=ref) for ref in own[:1]),
        *(Block("chart", ref=f"chart-{ref}") for ref in own[:1]),
        Block("html", "<p>What it does not say is <strong>why</strong>.</p>"),
    ]
    rows = tuple(
        IndicatorRow(
            i,
            label,
            "2023",
            tuple(
                _figure(i, area, prefix, suffix, value * (1 + 0.03 * at), decimals) for at, area in enumerate(COLUMNS)
            ),
            "0,20 20,18 40,14 60,15 80,8 100,4",
            f"{label} rose from 2005 to 2023",
        )
        for i, label, chapter, prefix, suffix, value, decimals in INDICATORS
        if chapter == id_
    )
    return ShownChapter(id_, title, question, tuple(blocks), own, rows, tuple(a.name for a in COLUMNS), (RELEASE,))


def _charts(ids: list[str]) -> list[ShownChart]:
    made = [
        ShownChart(
            f"{kind}-{id_}",
            {
                "chart": "The place produces £3 an hour more than the UK, <Warrington> £5 less",
                "curve": "It holds in 41 of 48 reasonable ways to test it",
            }[kind],
            "GVA per hour worked, current prices, 2023",
            "Source: Office for National Statistics, 19 June 2025",
            "A dot for each area: the place at £46.20, the UK at £43.10.",
            ("Area", "2023"),
            (("Cheshire and Warrington", "£46.20"), ("Warrington", "£38.05"), ("United Kingdom", "£43.10")),
            narrow=(350, 280),
            indicators=("gva-per-hour",),
        )
        for id_ in ids
        for kind in ("chart", "curve")
    ]
    made += [
        ShownChart(
            f"impact-{id_}",
            "£46.20 an hour, the UK £43.10",
            "GVA per hour, 2005 to 2023",
            "Source: ONS",
            "A line above another.",
            ("Year", "£"),
            (("2023", "46.20"),),
            640,
            300,
            (350, 180),
        )
        for id_ in ("productivity", "earning-power", "resilience")
    ]
    for id_, label, *_ in INDICATORS:
        for kind, title in (
            ("trend", f"{label} has risen since 2005"),
            ("map", f"{label} is highest in Cheshire East"),
            ("ranked", f"{label}: 43rd of 361 local authorities"),
        ):
            made.append(
                ShownChart(
                    f"{kind}-{id_}",
                    title,
                    label,
                    "Source: Office for National Statistics, 19 June 2025",
                    f"{title}.",
                    ("Year", "Place"),
                    (("2023", "46.2"), ("2022", "45.1")),
                    indicators=(id_,),
                )
            )
    return made


def _drawing(chart: ShownChart) -> str:
    lines = "".join(
        f'<path d="M40 {60 + at * 40} H{chart.width - 20}" stroke="#D3D8DC"/>'
        for at in range((chart.height - 80) // 40 + 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{chart.width}" height="{chart.height}" '
        f'viewBox="0 0 {chart.width} {chart.height}"><rect width="100%" height="100%" fill="#fff"/>{lines}'
        f'<path d="M40 {chart.height - 60} C200 {chart.height - 90} 300 120 {chart.width - 40} 50" fill="none" '
        f'stroke="#12355b" stroke-width="2.5"/><text x="44" y="{chart.height - 20}" font-family="Arial" font-size="13" '
        f'fill="#505A5F">2005</text></svg>'
    )
