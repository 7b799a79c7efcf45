"""The contents of the pack: summary, introduction, chapters and appendices, as a document of numbered sections."""

from __future__ import annotations

from collections.abc import Sequence

from wellfounded.publishing import sureness
from wellfounded.publishing.documents import appendices, priorities
from wellfounded.publishing.documents.changed import what_changed
from wellfounded.publishing.documents.document import (
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
from wellfounded.publishing.model import Publication, ShownChapter, ShownConclusion, ShownIndicator
from wellfounded.publishing.words import capital, listed, sentence

LEADING, A_CHAPTER = 8, 2
MOST_COLUMNS = 7  # of areas, across a page


def document(publication: Publication, indicators: Sequence[ShownIndicator]) -> Document:
    """The full evidence pack of a publication."""
    parts = Parts(publication, indicators)
    say = parts.say
    chapters = [publication.chapter_pages[c.id] for c in publication.chapters if c.id in publication.chapter_pages]
    sections = [_summary(parts), _introduction(parts)]
    if publication.changes is not None:
        sections.append(what_changed(parts, publication.changes, number=str(len(sections) + 1)))
    for chapter in chapters:
        sections.append(_chapter(parts, chapter, number=str(len(sections) + 1)))
    if publication.priorities is not None and publication.priorities.policies:
        sections.append(priorities.section(parts, publication.priorities, number=str(len(sections) + 1)))
    sections += appendices.sections(parts)
    return made(
        publication,
        sections,
        kind=say("Evidence pack"),
        description=say(
            "The full evidence pack on {place}: conclusions, their tests, figures and sources.", place=publication.name
        ),
    )


def _summary(parts: Parts) -> Section:
    publication = parts.publication
    conclusions = list(parts.conclusions.values())
    blocks: list[Block] = [Paragraph(runs(publication.sentence), tone="lead"), Paragraph(runs(_counted(parts)))]
    if publication.impacts:
        blocks.append(
            Heading(
                parts.say("Three questions") if len(publication.impacts) == 3 else parts.say("Questions"),
                2,
                "questions",
                listed=True,
            )
        )
    for impact in publication.impacts:
        blocks.append(Heading(impact.title, 3))
        blocks.append(Paragraph(runs(impact.question, em=True)))
        if impact.line:
            blocks.append(Paragraph(runs(sentence(impact.line))))
    titles = {chapter.id: chapter.title for chapter in publication.chapters}
    for kind, title in (
        ("strength", parts.say("Distinctive strengths")),
        ("issue", parts.say("What may hold growth back")),
    ):
        mine = [c for c in conclusions if c.kind == kind]
        leading = sureness.firmest(mine, n=LEADING, a_chapter=A_CHAPTER)
        blocks.append(Heading(title, 2, f"{kind}s", listed=True))
        if not leading:
            blocks.append(Paragraph(runs(parts.say("No conclusion of this kind holds at present."))))
            continue
        if len(mine) > len(leading):
            words = parts.say(
                {
                    "strength": "The firmest of {n} strengths, at most {most} from a chapter.",
                    "issue": "The firmest of {n} issues, at most {most} from a chapter.",
                }[kind],
                n=len(mine),
                most=A_CHAPTER,
            )
            blocks.append(Paragraph(runs(words), tone="quiet"))
        blocks += [parts.says(c, about=titles.get(c.chapter, "")) for c in leading]
    if others := [c for c in conclusions if not sureness.sayable(c)]:
        blocks.append(Heading(parts.say("What the figures do not bear out"), 2, "not-borne-out", listed=True))
        blocks.append(
            Paragraph(
                runs(
                    parts.say("Each was expected before it was tested. What stands here is as far as the figures go.")
                ),
                tone="quiet",
            )
        )
        blocks += [parts.says(c, about=titles.get(c.chapter, "")) for c in others]
    if publication.consultation_address:
        blocks.append(Heading(parts.say("Tell us where this is wrong"), 2, "respond-in-short", listed=True))
        blocks.append(
            Paragraph(
                (
                    Run(parts.say("Write to ")),
                    Run(publication.consultation_address, href=f"mailto:{publication.consultation_address}"),
                    Run(parts.say(". What we ask is in the ")),
                    Run(parts.say("introduction"), href="#respond"),
                    Run("."),
                )
            )
        )
    return Section("summary", "1", parts.say("Summary"), tuple(blocks))


def _counted(parts: Parts) -> str:
    conclusions = list(parts.conclusions.values())
    say = parts.say
    if not conclusions:
        return say("No conclusion is published yet.")
    verdicts = [say.count(n, *sureness.COUNTED[verdict]) for verdict, n in sureness.by_verdict(conclusions).items()]
    return say(
        "{conclusions}, drawn from {indicators} in {releases} of published statistics. Each carries a test that could "
        "fail: {verdicts}. Each was tested again in every other reasonable way, and the mark beside it says in how "
        "many it holds.",
        conclusions=say.count(len(conclusions), "{n} conclusion", "{n} conclusions"),
        indicators=say.count(len(parts.indicators), "{n} indicator", "{n} indicators"),
        releases=say.count(len(parts.releases), "{n} release", "{n} releases"),
        verdicts=listed(verdicts, last=say("and")),
    )


def _introduction(parts: Parts) -> Section:
    publication = parts.publication
    blocks: list[Block] = list(parts.prose(publication.about_html, level=2))
    blocks += [
        Heading(parts.say("How to read it"), 2, "how-to-read", listed=True),
        Paragraph(
            runs(
                parts.say(
                    "A conclusion is a sentence with a test. The sentence, the test, and the difference that would "
                    "matter were written down before the test was run. A sentence is printed as written only if its "
                    "test holds on the latest figures; otherwise it says what the figures allow."
                )
            )
        ),
        Facts(
            tuple(
                Fact(parts.say(name), runs(parts.say(sentence(sureness.VERDICT_MEANS[verdict]))), verdict=verdict)
                for verdict, name in sureness.VERDICTS.items()
            )
        ),
        Paragraph(
            runs(
                parts.say(
                    "Then it is tested again in every other reasonable way: against other comparators, in other years, "
                    "with other measures, without each member area, on the release before. The mark says in how many "
                    "of them it holds."
                )
            )
        ),
        Facts(
            tuple(
                Fact(parts.say(name), runs(parts.say(sentence(sureness.SURENESS_MEANS[key]))))
                for key, name in sureness.SURENESS.items()
            )
        ),
        Paragraph(
            (
                Run(parts.say("The working of each test, and what breaks it, is in ")),
                Run(parts.say("appendix A"), href="#appendix-conclusions"),
                Run(parts.say(". Every number in the text leads to its indicator in ")),
                Run(parts.say("appendix D"), href="#appendix-indicators"),
                Run(parts.say(", and S with a number to its release in ")),
                Run(parts.say("appendix C"), href="#appendix-sources"),
                Run(parts.say(". The open data beside this pack holds all of it as CSV.")),
            )
        ),
    ]
    if publication.fdr_note:
        blocks.append(Paragraph(runs(publication.fdr_note)))
    blocks += _compared(parts)
    blocks += _respond(parts)
    return Section("introduction", "2", parts.say("About this pack"), tuple(blocks))


def _compared(parts: Parts) -> list[Block]:
    publication = parts.publication
    blocks: list[Block] = [Heading(parts.say("What is compared"), 2, "compared", listed=True)]
    if publication.members:
        members = listed([member.name for member in publication.members], last=parts.say("and"))
        blocks.append(
            Paragraph(
                (
                    Run(
                        parts.say(
                            "{place} is made of {members}. Few statistics are published for it as a whole: counts of "
                            "its members are added, ratios rebuilt from what they divide, and what can't honestly be "
                            "combined is shown for the members only (",
                            place=publication.name,
                            members=members,
                        )
                    ),
                    Run(parts.say("how members combine"), href=parts.to("method", "aggregation")),
                    Run(")."),
                )
            )
        )
    if publication.comparators:
        facts = [Fact(capital(c.name), runs(c.description or capital(c.name))) for c in publication.comparators]
        blocks.append(Facts(tuple(facts)))
    return blocks


def _respond(parts: Parts) -> list[Block]:
    publication = parts.publication
    if not publication.consultation_address and not publication.contact:
        return []
    blocks: list[Block] = [Heading(parts.say("How to respond"), 2, "respond", listed=True)]
    if publication.consultation_questions:
        blocks.append(Paragraph(runs(parts.say("We ask:"))))
        blocks.append(
            Items(tuple((Paragraph(runs(text)),) for text in publication.consultation_questions), ordered=True)
        )
    if publication.consultation_address:
        address = publication.consultation_address
        written = [Run(parts.say("Write to ")), Run(address, href=f"mailto:{address}")]
        if publication.consultation_subjects:
            subjects = listed([f"“{subject}”" for subject in publication.consultation_subjects], last=parts.say("or"))
            written.append(Run(parts.say(", with the subject {subjects}", subjects=subjects)))
        written.append(Run(parts.say(". It helps to name the conclusion that you mean.")))
        blocks.append(Paragraph(tuple(written)))
    if publication.contact:
        blocks.append(Paragraph(runs(publication.contact)))
    return blocks


def _chapter(parts: Parts, chapter: ShownChapter, *, number: str) -> Section:
    blocks: list[Block] = []
    if chapter.question:
        blocks.append(Paragraph(runs(chapter.question), tone="lead"))
    mine = [parts.conclusions[identifier] for identifier in chapter.conclusions if identifier in parts.conclusions]
    if mine:
        blocks.append(Heading(parts.say("What we conclude"), 2, f"conclude-{chapter.id}"))
        for kind, some in sureness.by_kind(mine).items():
            blocks.append(Heading(parts.say(sureness.KINDS[kind]), 3))
            blocks += [parts.says(conclusion) for conclusion in some]
    if chapter.blocks:
        blocks.append(Heading(parts.say("The evidence"), 2, f"evidence-{chapter.id}"))
    for block in chapter.blocks:
        if block.kind == "html":
            blocks += parts.prose(block.html, level=3)
        elif block.kind == "chart":
            blocks.append(parts.chart(block.ref))
        elif block.ref in parts.conclusions:
            blocks.append(parts.says(parts.conclusions[block.ref], pull=True))
    if chapter.rows:
        blocks.append(Heading(parts.say("The figures"), 2, f"figures-{chapter.id}"))
        blocks.append(_figures(parts, chapter, mine))
    return Section(f"chapter-{chapter.id}", number, chapter.title, tuple(blocks))


def _figures(parts: Parts, chapter: ShownChapter, mine: Sequence[ShownConclusion]) -> Table:
    """The latest figures of the indicators that the chapter's conclusions rest on; of all where they rest on none."""
    tested = {test.indicator for conclusion in mine for test in conclusion.tests}
    rows = [row for row in chapter.rows if row.indicator in tested] or list(chapter.rows)
    shown = _columns_shown(len(chapter.columns))
    columns = [Column(parts.say("Indicator"), share=2.5)]
    columns += [Column(chapter.columns[at], number=True, own=at == 0, share=1.25) for at in shown]
    columns += [Column(parts.say("Here over time"), share=1.1), Column(parts.say("Source"), share=0.65)]
    return parts.table(
        parts.say("{chapter}: the latest figures behind these conclusions", chapter=chapter.title),
        columns,
        [
            Row(
                (
                    Cell(row.label, under=row.period, href=parts.to("indicator", row.indicator)),
                    *(figure_cell(row.figures[at], parts.say, period=row.period) for at in shown),
                    Cell(row.spark_alt, spark=row.spark) if row.spark else Cell(none=parts.say("one period")),
                    parts.source(figure.release for figure in row.figures),
                )
            )
            for row in rows
        ],
        foot=parts.say(
            "Under a figure is its 95% interval, where one is published or can be carried through. All indicators of "
            "this chapter, with every comparator, are in appendix D."
        ),
    )


def _columns_shown(many: int) -> list[int]:
    """Which of the columns of a chapter's table are shown: with many members the place and the comparator alone."""
    return list(range(many)) if many <= MOST_COLUMNS else [0, many - 1]
