"""Slides of conclusions: one message each, with its chart, how sure it is, its source, and notes to present it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wellfounded.publishing import addresses, naming, sureness
from wellfounded.publishing.model import Publication, ShownConclusion, ShownIndicator
from wellfounded.publishing.slides.figures import visual
from wellfounded.publishing.slides.slide import Chart, Line, Mark, Picture, Run, Slide
from wellfounded.publishing.strings import Strings
from wellfounded.publishing.text import plain
from wellfounded.publishing.words import sentence

MOST_FIGURES = 24  # that the notes list


def line(text: str, *, strong: str = "", href: str = "", bullet: bool = False, optional: bool = False) -> Line:
    """A paragraph of one text, after words in bold."""
    runs = ((Run(f"{strong} ", strong=True),) if strong else ()) + (Run(text, href=href),)
    return Line(runs, bullet=bullet, optional=optional)


def mark(conclusion: ShownConclusion, say: Strings) -> str:
    """What stands beside a conclusion, in a line: Firm: holds in 41 of 48 ways to test it."""
    word, ways = marked(conclusion, say)
    return f"{word}: {ways}" if ways else word


def marked(conclusion: ShownConclusion, say: Strings) -> tuple[str, str]:
    """The word of a conclusion's mark, and in how many ways it holds."""
    word, _ = sureness.mark(conclusion)
    holds = sureness.sayable(conclusion)
    if not conclusion.of:
        return say(word), say("no other reasonable way to test it can be computed") if holds else ""
    number = {"holds": conclusion.holds, "of": conclusion.of}
    if holds and conclusion.of == 1:
        return say(word), say("holds in {holds} of {of} way to test it", **number)
    if holds:
        return say(word), say("holds in {holds} of {of} ways to test it", **number)
    return say(word), say("as first written, it holds in {holds} of {of} ways to test it", **number)


class Findings:
    """Slides of a publication's conclusions; a publication's own words come through `say`."""

    def __init__(self, publication: Publication, indicators: Sequence[ShownIndicator]) -> None:
        self.publication = publication
        self.indicators: Mapping[str, ShownIndicator] = {shown.id: shown for shown in indicators}
        shown = [c for c in publication.conclusions if c.state == "published" or c.id in publication.drafts]
        self.conclusions = {conclusion.id: conclusion for conclusion in shown}
        self.say = Strings.of(publication)
        self.charted: dict[str, None] = {}  # conclusions whose chart is on a slide already

    def slide(self, conclusion: ShownConclusion, *, title: str = "", prompt: str = "") -> Slide:
        """A slide of one conclusion. `title` stands in place of its sentence, which then leads the text."""
        say = self.say
        self.charted[conclusion.id] = None
        drawn = visual(self.publication, conclusion, self.indicators)
        word, ways = marked(conclusion, say)
        lines: list[Line] = []
        if title:
            lines.append(line(conclusion.sentence))
        lines.append(Line((Run(say(sureness.KIND[conclusion.kind]), strong=True),), apart=bool(title)))
        lines.append(line(say(sentence(conclusion.verdict_line))) if ways else line(sentence(word)))
        if ways:
            lines.append(line(sentence(ways), strong=f"{word}:"))
        breaks = conclusion.breaks if sureness.sayable(conclusion) else ()
        if breaks:
            lines.append(line(sentence(conclusion.breaks[0]), strong=say("What breaks it:"), optional=True))
        if not breaks and conclusion.matters_html:
            lines.append(line(plain(conclusion.matters_html), strong=say("Why it matters:"), optional=True))
        return Slide(
            "content",
            title or conclusion.sentence,
            self.notes(conclusion, drawn, prompt=prompt),
            tuple(lines),
            visual=drawn,
            mark=Mark(sureness.segments(conclusion), sentence(mark(conclusion, say))) if conclusion.of else None,
            measured=drawn.measured if isinstance(drawn, Chart) else self._subtitle(conclusion),
            source=self.source(conclusion),
        )

    def source(self, conclusion: ShownConclusion) -> tuple[Run, ...]:
        """The source line of a conclusion's chart, leading to its release and to the conclusion's page."""
        shown = self.publication.charts.get(conclusion.chart)
        foot = shown.foot if shown else "; ".join(self.release(release) for release in conclusion.sources)
        runs = [Run(foot)] if foot else []
        if here := addresses.page(self.publication, "conclusions", conclusion.id):
            runs += [Run(" "), Run(self.say("This conclusion on the site"), href=here)]
        return tuple(runs)

    def release(self, identifier: str) -> str:
        """A release as a source line names it."""
        release = self.publication.releases.get(identifier)
        if release is None:
            return identifier
        return self.say(
            "{publisher}, {title}, released {date}",
            publisher=release.publisher,
            title=release.title,
            date=naming.released(release, self.say),
        )

    def notes(
        self, conclusion: ShownConclusion, drawn: Chart | Picture | None = None, *, prompt: str = ""
    ) -> tuple[str, ...]:
        """What who presents it should know: what is shown, caveats, and how to open the discussion."""
        say = self.say
        found = [conclusion.sentence]
        if drawn is not None:
            found.append(say("On the slide: {alt}", alt=sentence(drawn.alt)))
        if isinstance(drawn, Chart):
            found.append(say("Figures: {figures}.", figures=_figures(drawn)))
        for html, words in (
            (conclusion.detail_html, "More: {text}"),
            (conclusion.matters_html, "Why it matters: {text}"),
        ):
            if html:
                found.append(say(words, text=sentence(" ".join(plain(html).split()))))
        found.append(say("How sure: {mark}", mark=sentence(mark(conclusion, say))))
        for test in conclusion.tests:
            if test.interval:
                published = "95% interval of the test, as published: {interval}."
                carried = "95% interval of the test, worked out: {interval}."
                found.append(say(published if test.interval_published else carried, interval=test.interval))
            else:
                found.append(say("No interval is published for this test, so the margin that matters decides."))
            if test.reason:
                found.append(say("Why not: {text}", text=sentence(test.reason)))
        found += [say("What breaks it: {text}", text=sentence(words)) for words in conclusion.breaks]
        for indicator in dict.fromkeys(test.indicator for test in conclusion.tests):
            shown = self.indicators.get(indicator)
            if shown is not None and shown.caveats_html:
                found.append(say("Caveat: {text}", text=sentence(" ".join(plain(shown.caveats_html).split()))))
        if conclusion.kept_because:
            found.append(say("Kept because: {text}", text=sentence(conclusion.kept_because)))
        found.append(say("To discuss: {text}", text=prompt or self.prompt(conclusion)))
        return tuple(dict.fromkeys(found))

    def prompt(self, conclusion: ShownConclusion) -> str:
        """A question to open the discussion of a conclusion with."""
        if not sureness.sayable(conclusion):
            return self.say("What would settle it? What do you know that these figures do not show?")
        if conclusion.kind == "strength":
            return self.say("Is this what you see? What does it rest on, and what could take it away?")
        if conclusion.kind == "issue":
            return self.say("Is this right? What do you see behind it, and who feels it most?")
        return self.say("What does this mean for you? What is missing from it?")

    def listing(
        self, conclusions: Iterable[ShownConclusion], *, about: Mapping[str, str] | None = None, breaks: bool = False
    ) -> tuple[Line, ...]:
        """Conclusions one under another, each with its mark and, with `about`, its chapter's name before it."""
        found = []
        for conclusion in conclusions:
            href = addresses.page(self.publication, "conclusions", conclusion.id)
            name = (about or {}).get(conclusion.chapter, "")
            runs = [Run(f"{name}: ", strong=True)] if name else []
            runs += [Run(f"{conclusion.sentence} "), Run(mark(conclusion, self.say), href=href)]
            found.append(Line(tuple(runs), bullet=True, apart=True))
            if breaks and conclusion.breaks and sureness.sayable(conclusion):
                found.append(line(sentence(conclusion.breaks[0]), strong=self.say("What breaks it:")))
        return tuple(found)

    def chosen(self, conclusions: Sequence[ShownConclusion], *, n: int) -> list[ShownConclusion]:
        """The `n` of a chapter that get a slide: firmest first, strengths and issues in turn, indicators not twice."""
        turns = [
            sureness.firmest([c for c in conclusions if c.kind == kind], n=len(conclusions), a_chapter=len(conclusions))
            for kind in ("strength", "issue")
        ]
        context = sureness.firmest([c for c in conclusions if c.kind == "context"], n=n, a_chapter=n)
        order = [one for pair in _in_turn(*turns) for one in pair] + context
        fresh: list[ShownConclusion] = []
        used: set[str] = set()
        for conclusion in order:
            indicator = conclusion.tests[0].indicator if conclusion.tests else conclusion.id
            if indicator not in used and conclusion.chart in self.publication.charts:
                used.add(indicator)
                fresh.append(conclusion)
        rest = [conclusion for conclusion in order if conclusion not in fresh]
        return [*fresh, *rest][:n]

    def _subtitle(self, conclusion: ShownConclusion) -> str:
        shown = self.publication.charts.get(conclusion.chart)
        return shown.subtitle if shown else ""


def _in_turn(one: Sequence[ShownConclusion], other: Sequence[ShownConclusion]) -> Iterable[tuple[ShownConclusion, ...]]:
    for at in range(max(len(one), len(other))):
        yield (*one[at : at + 1], *other[at : at + 1])


def _figures(chart: Chart) -> str:
    """The figures of a chart in words: those of the bars, or the first and last of each series."""
    if chart.form == "bars" and len(chart.series) == 1:
        pairs = zip(chart.categories, chart.series[0].points, strict=True)
        return "; ".join(name if p.value is None else f"{name} {p.said}" for name, p in pairs)
    if chart.form == "bars":
        rows = []
        for at, name in enumerate(chart.categories):
            rows.append(f"{name} " + ", ".join(f"{one.points[at].said} ({one.name})" for one in chart.series))
        return "; ".join(rows[:MOST_FIGURES])
    said = []
    for one in chart.series:
        known = [(name, p) for name, p in zip(chart.categories, one.points, strict=True) if p.value is not None]
        first, last = known[0], known[-1]
        said.append(f"{one.name} {first[1].said} ({first[0]}), {last[1].said} ({last[0]})")
    return "; ".join(said)


__all__ = ["Findings", "line", "mark", "marked"]
