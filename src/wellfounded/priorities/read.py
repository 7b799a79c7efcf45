"""priorities.toml: the policies of a base, read and checked against its conclusions and figures."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from wellfounded.conclusions.types import Conclusion, State, Where
from wellfounded.evidence.base import ID, Base
from wellfounded.evidence.located import BaseErrors, Problem, Table, no_such, read_toml
from wellfounded.evidence.store import NoSuchIndicator, Store
from wellfounded.priorities.reaches import LINKS, OUTPUT, PAY_REACHES, REACHES, SECTIONS
from wellfounded.priorities.types import (
    FILE,
    CitedEvaluation,
    CitedTime,
    Declared,
    Finding,
    Lever,
    Measure,
    Policy,
    PrizeSpec,
    Reference,
    Success,
)

_KEYS = {
    "id", "title", "chapter", "says", "detail", "status", "levers", "conclusions", "impact", "moves", "challenges",
    "prize", "evaluation", "time", "success",
}  # fmt: skip
_REFERENCE = ("title", "publisher", "url", "accessed")
_URL = re.compile(r"https?://[^\s/]+\S*")


def read_priorities(base: Base, conclusions: Sequence[Conclusion], store: Store | None = None) -> Declared | None:
    """The policies of a base; None where it has no priorities.toml. Raises BaseErrors with all that is wrong."""
    path = base.folder / FILE
    if not path.is_file():
        return None
    located = read_toml(path, shown_as=FILE)
    reader = _Reader(base, {item.id: item for item in conclusions}, store or Store.open(base))
    declared = reader.file(Table(located, located.data, reader.problems))
    if reader.problems:
        raise BaseErrors(reader.problems)
    return declared


@dataclass
class _Reader:
    base: Base
    conclusions: dict[str, Conclusion]
    store: Store
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, Where] = field(default_factory=dict)

    def file(self, whole: Table) -> Declared:
        if "member" in whole:
            whole.wrong("stated weights are in a file of their own: `wellfounded priorities --weights FILE`", "member")
        whole.only({"comparator", "policy", "member"})
        comparator = self._comparator(whole) or next(iter(self.base.comparators), "")
        policies = [found for table in whole.tables("policy") if (found := self._policy(table)) is not None]
        self._one_measure(policies)
        return Declared(tuple(policies), comparator)

    def _one_measure(self, policies: Sequence[Policy]) -> None:
        """Adds a problem for each prize that can't be compared with the first one for the same impact area."""
        firsts: dict[str, PrizeSpec] = {}
        for policy in policies:
            for prize in policy.prizes:
                other = firsts.setdefault(prize.impact, prize)
                if other.measure is not prize.measure and prize.where is not None:
                    said = (
                        f"this prize for {prize.impact!r} is in {prize.measure.value}, the one at {other.where} in "
                        f"{other.measure.value}: those of one impact area are ranked together and need one measure"
                    )
                    self.problems.append(Problem(prize.where.file, prize.where.line, said))

    def _policy(self, table: Table) -> Policy | None:
        before = len(self.problems)
        where = Where(table.located.file, table.line)
        table.only(_KEYS)
        identifier = self._identifier(table, where)
        title, says = self._needed(table, "title", "its name"), self._needed(table, "says", "what it would do, and why")
        chapter = self._needed(table, "chapter", "the foundation that it belongs to")
        chapters = [item.id for item in self.base.chapters]
        if chapter and chapter not in chapters:
            table.wrong(no_such("chapter", chapter, chapters), "chapter")
        status = table.text("status", "draft")
        if status not in ("draft", "published"):
            table.wrong(no_such("status", status, ("draft", "published")), "status")
        levers = self._some_of(table, "levers", "holder of a lever", list(Lever), needed="who can act")
        impacts = [item.id for item in self.base.impacts]
        impact = self._some_of(table, "impact", "impact area", impacts, needed="the impact areas that it serves")
        rests = self._conclusions(table, published=status == "published" and not self.base.show_drafts)
        bearing = {area for name in rests for area in self.conclusions[name].impact}
        if rests:
            for area in impact:
                if area not in bearing:
                    table.wrong(
                        f"none of the conclusions that {identifier!r} rests on bears on {area!r}: name one that does "
                        f"in `conclusions`, or take {area!r} out of `impact`",
                        "impact",
                    )
        moves = table.texts("moves")
        for name in moves:
            self._indicator(table, name, "moves")
        challenges = self._some_of(table, "challenges", "Grand Challenge", [item.id for item in self.base.challenges])
        prizes = self._prizes(table, impact)
        evaluations = tuple(found for one in table.tables("evaluation") if (found := self._evaluation(one, impact)))
        time = self._time(table.table("time")) if "time" in table else None
        success = tuple(wanted for one in table.tables("success") if (wanted := self._success(one)))
        if len(self.problems) > before:
            return None
        return Policy(
            id=identifier,
            title=title,
            chapter=chapter,
            says=says,
            levers=tuple(Lever(name) for name in levers),
            conclusions=rests,
            impact=impact,
            moves=moves,
            challenges=challenges,
            detail=table.text("detail").strip(),
            prizes=prizes,
            evaluations=evaluations,
            time=time,
            success=success,
            draft=status == "draft",
            where=where,
        )

    def _identifier(self, table: Table, where: Where) -> str:
        identifier = table.data.get("id")
        if not isinstance(identifier, str) or not identifier:
            table.wrong("a policy needs an `id`")
            return ""
        if not ID.fullmatch(identifier):
            table.wrong(f"`id` is {identifier!r}: expected small letters, digits and hyphens, as local-skills", "id")
        elif identifier in self.seen:
            table.wrong(f"the id {identifier!r} is already used at {self.seen[identifier]}", "id")
        else:
            self.seen[identifier] = where
        return identifier

    def _needed(self, table: Table, key: str, what: str) -> str:
        text = table.text(key).strip()
        if not text and isinstance(table.data.get(key, ""), str):
            table.wrong(f"a policy needs `{key}`: {what}", key)
        return text

    def _some_of(
        self, table: Table, key: str, what: str, known: Collection[str], *, needed: str = ""
    ) -> tuple[str, ...]:
        given = table.texts(key)
        if needed and not given and table.data.get(key, []) == []:
            table.wrong(f"a policy needs `{key}`: {needed}, some of {', '.join(known)}", key)
        for name in given:
            if name not in list(known):
                table.wrong(no_such(what, name, known), key)
        return tuple(name for name in dict.fromkeys(given) if name in list(known))

    def _conclusions(self, table: Table, *, published: bool) -> tuple[str, ...]:
        """The conclusions that a policy rests on; one that is `published` rests on published ones only."""
        given = table.texts("conclusions")
        if not given and table.data.get("conclusions", []) == []:
            table.wrong("a policy needs `conclusions`: the ids of those that it rests on", "conclusions")
        known = {name for name, item in self.conclusions.items() if item.state is not State.WITHDRAWN}
        for name in given:
            if name in self.conclusions and name not in known:
                table.wrong(f"the conclusion {name!r} is withdrawn: nothing can rest on it", "conclusions")
            elif name not in known:
                table.wrong(no_such("conclusion", name, known), "conclusions")
            elif published and self.conclusions[name].state is State.DRAFT:
                table.wrong(
                    f"the conclusion {name!r} is a draft, which a published policy would print: publish it, take it "
                    'out, or give the policy `status = "draft"`',
                    "conclusions",
                )
        return tuple(name for name in dict.fromkeys(given) if name in known)

    def _indicator(self, table: Table, name: str, key: str) -> None:
        try:
            self.store.indicator(name)
        except NoSuchIndicator as error:
            table.wrong(str(error), key)

    def _comparator(self, table: Table) -> str:
        given = table.text("comparator")
        if given and given not in self.base.comparators:
            table.wrong(no_such("comparator", given, self.base.comparators), "comparator")
            return ""
        return given

    def _prizes(self, policy: Table, impact: tuple[str, ...]) -> tuple[PrizeSpec, ...]:
        found: dict[str, PrizeSpec] = {}
        for table in policy.tables("prize"):
            table.only({"impact", "measure", "reach", "comparator", "areas", "category"})
            area = table.text("impact")
            if impact and area not in impact:
                table.wrong(f"`impact` is {area!r}: expected one of the policy's own: {', '.join(impact)}",
                            "impact")  # fmt: skip
            elif area in found:
                table.wrong(f"there already is a prize for {area!r}: each impact area has one", "impact")
            measure, reach = table.text("measure"), table.text("reach")
            if measure not in list(Measure):
                table.wrong(no_such("measure of a prize", measure, list(Measure)), "measure")
                continue
            self._reach(table, Measure(measure), reach)
            members = table.texts("areas")
            for code in members:
                if code not in self.base.members:
                    table.wrong(no_such("member", code, self.base.members), "areas")
            found[area] = PrizeSpec(
                impact=area,
                measure=Measure(measure),
                reach=reach,
                comparator=self._comparator(table),
                areas=members,
                category=table.text("category"),
                where=Where(table.located.file, table.line),
            )
        return tuple(found.values())

    def _reach(self, table: Table, measure: Measure, reach: str) -> None:
        """Checks that what is to be reached belongs to the measure, and has its sector where it needs one."""
        category = table.text("category")
        if measure is Measure.EXPOSURE:
            if reach:
                table.wrong("`exposure` is what rides on a sector now: it reaches nothing, take `reach` out", "reach")
            known = self.store.indicator(OUTPUT).category_labels
            if category and category not in known:
                table.wrong(no_such("industry", category, known), "category")
            return
        known_reaches = REACHES if measure is Measure.GVA else PAY_REACHES
        if reach not in known_reaches:
            table.wrong(no_such(f"link for a prize in {measure.value}", reach, known_reaches), "reach")
        elif reach in LINKS or measure is Measure.PAY:
            if category:
                table.wrong(f"{reach} has no sectors: take `category` out", "category")
        elif category not in SECTIONS:
            table.wrong(no_such("section of industry", category, SECTIONS), "category")

    def _evaluation(self, table: Table, impact: tuple[str, ...]) -> CitedEvaluation | None:
        before = len(self.problems)
        table.only({"finding", "impact", "says", *_REFERENCE})
        reference = self._reference(table, "an evaluation")
        finding, says = table.text("finding"), table.text("says").strip()
        if finding not in list(Finding):
            table.wrong(no_such("finding", finding, list(Finding)), "finding")
        if not says:
            table.wrong("an evaluation needs `says`: what it found, in your own words", "says")
        bears = table.texts("impact") or impact
        for area in bears:
            if impact and area not in impact:
                table.wrong(f"`impact` has {area!r}: expected some of the policy's own: {', '.join(impact)}", "impact")
        if len(self.problems) > before or reference is None:
            return None
        return CitedEvaluation(reference, says, Finding(finding), bears, Where(table.located.file, table.line))

    def _time(self, table: Table) -> CitedTime | None:
        before = len(self.problems)
        table.only({"years", "says", *_REFERENCE})
        reference = self._reference(table, "a time to effect")
        years = table.data.get("years")
        numbers = [n for n in years if isinstance(n, int | float) and not isinstance(n, bool)] if isinstance(
            years, list) else []  # fmt: skip
        if len(numbers) != 2 or not 0 <= numbers[0] <= numbers[1]:
            table.wrong(f"`years` is {years!r}: expected the least and the most, as [2, 5]", "years")
        if len(self.problems) > before or reference is None:
            return None
        says = table.text("says").strip()
        where = Where(table.located.file, table.line)
        return CitedTime(float(numbers[0]), float(numbers[1]), reference, says, where)

    def _success(self, table: Table) -> Success | None:
        before = len(self.problems)
        table.only({"indicator", "area", "baseline", "target", "by", *_REFERENCE})
        name = table.text("indicator")
        if not name:
            table.wrong("an indicator of success needs `indicator`")
        else:
            self._indicator(table, name, "indicator")
        area = table.text("area")
        if area and area not in self.base.members:
            table.wrong(no_such("member", area, self.base.members), "area")
        baseline = table.text("baseline")
        if baseline and not re.fullmatch(r"\d{4}", baseline):
            table.wrong(f'`baseline` is {baseline!r}: expected a year, as "2023"', "baseline")
        target, by = table.data.get("target"), table.data.get("by")
        stated: Reference | None = None
        if target is not None or by is not None:
            if not isinstance(target, int | float) or isinstance(target, bool) or not math.isfinite(target):
                found = "missing" if target is None else repr(target)
                table.wrong(f"`target` is {found}: expected a number in the indicator's unit", "target")
            if not isinstance(by, int) or isinstance(by, bool) or not 2000 <= by <= 2100:
                found = "missing" if by is None else repr(by)
                table.wrong(f"`by` is {found}: expected the year in which the target is to be reached, to 2100", "by")
            elif baseline and re.fullmatch(r"\d{4}", baseline) and by <= int(baseline):
                table.wrong(f"`by` is {by}: expected a year after the baseline, {baseline}", "by")
            if not baseline:
                table.wrong('a target needs `baseline`: the year from which it is counted, as "2023"')
            stated = self._reference(table, "a target")
        if len(self.problems) > before:
            return None
        return Success(
            indicator=name,
            area=area,
            baseline=baseline,
            target=float(target) if isinstance(target, int | float) else None,
            by=by if isinstance(by, int) else None,
            stated_in=stated,
            where=Where(table.located.file, table.line),
        )

    def _reference(self, table: Table, what: str) -> Reference | None:
        """The reference of a table: what can't be opened isn't cited."""
        missing = [f"`{key}`" for key in _REFERENCE if key not in table or table.data[key] == ""]
        if missing:
            table.wrong(
                f"{what} needs a reference that can be opened: {', '.join(missing)} "
                f"{'is' if len(missing) == 1 else 'are'} missing. Without one, take it out: "
                "it is then shown as not assessed"
            )
            return None
        title, publisher, url = (table.text(key) for key in _REFERENCE[:3])
        accessed = table.data["accessed"]
        if not _URL.fullmatch(url):
            table.wrong(f"`url` is {url!r}: expected an address that can be opened, as https://…", "url")
        if not isinstance(accessed, date):
            table.wrong(
                f"`accessed` is {accessed!r}: expected the day on which it was opened, as 2026-11-25", "accessed"
            )
            return None
        return Reference(title, publisher, url, accessed)
