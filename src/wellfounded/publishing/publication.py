"""A publication made in memory from one evaluation: everything that pages and documents show, not yet drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from wellfounded.conclusions.evaluate import Evaluation, evaluate
from wellfounded.conclusions.read import read_all
from wellfounded.conclusions.types import Result, State, Verdict
from wellfounded.evidence.base import Base, ImpactArea
from wellfounded.evidence.located import BaseErrors, Problem
from wellfounded.evidence.store import NoSuchIndicator, Store
from wellfounded.priorities.evaluate import prioritise, read_said
from wellfounded.priorities.read import read_priorities
from wellfounded.priorities.types import Declared, Said, ShownPriorities
from wellfounded.publishing import chapters as chapter_files
from wellfounded.publishing import shown_conclusions, shown_consultation, shown_indicators
from wellfounded.publishing.chapters import ChapterText, FigureSlot, UnfilledFigure
from wellfounded.publishing.charts import Chart
from wellfounded.publishing.findings import chart_of, curve_of
from wellfounded.publishing.model import (
    FORMAT,
    Block,
    Challenge,
    ChapterRef,
    ComparatorRef,
    Impact,
    Publication,
    ShownChapter,
    ShownConclusion,
    ShownIndicator,
    ShownRelease,
)
from wellfounded.publishing.readings import Reading, Readings
from wellfounded.publishing.shown_areas import profiles
from wellfounded.publishing.shown_indicators import Authorities, IndicatorPage
from wellfounded.publishing.strings import Strings
from wellfounded.publishing.text import figure_html, html
from wellfounded.publishing.words import count, day, label, listed

Say = Callable[[str], None]
SUMMARY_OF = "summary/"  # before the names of parts of the summary, among texts
BASIS = "date of the file, as the publisher's is not known"


@dataclass(frozen=True)
class Made:
    """A publication with what is written beside it: indicators, areas as JSON by code, charts to draw."""

    publication: Publication
    indicators: tuple[ShownIndicator, ...]
    areas: dict[str, bytes]
    charts: tuple[Chart, ...]
    shared: Mapping[str, str]  # data sets that charts share


def make(
    folder: Path, *, built_at: datetime, say: Say = lambda _: None, said: Mapping[str, Said] | None = None
) -> Made:
    """The publication of the base in `folder`. Raises BaseErrors with every problem of its files in one run.

    `said` is what stakeholders said by conclusion id; where it isn't given, it is what said.json of the base says.
    """
    say("testing the conclusions")
    base, evaluation, texts, declared, problems = _read(folder)
    try:
        heard = read_said(folder) if said is None else said
    except BaseErrors as error:
        problems += error.problems
    if problems:
        raise BaseErrors(problems)
    drafts = _drafts(evaluation) if base.show_drafts else ()
    evaluation = _as_published(evaluation, drafts)
    store = evaluation.store
    store.prefetch(store.indicator_ids())
    readings = Readings(evaluation)
    say("reading the figures")
    shown = [
        found for name in store.indicator_ids() if (found := readings.of(name)) is not None and found.shows_anything
    ]
    authorities = Authorities(readings)
    resting = _resting(evaluation.results)
    pages = [
        shown_indicators.page(reading, authorities, conclusions=resting.get(reading.indicator.id, ()))
        for reading in shown
    ]
    charts: dict[str, Chart] = {chart.id: chart for page in pages for chart in page.charts}
    conclusions = []
    for result in evaluation.results:
        if result.conclusion.state is State.WITHDRAWN:
            continue
        made = [chart_of(result, readings), curve_of(result, readings)]
        charts |= {chart.id: chart for chart in made if chart is not None}
        chart, curve = (one.id if one is not None else "" for one in made)
        conclusions.append(shown_conclusions.shown(result, readings, chart=chart, curve=curve))
    chapter_pages, summary = _chapters(base, texts, conclusions, charts, readings, shown)
    say("reading every area's figures")
    areas = profiles(readings, shown, chapters=[chapter.id for chapter in base.chapters])
    priorities = _priorities(evaluation, declared, heard, say) if declared is not None else None
    publication = _publication(evaluation, readings, pages, conclusions, chapter_pages, charts, priorities, built_at)
    publication = msgspec.structs.replace(_with_areas(publication, areas.refs, drafts=drafts), summary=summary)
    return Made(
        publication,
        tuple(page.shown for page in pages),
        areas.files,
        tuple(charts.values()),
        authorities.boundaries.shared,
    )


def _drafts(evaluation: Evaluation) -> tuple[str, ...]:
    return tuple(result.conclusion.id for result in evaluation.results if result.conclusion.state is State.DRAFT)


def _as_published(evaluation: Evaluation, drafts: Sequence[str]) -> Evaluation:
    """The evaluation with `drafts` taken for published, as a preview shows them."""
    return replace(
        evaluation,
        results=tuple(
            replace(result, conclusion=replace(result.conclusion, state=State.PUBLISHED))
            if result.conclusion.id in drafts
            else result
            for result in evaluation.results
        ),
    )


def _priorities(evaluation: Evaluation, declared: Declared, said: Mapping[str, Said], say: Say) -> ShownPriorities:
    """The priorities of a base, their authors' Markdown as HTML."""
    say("ranking the priorities")
    found = prioritise(evaluation, declared, said=said)
    policies = tuple(
        msgspec.structs.replace(policy, detail_html=html(policy.detail)) if policy.detail else policy
        for policy in found.policies
    )
    return msgspec.structs.replace(found, policies=policies)


def _read(folder: Path) -> tuple[Base, Evaluation, dict[str, ChapterText], Declared | None, list[Problem]]:
    """Base, evaluation, chapters, policies; everything that is wrong with any of them is raised together."""
    try:
        base, conclusions = read_all(folder)
    except BaseErrors as error:
        known = error.readable
        further = _chapter_problems(folder)
        if isinstance(known, Base):
            further = chapter_files.read_chapters(known)[1] + chapter_files.read_summary(known)[1]
        raise BaseErrors([*error.problems, *further]) from None
    texts, problems = chapter_files.read_chapters(base)
    summary, wrong = chapter_files.read_summary(base)
    texts |= {f"{SUMMARY_OF}{name}": text for name, text in summary.items()}
    problems += wrong
    store = Store.open(base)
    problems += _unknown(texts.values(), [c.id for c in conclusions if c.state is not State.WITHDRAWN], store)
    declared: Declared | None = None
    try:
        declared = read_priorities(base, conclusions, store)
    except BaseErrors as error:
        problems += error.problems
    try:
        evaluation = evaluate(base, store, conclusions=conclusions)
    except BaseErrors as error:
        raise BaseErrors([*problems, *error.problems]) from None
    problems += _add_areas(texts.values(), evaluation)
    return base, evaluation, texts, declared, problems


def _chapter_problems(folder: Path) -> list[Problem]:
    """What is wrong in the chapters' files, where the base itself can't be read."""
    problems = []
    for path in sorted((folder / "chapters").glob("*.md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        problems += chapter_files.parse(text, identifier=path.stem, file=f"chapters/{path.name}")[1]
    return problems


def _unknown(texts: Sequence[ChapterText] | object, conclusions: Sequence[str], store: Store) -> list[Problem]:
    names = store.indicator_ids()
    endings = (shown_indicators.TREND, shown_indicators.MAP, shown_indicators.RANKED, shown_indicators.CATEGORIES)
    charts = {*conclusions, *(name + ending for name in names for ending in endings)}
    return chapter_files.check(texts, conclusions=set(conclusions), charts=charts, indicators=names)  # type: ignore[arg-type]


def _add_areas(texts: object, evaluation: Evaluation) -> list[Problem]:
    """Makes the areas that chapters' figures name readable, and says which there are none of."""
    areas, base = evaluation.store.catalogue.areas, evaluation.base
    problems = []
    for text in texts:  # type: ignore[attr-defined]
        for slot in text.slots:
            if not slot.area or slot.area in base.comparators or slot.area == base.code:
                continue
            if slot.area in areas:
                evaluation.subjects.area(slot.area)
            else:
                known = [*areas.find(slot.area)[:1]]
                hint = f"; did you mean {known[0].code} ({known[0].name})?" if known else ""
                problems.append(Problem(text.file, slot.line, f"there is no area {slot.area!r}{hint}"))
    return problems


def _resting(results: Sequence[Result]) -> dict[str, list[str]]:
    """The conclusions that rest on each indicator."""
    found: dict[str, list[str]] = {}
    for result in results:
        if result.conclusion.state is State.WITHDRAWN:
            continue
        for name in dict.fromkeys(test.test.indicator for test in result.tests):
            found.setdefault(name, []).append(result.conclusion.id)
    return found


def _chapters(
    base: Base,
    texts: Mapping[str, ChapterText],
    conclusions: Sequence[ShownConclusion],
    charts: Mapping[str, Chart],
    readings: Readings,
    shown: Sequence[Reading],
) -> tuple[dict[str, ShownChapter], dict[str, tuple[Block, ...]]]:
    """The chapters' pages and the base's parts of the summary. Raises ChapterErrors for empty slots, missing charts."""
    pages: dict[str, ShownChapter] = {}
    problems: list[Problem] = []
    own = [who for who in readings.people.values() if who.role != "comparator"]
    main = next(iter(base.comparators), "")
    for chapter in base.chapters:
        text = texts.get(chapter.id, ChapterText(chapter.id, f"chapters/{chapter.id}.md", ()))
        blocks, wrong = chapter_files.blocks(text, lambda slot: _figure(slot, readings))
        problems += wrong + _undrawn(text, charts)
        rows = [
            shown_indicators.row(reading, main=main)
            for reading in shown
            if reading.indicator.chapter == chapter.id and reading.has_own and main
        ]
        mine = [conclusion.id for conclusion in conclusions if conclusion.chapter == chapter.id]
        used = dict.fromkeys(figure.release for row in rows for figure in row.figures if figure.release)
        pages[chapter.id] = ShownChapter(
            id=chapter.id,
            title=chapter.title,
            question=chapter.question,
            blocks=blocks or tuple(Block(kind="conclusion", ref=identifier) for identifier in mine),
            conclusions=tuple(mine),
            rows=tuple(rows),
            columns=(*(who.label for who in own), label(base.comparators[main].name) if main else ""),
            releases=tuple(used),
        )
    summary: dict[str, tuple[Block, ...]] = {}
    for name, text in texts.items():
        if name.startswith(SUMMARY_OF):
            summary[name.removeprefix(SUMMARY_OF)], wrong = chapter_files.blocks(
                text, lambda slot: _figure(slot, readings)
            )
            problems += wrong + _undrawn(text, charts)
    if problems:
        raise chapter_files.ChapterErrors(problems)
    return pages, summary


def _undrawn(text: ChapterText, charts: Mapping[str, Chart]) -> list[Problem]:
    return [
        Problem(text.file, piece.line, f"no chart could be made of {piece.text!r}: its figures are missing")
        for piece in text.pieces
        if piece.kind == "chart" and piece.text not in charts
    ]


def _figure(slot: FigureSlot, readings: Readings) -> str:
    """The figure of a slot as HTML. Raises UnfilledFigure."""
    try:
        reading = readings.of(slot.indicator)
    except NoSuchIndicator as error:
        raise UnfilledFigure(str(error)) from None
    if reading is None:
        raise UnfilledFigure(f"{slot.indicator} has no figures")
    base, subjects = readings.evaluation.base, readings.evaluation.subjects
    if not slot.area or slot.area == base.code:
        which = reading.place.which
    elif slot.area in base.comparators:
        which = int(subjects.comparator(slot.area, reading.combined)[0][0])
    else:
        which = int(subjects.roles[f"area:{slot.area}"][0])
    column = reading.category
    if slot.category:
        if slot.category not in reading.combined.panel.category_index:
            raise UnfilledFigure(f"{slot.indicator} has no category {slot.category!r}")
        column = reading.combined.panel.category_index[slot.category]
    if slot.period:
        at = reading.period_called(slot.period)
        if at is None:
            raise UnfilledFigure(f"{slot.indicator} has no figure for {slot.period}")
    else:
        line = [
            at
            for at in range(len(reading.combined.panel.periods))
            if reading.figure(which, at, category=column).value is not None
        ]
        at = line[-1] if line else reading.latest
    figure = reading.figure(which, at, category=column)
    if figure.value is None:
        raise UnfilledFigure(
            f"{slot.indicator} has no value for {figure.area_name} in {figure.period}: "
            f"{figure.why_none or 'not published'}"
        )
    return figure_html(
        figure.text, indicator=slot.indicator, about=shown_indicators.figure_about(figure, reading.indicator.label)
    )


def _publication(
    evaluation: Evaluation,
    readings: Readings,
    pages: Sequence[IndicatorPage],
    conclusions: Sequence[ShownConclusion],
    chapter_pages: dict[str, ShownChapter],
    charts: Mapping[str, Chart],
    priorities: ShownPriorities | None,
    built_at: datetime,
) -> Publication:
    base, store = evaluation.base, evaluation.store
    used = {release for page in pages for release in page.shown.releases} | {r for c in conclusions for r in c.sources}
    policies = priorities.policies if priorities else ()
    used |= {release for policy in policies for prize in policy.prizes for release in prize.releases}
    releases = {name: _release(name, store) for name in sorted(used)}
    brand = {key: str(value) for key, value in base.brand.items() if isinstance(value, str)}
    published = [c for c in conclusions if c.state == "published"]
    return Publication(
        format=FORMAT,
        base=base.id,
        name=base.name,
        short_name=base.short_name or base.name,
        title=base.title,
        sentence=base.sentence,
        built_at=built_at.isoformat(timespec="seconds"),
        digest="",
        version=version("wellfounded"),
        place=readings.ref(base.code),
        members=tuple(readings.ref(code) for code in base.members if len(base.members) > 1),
        comparators=tuple(ComparatorRef(c.id, c.name, _described(c.id, evaluation)) for c in base.comparators.values()),
        chapters=tuple(ChapterRef(c.id, c.title, c.question, c.group) for c in base.chapters),
        impacts=tuple(_impact(i, published, Strings(base.strings)) for i in base.impacts),
        challenges=tuple(Challenge(c.id, c.title, c.text) for c in base.challenges),
        conclusions=tuple(conclusions),
        chapter_pages=chapter_pages,
        indicators=tuple(shown_indicators.ref(page.shown) for page in pages),
        areas=(),
        charts={identifier: chart.shown for identifier, chart in charts.items()},
        releases=releases,
        consultation_address=base.consultation.address,
        consultation_subjects=base.consultation.subjects,
        consultation_questions=base.consultation.questions,
        consultation=shown_consultation.shown(base.consultation),
        contact=base.contact,
        about_html=html(base.about) if base.about else "",
        brand=brand,
        lang=base.lang,
        site=base.site,
        strings=base.strings,
        fdr_note=_fdr_note(evaluation),
        priorities=priorities,
        counts={
            "conclusions": len(published),
            "holds": sum(c.verdict == "holds" for c in published),
            "strengths": sum(c.kind == "strength" for c in published),
            "issues": sum(c.kind == "issue" for c in published),
            "variants": sum(c.of for c in published),
            "indicators": len(pages),
            "releases": len(releases),
            "charts": len(charts),
        },
    )


def _with_areas(publication: Publication, refs: Sequence[object], *, drafts: tuple[str, ...]) -> Publication:
    counts = {**publication.counts, "areas": len(refs)}
    return msgspec.structs.replace(publication, areas=tuple(refs), counts=counts, drafts=drafts)


def _impact(area: ImpactArea, published: Sequence[ShownConclusion], say: Strings) -> Impact:
    """An impact area with its verdict in a line, and the chart of its headline or else of its firmest conclusion."""
    mine = [conclusion for conclusion in published if area.id in conclusion.impact]
    holding = [conclusion for conclusion in mine if conclusion.verdict == "holds"]
    strengths = sum(conclusion.kind == "strength" for conclusion in holding)
    issues = sum(conclusion.kind == "issue" for conclusion in holding)
    shown = sorted(
        (c for c in holding if c.chart),
        key=lambda c: (c.id != area.headline, c.kind == "context", -(c.holds / c.of if c.of else 0), -c.of),
    )
    kinds = [say.count(strengths, "{n} strength", "{n} strengths")] if strengths else []
    kinds += [say.count(issues, "{n} issue", "{n} issues")] if issues else []
    told = (
        say("{one} and {other}.", one=kinds[0], other=kinds[1]) if len(kinds) > 1 else "".join(f"{k}." for k in kinds)
    )
    hold = say.count(len(holding), "{n} of {of} conclusions holds.", "{n} of {of} conclusions hold.", of=len(mine))
    if len(mine) == 1:
        hold = say("The one conclusion on it holds.") if holding else say("The one conclusion on it does not hold.")
    return Impact(
        area.id,
        area.title,
        area.question,
        f"{told} {hold}".strip() if mine else "",
        shown[0].chart if shown else "",
        tuple(c.id for c in mine),
    )


def _described(identifier: str, evaluation: Evaluation) -> str:
    """What a comparator is made of."""
    base, areas = evaluation.base, evaluation.store.catalogue.areas
    comparator = base.comparators[identifier]
    the_set = evaluation.subjects.sets[int(evaluation.subjects.roles[f"comparator:{identifier}"][0])]
    if comparator.kind == "neighbours":
        names = listed([areas.name(code) for code in the_set.members])
        return f"The {comparator.n} nearest statistical neighbours of each member, members left out: {names}."
    codes = listed([f"{areas.name(code)} ({code})" for code in comparator.areas])
    otherwise = base.comparators.get(comparator.otherwise)
    return f"{codes}." + (
        f" Where it has no figure, {otherwise.name} stands in, and the page says so." if otherwise else ""
    )


def _release(identifier: str, store: Store) -> ShownRelease:
    release = store.release(identifier)
    return ShownRelease(
        id=release.id,
        source=release.source,
        title=release.title,
        publisher=release.publisher,
        licence=release.licence,
        url=release.url,
        released=day(release.released),
        basis="" if release.released_basis == "publisher" else BASIS,
        released_date=release.released.isoformat(),
        sha256=release.sha256,
    )


def _fdr_note(evaluation: Evaluation) -> str:
    tested = sum(result.q is not None for result in evaluation.results)
    if not tested:
        return ""
    holding = [r for r in evaluation.results if r.q is not None and r.verdict is Verdict.HOLDS]
    weak = sum(1 for r in holding if r.q is not None and r.q > 1 - evaluation.base.confidence)
    note = (
        f"{count(tested, 'conclusion')} rest on tests with a probability. Read together, their probabilities are "
        "adjusted for the share of false discoveries (Benjamini and Hochberg 1995) and shown as q."
    )
    if not weak:
        return note
    level = f"{1 - evaluation.base.confidence:.2f}"
    return f"{note} {weak} of those that hold {'has' if weak == 1 else 'have'} a q above {level}."
