"""An evidence base: one place's folder of settings, framework, local sources, conclusions and chapters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wellfounded.evidence.consultation import Consultation, read_consultation
from wellfounded.evidence.located import BaseErrors, Located, Problem, Table, no_such, read_toml

if TYPE_CHECKING:
    from wellfounded.evidence.catalogue import Catalogue
    from wellfounded.evidence.local import LocalSource

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COMPARATOR_KINDS = ("areas", "neighbours")
MOST_LOGO = 500_000  # bytes
_ACTIVE = re.compile(
    r"<script|<foreignobject|<!entity|\son\w+\s*=|javascript:|<use[^>]+href\s*=\s*[\"'][^#]|href\s*=\s*[\"']\s*(https?|data):",
    re.IGNORECASE,
)
NEIGHBOUR_KINDS = ("global", "economic", "demographic")
_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]+)?")
_SLOT = re.compile(r"\{[^{}]*\}")


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
    site: str = ""  # where the site is, without a slash at its end; documents lead there
    strings: dict[str, str] = field(default_factory=dict)  # strings.toml: own words for fixed English strings
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
    whole = Table(settings, settings.data, problems)
    for key in ("id", "name"):
        if not isinstance(whole.data.get(key), str) or not whole.data[key]:
            whole.wrong(f"`{key}` is missing: a base needs its {key} as text", key)
    identifier = str(whole.data.get("id") or "base")
    if not ID.fullmatch(identifier):
        whole.wrong(
            f"`id` is {identifier!r}: expected small letters, digits and hyphens, as greater-lincolnshire", "id"
        )
    place, robustness, consultation = (whole.table(key) for key in ("place", "robustness", "consultation"))
    members = _areas(place, catalogue, "members")
    if not members and "members" not in place:
        place.wrong("`members` is missing in [place]: name at least one area code")
    elif not members and place.data["members"] == []:
        place.wrong("`members` is empty: name at least one area code", "members")
    comparators = _comparators(whole, catalogue)
    chosen = robustness.texts("comparators")
    for name in chosen:
        if name not in comparators:
            robustness.wrong(no_such("comparator", name, comparators), "comparators")
    confidence = robustness.data.get("confidence", 0.95)
    if not isinstance(confidence, float) or not 0.5 < confidence < 1:
        robustness.wrong(f"`confidence` is {confidence!r}: expected a share as 0.95", "confidence")
        confidence = 0.95
    try:
        local = load_local_sources(folder, catalogue=catalogue)
    except BaseErrors as error:
        problems += error.problems
        local = ()
    parts = Table(framework, framework.data, problems)
    chapters = _framework(parts, "chapter", Chapter, ("id", "title", "question", "group"))
    impacts = _framework(parts, "impact", ImpactArea, ("id", "title", "question", "headline"))
    challenges = _framework(parts, "challenge", GrandChallenge, ("id", "title", "text"))
    if not chapters and framework.data:
        parts.wrong("no [[chapter]] is given: a base needs at least one")
    contact = whole.data.get("contact", "")
    name = str(whole.data.get("name") or "")
    base = Base(
        folder=folder,
        id=identifier,
        name=name,
        short_name=whole.text("short_name", name),
        title=whole.text("title", f"{name}: the evidence base"),
        sentence=whole.text("sentence"),
        lang=whole.text("lang", "en"),
        members=members,
        same_as=_areas(place, catalogue, "same_as"),
        comparators=comparators,
        robust_comparators=chosen or tuple(comparators),
        confidence=confidence,
        chapters=chapters,
        impacts=impacts,
        challenges=challenges,
        consultation=read_consultation(consultation),
        contact="\n".join(str(part) for part in contact.values())
        if isinstance(contact, dict)
        else whole.text("contact"),
        about=whole.text("about"),
        show_drafts=whole.flag("show_drafts"),
        site=_site(whole),
        strings=_strings(folder, problems),
        brand=_brand(whole.table("brand"), folder),
        local=local,
    )
    if problems:
        raise BaseErrors(problems, readable=base)
    return base


def _site(whole: Table) -> str:
    """The address of the site, as https://evidence.example.gov.uk."""
    given = whole.text("site").rstrip("/")
    if given and not _ADDRESS.fullmatch(given):
        whole.wrong(f"`site` is {given!r}: expected the site's address, as https://evidence.example.gov.uk", "site")
        return ""
    return given


def _brand(table: Table, folder: Path) -> dict[str, Any]:
    """The place's colours, and its files, each of which has to be there and be what it is called."""
    for key, endings in (("logo", (".svg", ".png")), ("template", (".pptx",))):
        name = table.text(key)
        if not name:
            continue
        path = folder / name
        if path.suffix.lower() not in endings:
            table.wrong(f"`{key}` is {name!r}: expected a file that ends in {' or '.join(endings)}", key)
        elif not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            table.wrong(f"`{key}` is {name!r}, and there is no such file in the base's folder", key)
        elif key == "logo" and (unsafe := _unsafe(path)):
            table.wrong(f"`{key}` is {name!r}, which {unsafe}: take that out, or give a PNG", key)
    return table.data


def _unsafe(path: Path) -> str:
    """What in a logo could do harm on a page, or is no picture; empty where nothing is."""
    data = path.read_bytes()
    if len(data) > MOST_LOGO:
        return f"has {len(data) // 1000:,} KB, more than {MOST_LOGO // 1000}"
    if path.suffix.lower() == ".png":
        return "" if data.startswith(b"\x89PNG\r\n\x1a\n") else "is no PNG"
    text = data.decode("utf-8", errors="replace")
    if "<svg" not in text:
        return "is no SVG"
    found = _ACTIVE.search(text)
    return f"contains {found[0].strip()!r}" if found else ""


def _strings(folder: Path, problems: list[Problem]) -> dict[str, str]:
    """The base's own words for fixed strings; a slot in braces has to be in both."""
    if not (folder / "strings.toml").is_file():
        return {}
    try:
        read = read_toml(folder / "strings.toml", shown_as="strings.toml")
    except BaseErrors as error:
        problems += error.problems
        return {}
    table, found = Table(read, read.data, problems), {}
    for english, own in read.data.items():
        if not isinstance(own, str):
            table.wrong(f"the words for {english!r} are no text", english)
        elif not own:
            continue  # not given yet: printed in English
        elif sorted(_SLOT.findall(own)) != sorted(_SLOT.findall(english)):
            table.wrong(f"the words for {english!r} have other slots: expected {_SLOT.findall(english)}", english)
        else:
            found[english] = own
    return found


def _areas(table: Table, catalogue: Catalogue, key: str) -> tuple[str, ...]:
    """The area codes under a key, each of which the catalogue knows."""
    from wellfounded.evidence.areas import NoSuchArea

    given = table.data.get(key, [])
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
        table.wrong(f"`{key}` must be a list of area codes", key)
        return ()
    for code in given:
        try:
            catalogue.areas.get(code)
        except NoSuchArea as error:
            table.wrong(str(error), key)
    return tuple(code for code in given if code in catalogue.areas)


def _comparators(whole: Table, catalogue: Catalogue) -> dict[str, Comparator]:
    found: dict[str, Comparator] = {}
    tables = whole.tables("comparator")
    for table in tables:
        identifier, name = table.data.get("id"), table.data.get("name")
        if not isinstance(identifier, str) or not isinstance(name, str):
            table.wrong("a [[comparator]] needs `id` and `name`")
            continue
        if not ID.fullmatch(identifier):
            table.wrong(f"`id` is {identifier!r}: expected small letters, digits and hyphens, as north-west", "id")
        if identifier in found:
            table.wrong(f"the comparator {identifier!r} is there twice")
        kind, neighbours = table.text("kind", "areas"), table.text("neighbours", "global")
        if kind not in COMPARATOR_KINDS:
            table.wrong(no_such("kind", kind, COMPARATOR_KINDS), "kind")
        if neighbours not in NEIGHBOUR_KINDS:
            table.wrong(no_such("kind of neighbours", neighbours, NEIGHBOUR_KINDS), "neighbours")
        areas = _areas(table, catalogue, "areas")
        if kind == "areas" and not table.data.get("areas"):
            table.wrong(f"the comparator {identifier!r} names no `areas`")
        found[identifier] = Comparator(
            identifier, name, areas, table.text("otherwise"), kind, neighbours, table.whole_number("n", 5)
        )
    for table in tables:
        otherwise = table.data.get("otherwise", "")
        if isinstance(otherwise, str) and otherwise and otherwise not in found:
            table.wrong(no_such("comparator", otherwise, found), "otherwise")
    return found


def _framework(whole: Table, key: str, kind: Any, fields: tuple[str, ...]) -> tuple[Any, ...]:
    found: dict[str, Any] = {}
    for table in whole.tables(key):
        if not isinstance(table.data.get("id"), str) or not isinstance(table.data.get("title"), str):
            table.wrong(f"a [[{key}]] needs `id` and `title`")
            continue
        if table.data["id"] in found:
            table.wrong(f"the {key} {table.data['id']!r} is there twice")
        found[table.data["id"]] = kind(**{name: table.text(name) for name in fields})
    return tuple(found.values())
