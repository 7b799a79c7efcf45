"""The files that a new evidence base starts with: settings, framework, chapters, drafts, and how to go on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from wellfounded.evidence.types import Level

if TYPE_CHECKING:
    from wellfounded.conclusions.findings import Finding
    from wellfounded.evidence.areas import AreaGraph
    from wellfounded.evidence.base import Base

# After Okabe and Ito (2008): told apart with any kind of colour vision.
COLOURS = ("#0072b2", "#d55e00", "#00896a", "#a6611a", "#7b3294", "#5c6670")
WITHOUT_ARTICLE = ("London", "Yorkshire")
UK = "K02000001"

CHAPTERS = (
    ("economy", "The economy and productivity", "How much does the place produce, and is that changing?", "economy"),
    ("sectors", "Key sectors", "Which industries set the place apart, and how much rests on them?", "sectors"),
    ("ideas", "Ideas", "How much research and development is done here?", "foundation"),
    ("people", "People", "Are residents in work, qualified and well paid?", "foundation"),
    ("infrastructure", "Infrastructure", "Can people and firms travel and connect?", "foundation"),
    ("business-environment", "Business environment", "Do firms start, survive, grow and trade abroad?", "foundation"),
    ("place", "Place", "Who shares in the economy, and is it a good place to live?", "foundation"),
)
IMPACTS = (
    ("productivity", "Productivity", "How much is an hour of work worth here, and what would raise it?"),
    ("earning-power", "Earning power", "Does what is produced here reach the people who live here?"),
    ("resilience", "Resilience", "How would the economy stand up to a shock?"),
)
CHALLENGES = (
    ("ai-and-data", "Artificial intelligence and data", "Using data and artificial intelligence in industry."),
    (
        "ageing-society",
        "Ageing society",
        "Meeting the needs of an older population, and keeping people well for longer.",
    ),
    ("clean-growth", "Clean growth", "Growing while emitting less."),
    ("future-of-mobility", "Future of mobility", "Moving people, goods and services in new ways."),
)


@dataclass(frozen=True)
class Chosen:
    """A comparator chosen for a new place."""

    id: str
    name: str
    areas: tuple[str, ...] = ()
    otherwise: str = ""
    neighbours: bool = False


def choose(name: str, members: Sequence[str], graph: AreaGraph) -> tuple[Chosen, ...]:
    """Whom a place is compared with: the UK, its country, its region, its statistical neighbours, and the combined
    authority that most of it is in. What is the place itself is left out."""
    own = set(members)
    country = _most(members, graph, Level.COUNTRY, leave_out=(UK, "K03000001", "K04000001"))
    region = _most(members, graph, Level.REGION)
    combined = _most(members, graph, Level.COMBINED_AUTHORITY)
    nation = _id(graph.name(country)) if country else ""
    chosen = [Chosen("united-kingdom", "the UK", (UK,), otherwise=nation)]
    if country and set(graph.members(country)) != own:
        chosen.append(Chosen(nation, graph.name(country), (country,), otherwise="united-kingdom"))
    if region and set(graph.members(region)) != own:
        chosen.append(Chosen(_id(graph.name(region)), _in_a_sentence(graph.name(region)), (region,)))
    chosen.append(Chosen("neighbours", "its statistical neighbours", neighbours=True))
    if combined and set(graph.members(combined)) != own and graph.name(combined) != name:
        identifier, said = _id(graph.name(combined)), graph.name(combined)
        if identifier in {each.id for each in chosen}:
            identifier, said = f"{identifier}-combined-authority", f"the {said} combined authority"
        chosen.append(Chosen(identifier, said, (combined,)))
    known = {each.id for each in chosen}
    return tuple(each if each.otherwise in known else replace(each, otherwise="") for each in chosen)


def write(
    folder: Path, name: str, members: Sequence[str], chosen: Sequence[Chosen], graph: AreaGraph, *, most: int
) -> int:
    """How many drafts there are in the base that has been written to `folder`. Raises BaseErrors."""
    from wellfounded.conclusions.findings import scan
    from wellfounded.conclusions.read import read_all
    from wellfounded.evidence.base import load_base
    from wellfounded.priorities.read import read_priorities

    for part in ("conclusions", "chapters", "sources"):
        (folder / part).mkdir(parents=True)
    _put(folder / "base.toml", settings(name, members, chosen, graph))
    _put(folder / "framework.toml", framework())
    _put(folder / ".gitignore", "build/\n")
    base = load_base(folder)
    findings = _distinct(scan(base))[:most]
    for identifier, title, question, _ in CHAPTERS:
        drafts = [finding for finding in findings if finding.chapter == identifier]
        if drafts:
            _put(folder / "conclusions" / f"{identifier}.toml", conclusions(title, drafts, base))
        _put(folder / "chapters" / f"{identifier}.md", chapter(question, drafts))
    _put(folder / "priorities.toml", priorities(chosen, findings))
    _put(folder / "README.md", readme(base, len(findings)))
    base, found = read_all(folder)
    read_priorities(base, found)
    return len(findings)


def settings(name: str, members: Sequence[str], chosen: Sequence[Chosen], graph: AreaGraph) -> str:
    """base.toml."""
    named = [graph.name(member) for member in members]
    made_of = f": {len(named)} local authorities" if len(named) > 1 else ""
    sentence = f"The economy and the people of {name}{made_of}."
    colours = ", ".join(f'{code} = "{colour}"' for code, colour in zip(members, COLOURS, strict=False))
    comparators = "\n".join(_comparator(each) for each in chosen)
    area_list = ", ".join(f'"{member}"' for member in members)
    return f"""\
# The settings of one evidence base: whose it is, whom it is compared with, how people reach it.
id = {_text(_id(name))}
name = {_text(name)}
title = {_text(f"{name}: the evidence base")}
sentence = {_text(sentence)}
lang = "en"
contact = ""
show_drafts = true  # a preview: the site shows drafts too, and every page says so; take it out before you publish

[place]
members = [{area_list}]  # {", ".join(named)}

{comparators}
[robustness]
# A fair critic could have chosen any of these.
comparators = [{", ".join(_text(each.id) for each in chosen)}]
confidence = 0.95

[consultation]
# address = "consultation@example.org"
# subjects = ["Evidence"]
# opens = 2027-01-11
# closes = 2027-03-05
# run_by = "who answers for what is kept, and how to reach them"
questions = [
  "Does the evidence and our interpretation of it resonate with you?",
  "If not, why do you think we have got it wrong?",
  "What other local evidence should we consider?",
]

[brand]
colour = "#12355b"
accent = "#8c1d40"
members = {{ {colours} }}
"""


def framework() -> str:
    """framework.toml."""
    lines = ["# What the evidence is arranged by. Another framework can be used: change it here.\n"]
    for identifier, title, question, group in CHAPTERS:
        lines.append(
            f'[[chapter]]\nid = "{identifier}"\ntitle = "{title}"\nquestion = "{question}"\ngroup = "{group}"\n'
        )
    lines += [f'[[impact]]\nid = "{one}"\ntitle = "{title}"\nquestion = "{asked}"\n' for one, title, asked in IMPACTS]
    lines += [f'[[challenge]]\nid = "{one}"\ntitle = "{title}"\ntext = "{text}"\n' for one, title, text in CHALLENGES]
    return "\n".join(lines)


def conclusions(title: str, drafts: Sequence[Finding], base: Base) -> str:
    """A chapter's file of conclusions: what is notable in the figures, as drafts."""
    head = (
        f"# {title}: drafts from what is notable in the figures. Reword each, say why it matters, settle the margin\n"
        '# before you look again, and set status = "published"; or delete it.\n\n'
    )
    return head + "\n".join(finding.as_toml(comment=_why(finding, base)) for finding in drafts)


def chapter(question: str, drafts: Sequence[Finding]) -> str:
    """A chapter's Markdown: its question, and a slot for each draft."""
    if not drafts:
        return f"{question} Nothing in the figures stands out; write here what you know.\n"
    slots = "\n\n".join(f"{{{{conclusion {finding.id}}}}}" for finding in drafts)
    return f"{question}\n\n{slots}\n"


def priorities(chosen: Sequence[Chosen], drafts: Sequence[Finding]) -> str:
    """priorities.toml: no policy yet, as none follows from figures alone, and how to write the first one."""
    from wellfounded.conclusions.findings import IMPACT

    one = next((draft for draft in drafts if "productivity" in IMPACT.get(draft.chapter, ())), None)
    example = f"""\
[[policy]]
id = "the-first"
title = "What should be done, in a few words"
chapter = {_text(one.chapter if one else CHAPTERS[0][0])}
says = "What it would do, and why here."
levers = ["local-authority", "combined-authority", "national", "business", "college-university"]  # who can act
impact = ["productivity"]  # an impact area that one at least of its conclusions bears on
conclusions = [{_text(one.id) if one else ""}]
moves = [{_text(one.indicator) if one else '"gva-per-hour"'}]
  [[policy.prize]]
  impact = "productivity"
  measure = "gva"
  reach = "gva-per-hour"
"""
    commented = "".join(f"# {line}\n" for line in example.splitlines())
    return f"""\
# Areas of policy and decision making: what each rests on, what it would move, who can act. There is none yet: figures
# alone do not say what should be done. Write the first when some conclusions are published; docs/priorities.md has all
# keys. What policies are worth and in what order they come is worked out: `wellfounded priorities`. Cite an evaluation
# only if it can be opened; what is neither worked out nor cited is shown as not assessed.

comparator = {_text(chosen[0].id)}

{commented}"""


def readme(base: Base, drafts: int) -> str:
    """README.md: what the folder holds and what to do first."""
    return f"""\
# The evidence base of {base.name}

| file | what it is |
|---|---|
| `base.toml` | the place, its members, whom it is compared with, how to reach you, colours |
| `framework.toml` | chapters, impact areas, Grand Challenges |
| `conclusions/*.toml` | what you conclude, each with the tests that it rests on; now {drafts} drafts from the figures |
| `chapters/*.md` | the story, one file a chapter |
| `priorities.toml` | areas of policy and what they rest on; none yet, with a first one to fill in |
| `sources/` | figures of your own: a CSV and a TOML that says what its columns are |

Do next:

1. Read the drafts in `conclusions/`: `wellfounded check --drafts` tests them. A draft is what stands out, not what
   matters; you know which is which.
2. For those you keep, write why it matters and what size of difference would matter in practice. Then set
   `status = "published"`.
3. Take `show_drafts` out of `base.toml`, so that only what is published is shown.
4. Write the chapters around them. `wellfounded serve` shows the site.
5. Put the address of your consultation into `base.toml`.
"""


def _why(finding: Finding, base: Base) -> str:
    sure = (
        "no interval is published"
        if finding.q is None
        else f"q = {finding.q:.3f}"
        if finding.q >= 0.001
        else "q below 0.001"
    )
    than = base.comparators[finding.comparator].name
    return f"{finding.area_name} {finding.value}, {than} {finding.comparator_value} ({finding.period}; {sure})"


def _distinct(findings: Sequence[Finding]) -> list[Finding]:
    return list({finding.id: finding for finding in reversed(findings)}.values())[::-1]


def _most(members: Sequence[str], graph: AreaGraph, level: Level, *, leave_out: Sequence[str] = ()) -> str:
    """The area of a level that most members are in; "" where none is in one. An area's nearest parent comes first."""
    nearest = [
        next((parent for parent in graph.parents(member, level) if parent not in leave_out), "") for member in members
    ]
    counted = Counter(code for code in nearest if code)
    return counted.most_common(1)[0][0] if counted else ""


def _comparator(each: Chosen) -> str:
    lines = ["[[comparator]]", f"id = {_text(each.id)}", f"name = {_text(each.name)}"]
    if each.neighbours:
        lines += ['kind = "neighbours"', 'neighbours = "global"', "n = 5"]
    else:
        lines.append(f"areas = [{', '.join(_text(code) for code in each.areas)}]")
    if each.otherwise:
        lines.append(f"otherwise = {_text(each.otherwise)}")
    return "\n".join(lines) + "\n"


def _in_a_sentence(region: str) -> str:
    return region.replace(" The ", " the ") if region.startswith(WITHOUT_ARTICLE) else f"the {region}"


def _id(name: str) -> str:
    from wellfounded.conclusions.findings import slug

    return slug(name)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a basic string of TOML


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
