"""An evidence base: one place's folder of settings, framework, local sources, conclusions and chapters."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wellfounded.evidence.located import BaseErrors, Located, Problem, read_toml

if TYPE_CHECKING:
    from wellfounded.evidence.catalogue import Catalogue
    from wellfounded.evidence.local import LocalSource

COMPARATOR_KINDS = ("areas", "neighbours")
NEIGHBOUR_KINDS = ("global", "economic", "demographic")


class NotABase(BaseErrors):
    """The folder holds no base.toml."""


@dataclass(frozen=True)
class Comparator:
    """An area, or group of areas, that the place is measured against."""

    id: str
    name: str  # as used inside a sentence
    areas: tuple[str, ...] = ()
    otherwise: str = ""  # the comparator used where an indicator has no figure for this one
    kind: str = "areas"
    neighbours: str = "global"
    n: int = 5


@dataclass(frozen=True)
class Chapter:
    id: str
    title: str
    question: str = ""
    group: str = ""


@dataclass(frozen=True)
class ImpactArea:
    id: str
    title: str
    question: str = ""
    headline: str = ""  # the conclusion that stands for it on the front page


@dataclass(frozen=True)
class GrandChallenge:
    id: str
    title: str
    text: str = ""


@dataclass(frozen=True)
class Consultation:
    address: str = ""
    subjects: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Base:
    """One place's evidence base, as its folder says it; `code` is the place's own, `place:ID`."""

    folder: Path
    id: str
    name: str
    title: str
    sentence: str
    lang: str
    members: tuple[str, ...]
    same_as: tuple[str, ...]
    comparators: dict[str, Comparator]
    robust_comparators: tuple[str, ...]
    confidence: float
    chapters: tuple[Chapter, ...]
    impacts: tuple[ImpactArea, ...]
    challenges: tuple[GrandChallenge, ...]
    consultation: Consultation
    contact: str = ""
    about: str = ""
    short_name: str = ""
    show_drafts: bool = False  # in a preview, drafts are shown as if they were published, and every page says so
    brand: dict[str, Any] = field(default_factory=dict)
    local: tuple[LocalSource, ...] = ()

    @property
    def code(self) -> str:
        return f"place:{self.id}"


def load_base(folder: Path | str, *, catalogue: Catalogue | None = None) -> Base:
    """The base in `folder`, its settings, framework and local sources checked against the catalogue.

    Raises NotABase where there is no base.toml, and BaseErrors with every problem found otherwise.
    """
    from wellfounded.evidence.catalogue import load
    from wellfounded.evidence.local import load_local_sources

    folder = Path(folder)
    if not (folder / "base.toml").is_file():
        raise NotABase(
            [
                Problem(
                    str(folder),
                    1,
                    "there is no base.toml here: name a base's folder, or make one with `wellfounded new`",
                )
            ]
        )
    catalogue = catalogue or load()
    settings = read_toml(folder / "base.toml", shown_as="base.toml")
    problems: list[Problem] = []
    try:
        framework = read_toml(folder / "framework.toml", shown_as="framework.toml")
    except BaseErrors as error:
        problems += error.problems
        framework = Located("framework.toml", {})
    data = settings.data
    for key in ("id", "name"):
        if not isinstance(data.get(key), str) or not data[key]:
            problems.append(settings.problem(f"`{key}` is missing: a base needs its {key} as text", key))
    members = _areas(settings, catalogue, problems, "place", "members", required=True)
    same_as = _areas(settings, catalogue, problems, "place", "same_as", required=False)
    comparators = _comparators(settings, catalogue, problems)
    robustness = data.get("robustness", {})
    chosen = tuple(robustness.get("comparators", ()))
    for name in chosen:
        if name not in comparators:
            problems.append(settings.problem(_unknown("comparator", name, comparators), "robustness", "comparators"))
    confidence = robustness.get("confidence", 0.95)
    if not isinstance(confidence, float) or not 0.5 < confidence < 1:
        problems.append(
            settings.problem(f"`confidence` is {confidence!r}: expected a share as 0.95", "robustness", "confidence")
        )
        confidence = 0.95
    try:
        local = load_local_sources(folder, catalogue=catalogue)
    except BaseErrors as error:
        problems += error.problems
        local = ()
    chapters = _framework(framework, problems, "chapter", Chapter, ("id", "title", "question", "group"))
    impacts = _framework(framework, problems, "impact", ImpactArea, ("id", "title", "question", "headline"))
    challenges = _framework(framework, problems, "challenge", GrandChallenge, ("id", "title", "text"))
    if not chapters and framework.data:
        problems.append(framework.problem("no [[chapter]] is given: a base needs at least one"))
    show_drafts = data.get("show_drafts", False)
    if not isinstance(show_drafts, bool):
        problems.append(settings.problem(f"`show_drafts` is {show_drafts!r}: expected true or false", "show_drafts"))
    consultation = data.get("consultation", {})
    contact = data.get("contact", "")
    name = str(data.get("name", ""))
    base = Base(
        folder=folder,
        id=str(data.get("id", "")),
        name=name,
        short_name=data.get("short_name", name),
        title=data.get("title", f"{name}: the evidence base"),
        sentence=data.get("sentence", ""),
        lang=data.get("lang", "en"),
        members=members,
        same_as=same_as,
        comparators=comparators,
        robust_comparators=chosen or tuple(comparators),
        confidence=confidence,
        chapters=chapters,
        impacts=impacts,
        challenges=challenges,
        consultation=Consultation(
            consultation.get("address", ""),
            tuple(consultation.get("subjects", ())),
            tuple(consultation.get("questions", ())),
        ),
        contact=contact if isinstance(contact, str) else "\n".join(str(part) for part in contact.values()),
        about=data.get("about", ""),
        show_drafts=show_drafts is True,
        brand=data.get("brand", {}),
        local=local,
    )
    if problems:
        raise BaseErrors(problems, readable=base)
    return base


def _areas(
    settings: Located, catalogue: Catalogue, problems: list[Problem], table: str, key: str, *, required: bool
) -> tuple[str, ...]:
    codes = settings.data.get(table, {}).get(key, ())
    if required and not codes:
        problems.append(settings.problem(f"`{key}` is missing in [{table}]: name at least one area code", table))
        return ()
    if not isinstance(codes, list | tuple) or not all(isinstance(code, str) for code in codes):
        problems.append(settings.problem(f"`{key}` must be a list of area codes", table, key))
        return ()
    for code in codes:
        _check_area(code, settings, catalogue, problems, table, key)
    return tuple(codes)


def _check_area(code: str, settings: Located, catalogue: Catalogue, problems: list[Problem], *path: str | int) -> None:
    from wellfounded.evidence.areas import NoSuchArea

    try:
        catalogue.areas.get(code)
    except NoSuchArea as error:
        problems.append(settings.problem(str(error), *path))


def _comparators(settings: Located, catalogue: Catalogue, problems: list[Problem]) -> dict[str, Comparator]:
    found: dict[str, Comparator] = {}
    for index, entry in enumerate(settings.data.get("comparator", ())):
        path = ("comparator", index)
        identifier = entry.get("id")
        if not isinstance(identifier, str) or not isinstance(entry.get("name"), str):
            problems.append(settings.problem("a [[comparator]] needs `id` and `name`", *path))
            continue
        if identifier in found:
            problems.append(settings.problem(f"the comparator {identifier!r} is there twice", *path))
        kind = entry.get("kind", "areas")
        if kind not in COMPARATOR_KINDS:
            problems.append(settings.problem(_unknown("kind", kind, COMPARATOR_KINDS), *path, "kind"))
        codes = tuple(entry.get("areas", ()))
        for code in codes:
            _check_area(code, settings, catalogue, problems, *path, "areas")
        if kind == "areas" and not codes:
            problems.append(settings.problem(f"the comparator {identifier!r} names no `areas`", *path))
        neighbours = entry.get("neighbours", "global")
        if neighbours not in NEIGHBOUR_KINDS:
            problems.append(
                settings.problem(_unknown("kind of neighbours", neighbours, NEIGHBOUR_KINDS), *path, "neighbours")
            )
        found[identifier] = Comparator(
            identifier, entry["name"], codes, entry.get("otherwise", ""), kind, neighbours, int(entry.get("n", 5))
        )
    for index, entry in enumerate(settings.data.get("comparator", ())):
        otherwise = entry.get("otherwise", "")
        if otherwise and otherwise not in found:
            problems.append(
                settings.problem(_unknown("comparator", otherwise, found), "comparator", index, "otherwise")
            )
    return found


def _framework(
    located: Located, problems: list[Problem], key: str, kind: Any, fields: tuple[str, ...]
) -> tuple[Any, ...]:
    found: dict[str, Any] = {}
    for index, entry in enumerate(located.data.get(key, ())):
        values = {name: entry[name] for name in fields if name in entry}
        if not isinstance(entry.get("id"), str) or not isinstance(entry.get("title"), str):
            problems.append(located.problem(f"a [[{key}]] needs `id` and `title`", key, index))
            continue
        if entry["id"] in found:
            problems.append(located.problem(f"the {key} {entry['id']!r} is there twice", key, index))
        found[entry["id"]] = kind(**values)
    return tuple(found.values())


def _unknown(what: str, given: str, known: Any) -> str:
    import difflib

    near = difflib.get_close_matches(str(given), list(known), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; expected one of: {', '.join(sorted(known))}"
    return f"there is no {what} {given!r}{hint}"
