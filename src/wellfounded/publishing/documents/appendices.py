"""The appendices of the pack: working of every conclusion, methods, sources, indicators, glossary."""

from __future__ import annotations

from collections.abc import Iterable

from wellfounded.publishing import methods, naming, sureness
from wellfounded.publishing.documents import glossary
from wellfounded.publishing.documents.document import (
    Beside,
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Items,
    Paragraph,
    Row,
    Run,
    Section,
    Table,
    runs,
)
from wellfounded.publishing.documents.parts import Parts, figure_cell, slug
from wellfounded.publishing.model import AreaRef, ShownConclusion, ShownFigure, ShownIndicator, ShownTest
from wellfounded.publishing.strings import Strings
from wellfounded.publishing.words import capital, listed, sentence

CURVE_SCALE, CHART_SCALE = 0.72, 0.72
FEWEST_FOR_A_CURVE = 9  # fewer ways are told faster than drawn, as are any that all hold
STATED = "as stated"
MOST_COLUMNS = 10  # of areas, across a page on its side
MOST_FIGURES = 24  # more would fill a page that nobody reads; all are in the open data
_OGL = "Contains public sector information licensed under the Open Government Licence v3.0."
LICENCES = {
    "OGL-UK-3.0": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
}
_KEPT = {"uncertain": "Kept although it is uncertain: ", "cannot test": "Kept although it cannot be tested: "}


def sections(parts: Parts) -> list[Section]:
    """The appendices in their order."""
    return [_conclusions(parts), _methods(parts), _sources(parts), _indicators(parts), glossary.section(parts)]


def _conclusions(parts: Parts) -> Section:
    blocks: list[Block] = [
        Paragraph(
            runs(
                parts.say(
                    "For each conclusion: its mark, what breaks it, why it matters, each test step by step with "
                    "the figures used, and every other reasonable way to test it, sorted by what it came to. All "
                    "variants are in the open data (variants.csv)."
                )
            )
        )
    ]
    for chapter in parts.publication.chapters:
        mine = [conclusion for conclusion in parts.conclusions.values() if conclusion.chapter == chapter.id]
        if mine:
            blocks.append(Heading(chapter.title, 2, f"working-{chapter.id}", listed=True))
        for conclusion in mine:
            blocks += _conclusion(parts, conclusion)
    return Section(
        "appendix-conclusions", "A", parts.say("Every conclusion and its working"), tuple(blocks), appendix=True
    )


def _conclusion(parts: Parts, conclusion: ShownConclusion) -> Iterable[Block]:
    impacts = {impact.id: impact.title for impact in parts.publication.impacts}
    say = parts.say
    state = [say("Draft")] if conclusion.id in parts.publication.drafts else []
    kinds = [
        *state,
        say(sureness.KIND[conclusion.kind]),
        *(impacts[name] for name in conclusion.impact if name in impacts),
    ]
    yield Heading(conclusion.sentence, 3, f"conclusion-{conclusion.id}", sentence=True)
    kicker = [Run(" · ".join(kinds))]
    if page := parts.page("conclusions", conclusion.id):
        kicker += [Run(" · "), Run(parts.say("this conclusion on the site"), href=page)]
    yield Paragraph(tuple(kicker), tone="kicker")
    yield parts.mark(conclusion)
    yield from _breaks(parts, conclusion)
    if not conclusion.as_written and conclusion.written and conclusion.written != conclusion.sentence:
        words = (
            "It was written as: “{sentence}” The figures do not bear that out: the sentence above is what may be said."
        )
        yield Paragraph(runs(say(words, sentence=conclusion.written)))
    if conclusion.kept_because:
        why = _KEPT.get(conclusion.verdict, "Kept although it does not hold: ")
        yield Paragraph((Run(say(why), strong=True), Run(sentence(conclusion.kept_because))))
    yield from _shown_and_tested(parts, conclusion)
    if conclusion.q:
        yield Paragraph(
            runs(say("Read together with every other test of this evidence base, its q is {q}.", q=conclusion.q))
        )
    if conclusion.curve and conclusion.of >= FEWEST_FOR_A_CURVE and conclusion.holds < conclusion.of:
        yield parts.chart(conclusion.curve, scale=CURVE_SCALE)
    elif len(conclusion.variants) > 1:
        yield Paragraph((Run(parts.say("Every way to test it. "), strong=True), Run(_variants(conclusion, say))))
    if conclusion.beside:
        beside = "; ".join(
            f"{label}: {say(sureness.VERDICTS.get(verdict, verdict)).lower()}" for label, verdict in conclusion.beside
        )
        yield Paragraph((Run(parts.say("Beside the count. "), strong=True), Run(f"{sentence(beside)}")))
    if conclusion.refused:
        yield Paragraph((Run(parts.say("Could not be computed. "), strong=True), Run(_refused(conclusion, say))))
    if conclusion.history:
        changes = " ".join(
            f"{entry.date}: {sentence(entry.change)} {sentence(entry.why)}" for entry in conclusion.history
        )
        yield Paragraph((Run(parts.say("History. "), strong=True), Run(changes)))


def _shown_and_tested(parts: Parts, conclusion: ShownConclusion) -> Iterable[Block]:
    """Why it matters, what lies behind it and its tests, beside its chart where no chapter has shown that."""
    tests = [
        (_test(parts, test, number=number if len(conclusion.tests) > 1 else 0), test)
        for number, test in enumerate(conclusion.tests, start=1)
    ]
    words: list[Block] = []
    if conclusion.matters_html:
        words.append(
            Paragraph((Run(parts.say("Why it matters. "), strong=True), *parts.inline(conclusion.matters_html)))
        )
    if conclusion.detail_html:
        words += _after(parts.say("What lies behind it. "), parts.prose(conclusion.detail_html, level=4))
    if conclusion.chart in parts.figures:
        number = parts.figures[conclusion.chart]
        words.append(
            Paragraph(
                (
                    Run(parts.say("Shown in ")),
                    Run(parts.say("figure {n}", n=number), href=f"#figure-{conclusion.chart}"),
                    Run("."),
                )
            )
        )
    elif conclusion.chart and parts.is_narrow(conclusion.chart):
        if len(tests) == 1:
            words += tests[0][0]
            tests = [((), tests[0][1])]
        yield Beside(parts.chart(conclusion.chart, slim=True), tuple(words))
        words = []
    elif conclusion.chart:
        words.append(parts.chart(conclusion.chart, scale=CHART_SCALE))
    yield from words
    for told, test in tests:
        yield from told
        if test.figures:
            yield _used(parts, test)


def _after(words: str, blocks: tuple[Block, ...]) -> Iterable[Block]:
    """`blocks` with `words` set before the first, in bold."""
    if blocks and isinstance(blocks[0], Paragraph):
        yield Paragraph((Run(words, strong=True), *blocks[0].runs))
        yield from blocks[1:]
    else:
        yield Paragraph(runs(words.strip(), strong=True))
        yield from blocks


def _breaks(parts: Parts, conclusion: ShownConclusion) -> Iterable[Block]:
    if len(conclusion.breaks) == 1:
        yield Paragraph((Run(parts.say("What breaks it: "), strong=True), Run(f"{conclusion.breaks[0]}.")))
    elif conclusion.breaks:
        yield Paragraph(runs(parts.say("What breaks it:"), strong=True))
        yield Items(tuple((Paragraph(runs(text)),) for text in conclusion.breaks))
    elif conclusion.of and conclusion.holds == conclusion.of:
        yield Paragraph(runs(parts.say("No choice that was tried breaks it.")))


def _variants(conclusion: ShownConclusion, say: Strings) -> str:
    """What every variant came to, those that came to the same together; the choices alone where all hold."""
    if conclusion.holds == conclusion.of:
        choices = dict.fromkeys(choice for v in conclusion.variants for choice in v.label.split("; "))
        choices.pop(STATED, None)
        combined = say("; and in every combination that the figures allow") if conclusion.of > len(choices) + 1 else ""
        return sentence(f"{say('Holds as stated')}; {'; '.join(choices)}{combined}")
    found: dict[str, list[str]] = {}
    for variant in conclusion.variants:
        found.setdefault(say(sureness.VERDICTS.get(variant.verdict, variant.verdict)), []).append(variant.label)
    return " ".join(sentence(f"{verdict}: {'; '.join(labels)}") for verdict, labels in found.items())


def _refused(conclusion: ShownConclusion, say: Strings) -> str:
    """What could not be computed, by reason."""
    reasons: dict[str, list[str]] = {}
    for label, why in conclusion.refused:
        reasons.setdefault(why, []).append(label)
    return " ".join(sentence(f"{listed(labels, last=say('and'))}: {why}") for why, labels in reasons.items())


def _test(parts: Parts, test: ShownTest, *, number: int) -> tuple[Block, ...]:
    """A test's question, what it came to, and its working."""
    say = parts.say
    words = (
        say("Test {n}: {question}", n=number, question=test.question)
        if number
        else (say("Test: {question}", question=test.question))
    )
    question = Heading(words, 4)
    label = parts.indicators[test.indicator].label if test.indicator in parts.indicators else test.indicator
    facts = [
        Fact(
            parts.say("Verdict"),
            runs(
                f"{say(sureness.VERDICTS.get(test.verdict, test.verdict))}{f': {test.reason}' if test.reason else ''}"
            ),
        ),
        Fact(parts.say("Indicator"), runs(label, href=parts.to("indicator", test.indicator))),
        Fact(parts.say("Method"), runs(test.method_title, href=parts.to("method", test.method))),
    ]
    for term, text in (
        ("Estimate", test.estimate),
        ("Its interval", test.interval),
        ("What would matter", test.margin),
        ("p-value", test.p),
    ):
        if text:
            facts.append(Fact(say(term), runs(text)))
    interval = (
        "not published; worked out from the series" if test.interval else "none is published, so the margin decides"
    )
    facts.append(Fact(parts.say("Interval"), runs(say("published, and used" if test.interval_published else interval))))
    steps = tuple((Paragraph(runs(step)),) for step in test.working)
    return question, Facts(tuple(facts), tight=True), *([Items(steps, ordered=True, steps=True)] if steps else [])


def _used(parts: Parts, test: ShownTest) -> Table:
    """The figures that a test used."""
    shown = test.figures[:MOST_FIGURES]
    several = len({figure.indicator for figure in shown}) > 1
    parted = len({figure.category for figure in shown}) > 1
    columns = [Column(parts.say("Area"), share=2.4)]
    columns += [Column(parts.say("Indicator"), share=1.8)] * several + [
        Column(parts.say("Category"), share=1.6)
    ] * parted
    columns += [
        Column(parts.say("Period"), share=1.2),
        Column(parts.say("Figure"), number=True, share=1.5),
        Column(parts.say("Source"), share=0.7),
    ]
    left_out = len(test.figures) - len(shown)
    return parts.table(
        parts.say("Figures used: {question}", question=test.question),
        columns,
        [Row(tuple(_used_cells(parts, figure, several=several, parted=parted))) for figure in shown],
        foot=parts.say.count(
            left_out,
            "And {n} figure more, all in the open data (figures.csv).",
            "And {n} figures more, all in the open data (figures.csv).",
        )
        if left_out
        else "",
        numbered=False,
        small=True,
    )


def _used_cells(parts: Parts, figure: ShownFigure, *, several: bool, parted: bool) -> Iterable[Cell]:
    yield Cell(figure.area_name, under=figure.rule)
    if several:
        indicator = parts.indicators.get(figure.indicator)
        yield Cell(indicator.label if indicator else figure.indicator, href=parts.to("indicator", figure.indicator))
    if parted:
        yield Cell(figure.category_label or figure.category)
    yield Cell(figure.period)
    yield figure_cell(figure, parts.say)
    yield parts.source([figure.release])


def _methods(parts: Parts) -> Section:
    found = sorted(methods.METHODS.items(), key=lambda item: item[1][0].lower())
    facts = Facts(
        tuple(
            Fact(parts.say(title), runs(parts.say(text)), id=f"method-{identifier}")
            for identifier, (title, text) in found
        )
    )
    return Section("appendix-methods", "B", parts.say("Methods"), (facts,), appendix=True)


def _sources(parts: Parts) -> Section:
    used: dict[str, int] = {}
    for indicator in parts.indicators.values():
        for name in indicator.releases:
            used[name] = used.get(name, 0) + 1
    columns = [
        Column(parts.say("No."), share=0.5),
        Column(parts.say("Release"), share=3.3),
        Column(parts.say("Publisher"), share=2),
        Column(parts.say("Released"), share=1.55),
        Column(parts.say("Licence"), share=1.1),
        Column(parts.say("Indicators"), number=True, share=0.9),
    ]
    rows = [
        Row(
            (
                Cell(parts.source_numbers[release.id]),
                Cell(release.title, href=parts.page("sources", release.id) or _address(release.url)),
                Cell(release.publisher),
                Cell(naming.released(release, parts.say), under=parts.say("date of the file") if release.basis else ""),
                Cell(release.licence, href=LICENCES.get(release.licence, ("", ""))[1]),
                Cell(f"{used.get(release.id, 0)}"),
            ),
            id=f"source-{parts.source_numbers[release.id]}",
        )
        for release in parts.releases
    ]
    licences = list(dict.fromkeys(release.licence for release in parts.releases))
    blocks: list[Block] = [
        Paragraph(
            runs(
                parts.say(
                    "Each release that a figure of this evidence base comes from. Two releases of one source are two "
                    "lines."
                )
            )
        )
    ]
    if "OGL-UK-3.0" in licences:
        blocks.append(Paragraph(runs(parts.say(_OGL))))
    basis = next((r.basis for r in parts.releases if r.basis), "")
    foot = parts.say("Date of the file: {basis}.", basis=parts.say(basis)) if basis else ""
    blocks.append(parts.table(parts.say("Releases used"), columns, rows, small=True, foot=foot))
    known = [(name, *LICENCES[name]) for name in licences if name in LICENCES]
    blocks.append(Facts(tuple(Fact(name, runs(title, href=address)) for name, title, address in known)))
    return Section("appendix-sources", "C", parts.say("Data sources"), tuple(blocks), appendix=True)


def _address(url: str) -> str:
    return url if url.startswith(("https:", "http:")) else ""


def _indicators(parts: Parts) -> Section:
    publication = parts.publication
    blocks: list[Block] = [
        Paragraph(
            runs(
                parts.say(
                    "The latest figures of every indicator for the place, its members and its comparators, and what "
                    "each measures. Under a figure is its 95% interval, where one is published or can be carried "
                    "through. Every year is in the open data (figures.csv)."
                )
            )
        )
    ]
    for chapter in publication.chapters:
        mine = [indicator for indicator in parts.indicators.values() if indicator.chapter == chapter.id]
        if not mine:
            continue
        mine.sort(key=lambda indicator: indicator.label.lower())
        blocks.append(Heading(chapter.title, 2, f"indicators-{chapter.id}", listed=True))
        blocks += _latest(parts, mine, title=parts.say("{chapter}: latest figures", chapter=chapter.title))
        blocks.append(Facts(tuple(_definition(parts, indicator) for indicator in mine), small=True))
    return Section("appendix-indicators", "D", parts.say("Indicators"), tuple(blocks), appendix=True, wide=True)


def _latest(parts: Parts, mine: list[ShownIndicator], *, title: str) -> Iterable[Table]:
    """The latest figures of indicators: a column each for the place, members and comparators that any of them has.

    Columns that do not fit across a page go on in further tables, each with the place's own.
    """
    areas: dict[str, AreaRef] = {}
    for indicator in sorted(mine, key=lambda indicator: -len(indicator.columns)):
        for area in indicator.columns:
            areas.setdefault(area.code, area)
    codes = list(areas)
    parted = [codes[at : at + MOST_COLUMNS - 1] for at in range(1, len(codes), MOST_COLUMNS - 1)]
    for at, others in enumerate(parted if len(codes) > MOST_COLUMNS else [codes[1:]]):
        chosen = [areas[code] for code in (*codes[:1], *others)]
        columns = [Column(parts.say("Indicator"), share=3)]
        columns += [Column(area.name, number=True, own=own == 0, share=1.2) for own, area in enumerate(chosen)]
        columns.append(Column(parts.say("Source"), share=0.6))
        rows = [_latest_row(parts, indicator, chosen, anchored=at == 0) for indicator in mine]
        words = title if at == 0 else f"{title} ({others and areas[others[0]].name} {parts.say('and further')})"
        yield parts.table(words, columns, rows, small=True)


def _latest_row(parts: Parts, indicator: ShownIndicator, areas: list[AreaRef], *, anchored: bool) -> Row:
    latest = next((row for row in indicator.series if row.period == indicator.period), None)
    figures = latest.figures if latest else ()
    found = {area.code: figure for area, figure in zip(indicator.columns, figures, strict=False)}
    under = f"{indicator.period}; {indicator.unit}" if indicator.unit else indicator.period
    name = Cell(indicator.label, under=under, href=parts.page("indicators", indicator.id))
    cells = [figure_cell(found.get(area.code), parts.say, period=indicator.period) for area in areas]
    source = parts.source(figure.release for figure in figures if figure.release)
    return Row((name, *cells, source), id=f"indicator-{indicator.id}" if anchored else "")


def _definition(parts: Parts, indicator: ShownIndicator) -> Fact:
    """What an indicator measures, how members combine, and what to beware of."""
    text = list(parts.inline(indicator.definition_html))
    said = [indicator.combines, indicator.reconciliation]
    place = indicator.place_figure
    if place is not None and not place.text and not indicator.combines:
        said.append(capital(place.why_none))
    text += [Run(f" {sentence(words)}") for words in said if words]
    if indicator.caveats_html:
        text += [Run(f" {parts.say('Beware:')} ", em=True), *parts.inline(indicator.caveats_html)]
    return Fact(indicator.label, tuple(text), id=f"about-{slug(indicator.id)}")
