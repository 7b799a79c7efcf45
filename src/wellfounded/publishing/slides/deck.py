"""Which slides a publication's presentation has, and what is on each: plain data, drawn by `rendering`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from wellfounded.publishing import addresses, colours, sureness
from wellfounded.publishing.model import ChapterRef, Publication, ShownConclusion, ShownFigure, ShownIndicator
from wellfounded.publishing.slides.findings import Findings, line
from wellfounded.publishing.slides.slide import Brand, Cell, Deck, Line, Run, Slide, Table
from wellfounded.publishing.strings import Strings
from wellfounded.publishing.text import plain
from wellfounded.publishing.words import day, sentence, short_reason

A_CHAPTER, ALSO = 4, 6  # slides of conclusions in a chapter, and further ones listed
LEADING, LEADING_A_CHAPTER = 8, 2
LEAST_SURE = 6
AN_IMPACT = 2  # of strengths and of issues
RANKED, RANKED_SHOWN = 8, 3  # policies in the table, and with a slide each
MOST_COLUMNS = 6  # of figures in a table: with more members the place and the comparator stand alone


def deck(publication: Publication, indicators: Sequence[ShownIndicator]) -> Deck:
    """The stakeholder presentation of a publication."""
    made = _Made(publication, indicators)
    say = made.say
    colour = colours.checked(publication.brand.get("colour") or colours.BRAND)
    return Deck(
        title=publication.title,
        place=publication.name,
        footer=f"{publication.short_name or publication.name} · {made.edition}",
        lang=publication.lang,
        date=dated(publication),
        brand=Brand(
            colour,
            colours.on(colour),
            colours.readable(colour),
            colours.checked(publication.brand.get("accent") or colours.ACCENT),
            tuple(colours.checked(member.colour) for member in publication.members if member.colour)[:8],
        ),
        software=f"Wellfounded {publication.version}",
        continued=say("{title} ({n} of {of})"),
        slides=tuple(_unique(made.slides(), say)),
    )


def dated(publication: Publication) -> date | None:
    """The day of the edition, or of the build of a working version."""
    text = publication.edition.date if publication.edition else publication.built_at
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _unique(slides: Sequence[Slide], say: Strings) -> list[Slide]:
    """The slides with titles that no other slide has."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    found = []
    for slide in slides:
        number = seen[slide.title] = seen.get(slide.title, 0) + 1
        found.append(
            slide if number == 1 else replace(slide, title=say("{title} (again, {n})", title=slide.title, n=number))
        )
    return found


class _Made:
    """The slides of one publication."""

    def __init__(self, publication: Publication, indicators: Sequence[ShownIndicator]) -> None:
        self.publication = publication
        self.findings = Findings(publication, indicators)
        self.conclusions = self.findings.conclusions
        self.say = self.findings.say
        self.titles = {chapter.id: chapter.title for chapter in publication.chapters}
        self.used: dict[str, None] = {}  # releases that slides rest on
        when = dated(publication)
        words = day(when) if when else publication.built_at
        edition = publication.edition
        self.edition = (
            self.say("Edition {n}, {date}", n=edition.number, date=words)
            if edition
            else self.say("Working version of {date}", date=words)
        )

    def slides(self) -> list[Slide]:
        """All slides in order."""
        found = [self._title(), *self._approach(), *self._in_figures()]
        for chapter in self.publication.chapters:
            found += self._chapter(chapter)
        found += self._concluded()
        found += self._impacts()
        found += self._priorities()
        found += self._challenges()
        found += self._questions()
        found += self._respond()
        return found + self._sources()

    def _title(self) -> Slide:
        publication, say = self.publication, self.say
        lines = [line(say("Evidence for an engagement session")), line(f"{publication.name} · {self.edition}")]
        if publication.edition and publication.edition.notice:
            lines.append(line(publication.edition.notice, strong=say("Correction:")))
        if drafts := len(publication.drafts):
            words = "Preview: {n} conclusion is a draft that nobody has published. Don’t quote it."
            many = "Preview: {n} conclusions are drafts that nobody has published. Don’t quote them."
            lines.append(line(say.count(drafts, words, many)))
        return Slide(
            "title",
            publication.title,
            (
                publication.sentence or publication.title,
                say("Every figure comes from the published evidence base; the notes say what to be careful with."),
                say(
                    "To discuss: {text}", text=say("What brought you here, and what do you expect the figures to say?")
                ),
            ),
            tuple(lines),
        )

    def _approach(self) -> list[Slide]:
        publication, say = self.publication, self.say
        about = [" ".join(text.split()) for text in plain(publication.about_html).split("\n") if text.strip()]
        counted = self._counted()
        purpose = [line(publication.sentence)] if publication.sentence else []
        purpose += [
            line(say("To show what published figures say, and how sure we can be of each conclusion."), bullet=True),
            line(say("To hear where this does not match what you know."), bullet=True),
            line(say("To collect evidence that we have not seen."), bullet=True),
            line(counted, optional=True),
        ]
        how = [
            line(say("A sentence, a test, and the difference that would matter are written down first."), bullet=True),
            line(say("The test is run on the latest published figures. It could have failed."), bullet=True),
            line(
                say(
                    "It is run again in every other reasonable way: other comparators, years, measures, without each "
                    "member area, on the release before."
                ),
                bullet=True,
            ),
            line(
                say(
                    "The sentence is printed as written only if its test holds. Otherwise it says what the figures "
                    "allow."
                ),
                bullet=True,
            ),
            line(say("The mark beside it says in how many of those ways it holds."), bullet=True),
        ]
        means = [
            Line((Run(f"{say(name)}: ", strong=True), Run(say(sentence(sureness.SURENESS_MEANS[key])))), bullet=True)
            for key, name in sureness.SURENESS.items()
        ]
        verdicts = [
            Line((Run(f"{say(name)}: ", strong=True), Run(say(sentence(sureness.VERDICT_MEANS[key])))), bullet=True)
            for key, name in sureness.VERDICTS.items()
        ]
        discuss = self._discuss("Is anything about this way of working unclear, or unfair to the place?")
        fdr = (publication.fdr_note,) if publication.fdr_note else ()
        return [
            Slide(
                "content", say("What this session is for"), (*(about or [counted]), counted, discuss), tuple(purpose)
            ),
            Slide("content", say("How a conclusion is made"), (*_texts(how), *fdr, discuss), tuple(how)),
            Slide("content", say("How sure: what the marks mean"), (*_texts(means), discuss), tuple(means)),
            Slide("content", say("What the verdicts mean"), (*_texts(verdicts), discuss), tuple(verdicts)),
        ]

    def _counted(self) -> str:
        say = self.say
        some = list(self.conclusions.values())
        held = sum(sureness.sayable(conclusion) for conclusion in some)
        return say.count(
            len(some),
            "{n} conclusion was tested on published figures; {held} of them holds.",
            "{n} conclusions were tested on published figures; {held} of them hold.",
            held=held,
        )

    def _in_figures(self) -> list[Slide]:
        """The latest figure of one indicator of each chapter: that of its firmest conclusion where there is one."""
        publication, say = self.publication, self.say
        rows: list[tuple[Cell, ...]] = []
        names: tuple[str, ...] = ()
        notes: list[str] = []
        for chapter in publication.chapters:
            page = publication.chapter_pages.get(chapter.id)
            if page is None or not page.rows:
                continue
            mine = [self.conclusions[c] for c in page.conclusions if c in self.conclusions]
            wanted = [
                t.indicator for c in sureness.firmest(mine, n=len(mine), a_chapter=len(mine)) for t in c.tests[:1]
            ]
            known = [row for row in page.rows if row.figures and row.figures[0].value is not None] or list(page.rows)
            by_id = {row.indicator: row for row in known}
            row = next((by_id[name] for name in wanted if name in by_id), known[0])
            names, keep = page.columns, self._columns(page.columns)
            figures = [row.figures[at] for at in keep if at < len(row.figures)]
            href = addresses.page(publication, "indicators", row.indicator)
            label = Cell(f"{row.label} ({row.period})", href=href)
            rows.append((label, *(_cell(figure, say, own=at == 0) for at, figure in enumerate(figures))))
            notes.append(f"{row.label}, {row.period}: " + "; ".join(_said(f, row.period) for f in figures) + ".")
            self._rest_on(figure.release for figure in figures)
        if not rows:
            return []
        heads = (Cell(say("Latest figures")), *(Cell(names[at], number=True) for at in self._columns(names)))
        title = say("{place} in figures", place=publication.short_name or publication.name)
        discuss = self._discuss("Which of these figures surprises you?")
        source = Run(say("Sources: see the last slides. A missing figure says why there is none."))
        return [
            Slide(
                "content",
                title,
                (*notes, discuss),
                visual=Table(say("Table: {title}", title=title) + ". " + " ".join(notes), heads, tuple(rows)),
                source=(source,),
            )
        ]

    def _columns(self, names: Sequence[str]) -> list[int]:
        return list(range(len(names))) if len(names) <= MOST_COLUMNS else [0, len(names) - 1]

    def _chapter(self, chapter: ChapterRef) -> list[Slide]:
        say = self.say
        page = self.publication.chapter_pages.get(chapter.id)
        mine = [self.conclusions[c] for c in page.conclusions if c in self.conclusions] if page else []
        if not mine:
            return []
        kinds = sureness.by_kind(mine)
        counted = [f"{say(sureness.KINDS[kind])}: {len(some)}" for kind, some in kinds.items()]
        shown = self.findings.chosen(mine, n=A_CHAPTER)
        others = [c for c in sureness.firmest(mine, n=len(mine), a_chapter=len(mine)) if c not in shown]
        opening = Slide(
            "section",
            chapter.title,
            (
                chapter.question or chapter.title,
                " · ".join(counted),
                say("To discuss: {text}", text=chapter.question or say("What would you expect to see here?")),
            ),
            (*((line(chapter.question),) if chapter.question else ()), line(" · ".join(counted))),
        )
        found = [opening, *(self._finding(conclusion) for conclusion in shown)]
        if others:
            listed = others[:ALSO]
            lines = list(self.findings.listing(listed))
            left = len(others) - len(listed)
            if left:
                lines.append(
                    line(say.count(left, "{n} more is in the evidence pack.", "{n} more are in the evidence pack."))
                )
            title = say("{chapter}: what else holds", chapter=chapter.title)
            found.append(self._list(title, listed, lines, "Which of these matters most to you, and which is missing?"))
        return found

    def _finding(self, conclusion: ShownConclusion, *, title: str = "", prompt: str = "") -> Slide:
        self._rest_on(conclusion.sources)
        return self.findings.slide(conclusion, title=title, prompt=prompt)

    def _list(self, title: str, conclusions: Sequence[ShownConclusion], lines: Sequence[Line], ask: str) -> Slide:
        self._rest_on(source for conclusion in conclusions for source in conclusion.sources)
        notes: list[str] = []
        for conclusion in conclusions:
            notes += list(self.findings.notes(conclusion)[:-1])
        return Slide("content", title, (*dict.fromkeys(notes), self._discuss(ask)), tuple(lines))

    def _concluded(self) -> list[Slide]:
        say, found = self.say, []
        for kind, title, ask in (
            ("strength", "What we conclude: strengths", "Which strength is missing, and which would you doubt?"),
            ("issue", "What we conclude: issues", "Which issue holds you back most, and which would you doubt?"),
        ):
            mine = [c for c in self.conclusions.values() if c.kind == kind]
            leading = sureness.firmest(mine, n=LEADING, a_chapter=LEADING_A_CHAPTER)
            if leading:
                found.append(self._list(say(title), leading, self.findings.listing(leading, about=self.titles), ask))
        others = [c for c in self.conclusions.values() if not sureness.sayable(c)]
        if others:
            lines = [line(say("Each was expected before it was tested. What stands here is as far as the figures go."))]
            lines += self.findings.listing(others, about=self.titles)
            ask = "What would settle these? Do you hold figures that would?"
            found.append(self._list(say("What the figures do not bear out"), others, lines, ask))
        return found

    def _impacts(self) -> list[Slide]:
        """A slide an impact area: its question, its line, and the firmest strengths and issues that bear on it."""
        found = []
        for impact in self.publication.impacts:
            mine = [self.conclusions[c] for c in impact.conclusions if c in self.conclusions]
            some = []
            for kind in ("strength", "issue"):
                some += sureness.firmest([c for c in mine if c.kind == kind], n=AN_IMPACT, a_chapter=1)
            title = f"{impact.title}: {impact.question}" if impact.question else impact.title
            lines = [line(sentence(impact.line))] if impact.line else []
            lines += [
                Line((Run(f"{self.say(sureness.KIND[c.kind])}: ", strong=True), *one.runs), bullet=True, apart=True)
                for c, one in zip(some, self.findings.listing(some), strict=True)
            ]
            ask = "What would change this most, and who could do it?"
            found.append(self._list(title, some, lines or [line(impact.title)], ask))
        return found

    def _priorities(self) -> list[Slide]:
        """The ranking as a table, then a slide each for those that come first."""
        priorities, say = self.publication.priorities, self.say
        if priorities is None or not priorities.policies:
            return []
        impacts = [(impact.id, impact.title) for impact in self.publication.impacts]
        rows = []
        for policy in priorities.policies[:RANKED]:
            worth = {key: say("not worked out") for key in policy.impact}
            worth |= {prize.impact: prize.text for prize in policy.prizes if prize.text}
            rows.append(
                (
                    Cell(f"{policy.rank}. {policy.title}{' (!)' if policy.warnings else ''}"),
                    Cell(policy.first_share, number=True),
                    *(Cell(worth.get(key, "–"), number=True) for key, _ in impacts),
                )
            )
        heads = (
            Cell(say("Policy")),
            Cell(say("First for"), number=True),
            *(Cell(title, number=True) for _, title in impacts),
        )
        title = say("Where action could count most")
        notes = [sentence(priorities.line), sentence(priorities.how_sure)]
        notes.append(say("“First for” is the share of all ways to weigh the criteria for which a policy comes first."))
        money = say("Money is arithmetic on published figures with all else unchanged, and not a forecast.")
        shaky = say("(!) It rests on a conclusion that fails, is uncertain or is fragile.")
        notes.append(f"{shaky} {money}" if any(policy.warnings for policy in priorities.policies[:RANKED]) else money)
        found = [
            Slide(
                "content",
                title,
                (*notes, self._discuss("Which of these would you put first, and what would you weigh?")),
                visual=Table(say("Table: {title}", title=title) + ". " + " ".join(notes), heads, tuple(rows)),
                source=(Run(notes[-1]),),
            )
        ]
        for policy in priorities.policies[:RANKED_SHOWN]:
            lines = [line(policy.says)]
            for prize in policy.prizes:
                if prize.text:
                    interval = f" ({prize.interval})" if prize.interval else ""
                    lines.append(Line((Run(f"{prize.text}{interval}: ", strong=True), Run(prize.title)), bullet=True))
            lines += [Line((Run(rest.sentence),), bullet=True) for rest in policy.rests_on[:2]]
            if policy.warnings:
                lines.append(line(sentence(policy.beware or policy.warnings[0]), strong=say("Beware:")))
            about = say("Who can act: {who}", who=", ".join(policy.lever_titles))
            notes = [sentence(policy.line), about, *(sentence(text) for text in policy.first_when)]
            ask = "Is this where action would count here? What would make it work?"
            title = say("Priority {n}: {title}", n=policy.rank, title=policy.title)
            found.append(Slide("content", title, (*notes, self._discuss(ask)), (*lines, line(about))))
        return found

    def _challenges(self) -> list[Slide]:
        say, challenges = self.say, self.publication.challenges
        if not challenges:
            return []
        lines = [Line((Run(f"{c.title}: ", strong=True), Run(c.text or c.title)), bullet=True) for c in challenges]
        ask = "What could this place do about each that others could not?"
        found = [
            Slide("content", say("The Grand Challenges"), (*_texts(lines), self._discuss(ask)), tuple(lines)),
        ]
        for challenge in challenges:
            mine = [c for c in self.conclusions.values() if challenge.id in c.challenges and sureness.sayable(c)]
            if not mine:
                continue
            leading = sureness.firmest(mine, n=5, a_chapter=2)
            title = say("{challenge}: what the evidence says here", challenge=challenge.title)
            listed = self.findings.listing(leading, about=self.titles)
            found.append(self._list(title, leading, [line(challenge.text), *listed] if challenge.text else listed, ask))
        return found

    def _questions(self) -> list[Slide]:
        publication, say = self.publication, self.say
        found = []
        if asked := publication.consultation_questions:
            lines = tuple(line(text, bullet=True) for text in asked)
            notes = (say("Take the questions in turn and write down which conclusion each point is about."), *asked)
            found.append(Slide("content", say("Questions for the room"), (*notes, self._discuss(asked[0])), lines))
        issues = [c for c in self.conclusions.values() if c.kind == "issue" and c.of]
        issues.sort(key=lambda c: (sureness.sayable(c), c.holds / c.of, c.id))
        unsure = [c for c in issues if c.sureness != "firm"][:LEAST_SURE]
        if unsure:
            lines = self.findings.listing(unsure, about=self.titles, breaks=True)
            ask = "Is this right? What do you see in your own business, college or street?"
            found.append(self._list(say("Is this right? The issues that we are least sure of"), unsure, lines, ask))
        return found

    def _respond(self) -> list[Slide]:
        publication, say = self.publication, self.say
        address = publication.consultation_address
        lines = []
        if address:
            lines.append(Line((Run(f"{say('Write to')} "), Run(address, href=f"mailto:{address}"))))
        if publication.consultation_subjects:
            lines.append(
                line(say("Subject of the message: {subjects}", subjects=" / ".join(publication.consultation_subjects)))
            )
        if publication.site:
            lines.append(
                Line(
                    (Run(f"{say('On the site:')} "), Run(publication.site, href=addresses.page(publication, "respond")))
                )
            )
        if not lines and not publication.contact:
            return []
        if lines:
            lines.append(line(say("It helps to name the conclusion that you mean.")))
        if publication.contact:
            lines.append(line(publication.contact))
        notes = (*_texts(lines), *publication.consultation_questions)
        discuss = self._discuss("Who else should see this?")
        return [Slide("content", say("How to respond"), (*notes, discuss), tuple(lines))]

    def _rest_on(self, releases: object) -> None:
        for release in releases:  # type: ignore[attr-defined]
            if release in self.publication.releases:
                self.used[release] = None

    def _sources(self) -> list[Slide]:
        """The releases that these slides rest on."""
        say = self.say
        releases = sorted(
            (self.publication.releases[r] for r in self.used),
            key=lambda r: (r.publisher, r.title, r.released_date, r.id),
        )
        lines, notes = [], []
        for release in releases:
            href = addresses.page(self.publication, "sources", release.id) or release.url
            text = self.findings.release(release.id)
            licence = f" {release.licence}." if release.licence else ""
            more = (Run(" "), Run(say("Its page"), href=href)) if href else ()
            lines.append(Line((Run(f"{sentence(text)}{licence}"), *more), bullet=True, apart=True))
            basis = f" ({release.basis})" if release.basis else ""
            notes.append(f"{sentence(text)}{licence}{basis} {release.url}".strip())
        if not lines:
            return []
        discuss = self._discuss("What other evidence should we consider?")
        return [Slide("content", say("Sources"), (*notes, discuss), tuple(lines))]

    def _discuss(self, question: str) -> str:
        return self.say("To discuss: {text}", text=self.say(question))


def _texts(lines: Sequence[Line]) -> list[str]:
    return [one.text for one in lines]


def _cell(figure: ShownFigure, say: Strings, *, own: bool) -> Cell:
    if figure.value is None:
        return Cell(say(short_reason(figure.why_none)), number=True, own=own)
    return Cell(figure.text, number=True, own=own)


def _said(figure: ShownFigure, period: str) -> str:
    """A figure with its area, its interval, and its period where that is another than the row's."""
    if figure.value is None:
        return f"{figure.area_name}: {figure.why_none or 'not published'}"
    more = [text for text in (figure.interval, figure.period if figure.period != period else "") if text]
    return f"{figure.area_name} {figure.text}" + (f" ({', '.join(more)})" if more else "")


__all__ = ["dated", "deck"]
