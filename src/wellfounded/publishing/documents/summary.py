"""The summary document: welcome, the economy, the foundations, what is concluded, priorities, and how to respond.

What the place says in its own words comes from the base (summary/*.md); all else is made from the model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from wellfounded.publishing import naming, sureness
from wellfounded.publishing.documents import priorities
from wellfounded.publishing.documents.document import (
    Beside,
    Block,
    Cell,
    Column,
    Document,
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
from wellfounded.publishing.documents.making import document as made
from wellfounded.publishing.documents.parts import Parts, figure_cell
from wellfounded.publishing.model import (
    Impact,
    IndicatorRow,
    Publication,
    ShownChapter,
    ShownConclusion,
    ShownIndicator,
)
from wellfounded.publishing.words import count, listed, sentence

ECONOMY, FOUNDATION = ("economy", "sectors"), "foundation"  # groups of chapters
LEADING, A_CHAPTER = 6, 2  # conclusions in a list, and of one chapter
OF_THE_ECONOMY, OF_A_FOUNDATION = 3, 4
CHARTS_OF_THE_ECONOMY = 1
PRIORITIES = 8
FIGURES = 6  # rows in a foundation's table
SCALE = 0.7
MOST_COLUMNS = 6


def document(publication: Publication, indicators: Sequence[ShownIndicator]) -> Document:
    """The summary of a publication."""
    parts = Parts(publication, indicators, whole=False)
    say = parts.say
    sections = [
        _own(parts, "welcome", say("Welcome")),
        _own(parts, "purpose", say("Purpose")),
        _section("approach", say("Approach"), [*_text(parts, "approach"), *_approach(parts)]),
        _section("economy", say("The economy"), [*_text(parts, "economy"), *_economy(parts)]),
        _section("foundations", _foundations_title(parts), [*_text(parts, "foundations"), *_foundations(parts)]),
        _section("conclusions", say("What we conclude"), [*_text(parts, "conclusions"), *_concluded(parts)]),
        _section("priorities", say("Early priorities"), [*_text(parts, "priorities"), *_priorities(parts)]),
        _section("challenges", say("Grand Challenges"), [*_text(parts, "challenges"), *_challenges(parts)]),
        _section("respond", say("How to respond"), _respond(parts)),
        _own(parts, "next", say("Next phase")),
    ]
    held = [section for section in sections if section.blocks]
    held.append(_section("sources", say("Sources of this summary"), _sources(parts, held)))
    return made(
        publication,
        [_numbered(section, at) for at, section in enumerate(held, start=1)],
        kind=say("Summary"),
        description=say("The summary of the evidence on {place}.", place=publication.name),
    )


def _section(identifier: str, title: str, blocks: Sequence[Block]) -> Section:
    return Section(identifier, "", title, tuple(blocks), flows=identifier not in _NEW_PAGE)


_NEW_PAGE = frozenset({"welcome", "economy", "foundations", "conclusions", "sources"})


def _numbered(section: Section, number: int) -> Section:
    return Section(section.id, str(number), section.title, section.blocks, flows=section.flows)


def _own(parts: Parts, part: str, title: str) -> Section:
    return _section(part, title, list(_text(parts, part)))


def _text(parts: Parts, part: str) -> Iterable[Block]:
    """The base's own text for a part."""
    for block in parts.publication.summary.get(part, ()):
        if block.kind == "html":
            yield from parts.prose(block.html, level=2)
        elif block.kind == "chart":
            yield parts.chart(block.ref, scale=SCALE)
        elif block.ref in parts.conclusions:
            yield parts.says(parts.conclusions[block.ref])


def _counted(parts: Parts, conclusions: Sequence[ShownConclusion]) -> str:
    """How many conclusions there are, on what, and how many of them hold."""
    say = parts.say
    if not conclusions:
        return say("No conclusion is published yet.")
    told = [say.count(n, *sureness.COUNTED[verdict]) for verdict, n in sureness.by_verdict(conclusions).items()]
    return say(
        "This evidence base states {conclusions}, from {indicators} in {releases} of published statistics: {verdicts}.",
        conclusions=say.count(len(conclusions), "{n} conclusion", "{n} conclusions"),
        indicators=say.count(len(parts.indicators), "{n} indicator", "{n} indicators"),
        releases=say.count(len(parts.releases), "{n} release", "{n} releases"),
        verdicts=listed(told, last=say("and")),
    )


def _approach(parts: Parts) -> Iterable[Block]:
    publication, say = parts.publication, parts.say
    conclusions = list(parts.conclusions.values())
    yield Paragraph(
        runs(
            say(
                "Every conclusion is a sentence with a test. The sentence, the test, and the difference that would "
                "matter are written down before the test is run. A sentence is printed as written only if its test "
                "holds; otherwise it says what the figures allow."
            )
        )
    )
    yield Paragraph(
        runs(
            say(
                "Then it is tested again in every other reasonable way: against other comparators, in other years, "
                "with other measures, without each member area. The mark beside it says in how many of them it holds."
            )
        )
    )
    used = [key for key in sureness.SURENESS if any(c.sureness == key for c in conclusions)]
    yield Facts(
        tuple(Fact(say(sureness.SURENESS[key]), runs(say(sentence(sureness.SURENESS_MEANS[key])))) for key in used)
    )
    yield Paragraph(runs(_counted(parts, conclusions)))
    if publication.members:
        members = listed([member.name for member in publication.members[:12]], last=say("and"))
        if len(publication.members) > 12:
            members = say.count(len(publication.members), "{n} area", "{n} areas")
        yield Paragraph(
            runs(
                say(
                    "{place} is made of {members}. Few statistics are published for it as a whole: counts are added, "
                    "ratios rebuilt from what they divide, and what can’t honestly be combined is shown for the "
                    "members only.",
                    place=publication.name,
                    members=members,
                )
            )
        )


def _economy(parts: Parts) -> Iterable[Block]:
    """The impact areas in a line each, then what leads each chapter on the economy, with charts."""
    publication = parts.publication
    told: set[str] = set()
    for impact in publication.impacts:
        yield Paragraph((Run(f"{impact.title}. ", strong=True), Run(f"{impact.question} {sentence(impact.line)}")))
        if (first := _headline(parts, impact)) is not None:
            told.add(first.id)
            yield parts.says(first, pull=True)
    for chapter in _chapters(parts, ECONOMY):
        yield Heading(chapter.title, 2, f"about-{chapter.id}", listed=True)
        yield from _told(parts, chapter, n=OF_THE_ECONOMY, charts=CHARTS_OF_THE_ECONOMY, but=told)


def _headline(parts: Parts, impact: Impact) -> ShownConclusion | None:
    """The conclusion that an impact area's chart shows, else the first of its conclusions that holds."""
    mine = [parts.conclusions[name] for name in impact.conclusions if name in parts.conclusions]
    shown = [c for c in mine if c.chart and c.chart == impact.chart]
    return next((c for c in (*shown, *mine) if sureness.sayable(c)), None)


def _told(parts: Parts, chapter: ShownChapter, *, n: int, charts: int, but: Collection[str] = ()) -> Iterable[Block]:
    """A chapter in short: its question, leading conclusions but some beside a chart, and some of its figures."""
    words: list[Block] = [Paragraph(runs(chapter.question, em=True))] if chapter.question else []
    mine = _leading(parts, chapter, n=n, but=but)
    drawn = [c for c in mine if _may_draw(parts, c)][:charts]
    beside = next((c for c in drawn if parts.is_narrow(c.chart)), None)
    says = [parts.says(c) for c in mine]
    if beside is not None:
        yield Beside(parts.chart(beside.chart, slim=True), (*words, *says))
        drawn = [c for c in drawn if c is not beside]
    else:
        yield from (*words, *says)
    for conclusion in drawn[: charts - (beside is not None)]:
        yield parts.chart(conclusion.chart, scale=SCALE)
    if (table := _figures(parts, chapter)) is not None:
        yield table


def _foundations_title(parts: Parts) -> str:
    many = len(_chapters(parts, (FOUNDATION,)))
    return parts.say("The Five Foundations") if many == 5 else parts.say("Foundations")


def _foundations(parts: Parts) -> Iterable[Block]:
    for chapter in _chapters(parts, (FOUNDATION,)):
        yield Heading(chapter.title, 2, f"about-{chapter.id}", listed=True)
        yield from _told(parts, chapter, n=OF_A_FOUNDATION, charts=1)


def _chapters(parts: Parts, groups: Sequence[str]) -> list[ShownChapter]:
    """The chapters of some groups, in the order of the framework, that have anything to say."""
    publication = parts.publication
    return [
        publication.chapter_pages[chapter.id]
        for chapter in publication.chapters
        if chapter.id in publication.chapter_pages
        and (chapter.group in groups or (not chapter.group and FOUNDATION in groups))
        and (publication.chapter_pages[chapter.id].conclusions or publication.chapter_pages[chapter.id].rows)
    ]


def _leading(parts: Parts, chapter: ShownChapter, *, n: int, but: Collection[str]) -> list[ShownConclusion]:
    """The firmest of a chapter but some, a strength and an issue first where it has both."""
    mine = [parts.conclusions[name] for name in chapter.conclusions if name in parts.conclusions and name not in but]
    by_kind = {
        kind: sureness.firmest([c for c in mine if c.kind == kind], n=n, a_chapter=n) for kind in ("strength", "issue")
    }
    first = [some[0] for some in by_kind.values() if some]
    rest = sureness.firmest([c for c in mine if c not in first], n=n, a_chapter=n)
    return [*first, *rest][:n]


def _may_draw(parts: Parts, conclusion: ShownConclusion) -> bool:
    chart = conclusion.chart
    return bool(chart) and chart not in parts.figures and chart in parts.publication.charts


def _figures(parts: Parts, chapter: ShownChapter) -> Table | None:
    """A few of a chapter's figures: those that its conclusions rest on, the place against its comparator."""
    mine = [parts.conclusions[name] for name in chapter.conclusions if name in parts.conclusions]
    tested = list(dict.fromkeys(test.indicator for c in mine for test in c.tests))
    found = {row.indicator: row for row in chapter.rows if any(figure.text for figure in row.figures)}
    rows = [found[name] for name in tested if name in found and found[name].figures[0].text]
    rows += [found[name] for name in tested if name in found and found[name] not in rows]
    rows = (rows or list(found.values()))[:FIGURES]
    if not rows or not chapter.columns:
        return None
    many = len(chapter.columns)
    shown = list(range(many)) if many <= MOST_COLUMNS else [0, many - 1]
    columns = [Column(parts.say("Indicator"), share=2.2)]
    columns += [Column(chapter.columns[at], number=True, own=at == 0, share=1.2) for at in shown]
    columns.append(Column(parts.say("Source"), share=0.9))
    return parts.table(
        parts.say("{chapter}: some of the figures", chapter=chapter.title),
        columns,
        [_row(parts, row, shown) for row in rows],
        small=True,
    )


def _row(parts: Parts, row: IndicatorRow, shown: Sequence[int]) -> Row:
    return Row(
        (
            Cell(row.label, under=row.period, href=parts.to("indicator", row.indicator)),
            *(figure_cell(row.figures[at], parts.say, period=row.period) for at in shown),
            parts.source(row.figures[at].release for at in shown),
        )
    )


def _concluded(parts: Parts) -> Iterable[Block]:
    """Strengths, issues, and what the figures do not bear out, the firmest first."""
    say = parts.say
    conclusions = list(parts.conclusions.values())
    titles = {chapter.id: chapter.title for chapter in parts.publication.chapters}
    for kind, title, noun in (
        ("strength", say("Distinctive strengths"), "strength"),
        ("issue", say("What may hold growth back"), "issue"),
    ):
        mine = [c for c in conclusions if c.kind == kind]
        leading = sureness.firmest(mine, n=LEADING, a_chapter=A_CHAPTER)
        if not leading:
            continue
        yield Heading(title, 2, f"{kind}s", listed=True)
        if len(mine) > len(leading):
            told = say("The firmest of {count}, at most {n} from a chapter.", count=count(len(mine), noun), n=A_CHAPTER)
            yield Paragraph(runs(told), tone="quiet")
        for conclusion in leading:
            yield parts.says(conclusion, about=titles.get(conclusion.chapter, ""))
    if others := [c for c in conclusions if not sureness.sayable(c)]:
        yield Heading(say("What the figures do not bear out"), 2, "not-borne-out", listed=True)
        yield Paragraph(
            runs(say("Each was expected before it was tested. What stands here is as far as the figures go.")),
            tone="quiet",
        )
        for conclusion in others[:LEADING]:
            yield parts.says(conclusion, about=titles.get(conclusion.chapter, ""))


def _priorities(parts: Parts) -> Iterable[Block]:
    """The ranking of policies where the base states any; else the issues that rest on the firmest evidence."""
    say = parts.say
    if parts.publication.priorities is not None and parts.publication.priorities.policies:
        yield Heading(say("Where action could count most"), 2, "could-count", listed=True)
        yield from priorities.ranking(parts, parts.publication.priorities, n=PRIORITIES)
        return
    found: list[Block] = []
    told: set[str] = set()
    for impact in parts.publication.impacts:
        issues = [
            c for c in parts.conclusions.values() if c.kind == "issue" and impact.id in c.impact and c.id not in told
        ]
        leading = sureness.firmest(issues, n=3, a_chapter=2)
        if leading:
            told.update(c.id for c in leading)
            found.append(Heading(impact.title, 3))
            found += [parts.says(c) for c in leading]
    if found:
        yield Heading(say("Where the evidence points first"), 2, "points-first", listed=True)
        yield Paragraph(
            runs(
                say(
                    "For each of the three questions, the issues that rest on the firmest evidence. This is no "
                    "ranking of policies: it says what is best established, not what would do most."
                )
                if len(parts.publication.impacts) == 3
                else say(
                    "The issues that rest on the firmest evidence. This is no ranking of policies: it says what is "
                    "best established, not what would do most."
                )
            )
        )
        yield from found


def _challenges(parts: Parts) -> Iterable[Block]:
    for challenge in parts.publication.challenges:
        yield Heading(challenge.title, 2, f"challenge-{challenge.id}", listed=True)
        if challenge.text:
            yield Paragraph(runs(challenge.text))
        mine = [c for c in parts.conclusions.values() if challenge.id in c.challenges]
        for conclusion in sureness.firmest(mine, n=2, a_chapter=2):
            yield parts.says(conclusion)


def _respond(parts: Parts) -> list[Block]:
    publication, say = parts.publication, parts.say
    blocks: list[Block] = []
    if publication.consultation_questions:
        blocks.append(Paragraph(runs(say("We ask:"))))
        blocks.append(
            Items(tuple((Paragraph(runs(text)),) for text in publication.consultation_questions), ordered=True)
        )
    if publication.consultation_address:
        address = publication.consultation_address
        written = [Run(say("Write to") + " "), Run(address, href=f"mailto:{address}")]
        if publication.consultation_subjects:
            subjects = listed([f"“{subject}”" for subject in publication.consultation_subjects], last=say("or"))
            written.append(Run(say(", with the subject {subjects}", subjects=subjects)))
        written.append(Run(". " + say("It helps to name the conclusion that you mean.")))
        blocks.append(Paragraph(tuple(written)))
    if publication.contact:
        blocks.append(Paragraph(runs(publication.contact)))
    if publication.site:
        address = parts.page("")
        blocks.append(
            Paragraph(
                (
                    Run(say("Every conclusion, figure and source has a page of its own:") + " "),
                    Run(address, href=address),
                )
            )
        )
    return blocks


def _sources(parts: Parts, sections: Sequence[Section]) -> list[Block]:
    """The releases that tables and charts of this document name, and where the rest is."""
    say = parts.say
    used: set[str] = set()
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                used |= {name for row in block.rows for cell in row.cells for name in cell.text.split(", ")}
    rows = [
        Row(
            (
                Cell(number),
                Cell(release.title, href=parts.page("sources", release.id)),
                Cell(release.publisher),
                Cell(naming.released(release, say), under=say("date of the file") if release.basis else ""),
                Cell(release.licence),
            ),
            id=f"source-{number}",
        )
        for release in parts.releases
        if (number := parts.source_numbers[release.id]) in used
    ]
    blocks: list[Block] = [
        Paragraph(
            runs(
                say(
                    "The numbers of sources are those of the full evidence pack, which lists every release with its "
                    "licence, the working of every conclusion, and the figures of every indicator. Charts name their "
                    "sources beneath them."
                )
            )
        )
    ]
    if rows:
        columns = [
            Column(say("No."), share=0.4),
            Column(say("Release"), share=3.2),
            Column(say("Publisher"), share=2.05),
            Column(say("Released"), share=1.5),
            Column(say("Licence"), share=0.9),
        ]
        blocks.append(parts.table(say("Releases named in tables"), columns, rows, small=True))
    return blocks


__all__ = ["document"]
