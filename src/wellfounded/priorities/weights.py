"""Weights that people state: by criterion, or by impact area and kind; read from TOML with errors at their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from wellfounded.evidence.located import BaseErrors, Problem, Table, no_such, read_toml
from wellfounded.priorities.types import Kind, ShownPriorities, Weights

ENOUGH = 0.005  # from one: what rounding to whole per cents may leave


class WeightsDoNotSum(ValueError):
    """Stated weights don't add up to one, or are below zero."""


def of(name: str, *, impact: Mapping[str, float], kind: Mapping[str, float]) -> Weights:
    """The weights of somebody who weighed impact areas and kinds of criterion: each criterion's is the product of two.

    An area or a kind that isn't named has none. Raises WeightsDoNotSum unless each adds up to one.
    """
    for what, given in (("impact areas", impact), ("kinds of criterion", kind)):
        _must_sum(what, given)
    areas, kinds = _whole(impact), _whole(kind)
    return Weights(
        name,
        tuple(
            (f"{area}.{one.value}", weight * kinds.get(one.value, 0.0), weight * kinds.get(one.value, 0.0))
            for area, weight in areas.items()
            for one in Kind
        ),
    )


def by_criterion(name: str, given: Mapping[str, float | tuple[float, float]]) -> Weights:
    """The weights of somebody who stated them, or ranges of them, by criterion id.

    Where all are exact they add up to one and criteria that aren't named have none; with ranges, one must lie between
    the sums of the limits. Raises WeightsDoNotSum.
    """
    pairs = {key: value if isinstance(value, tuple) else (value, value) for key, value in given.items()}
    if all(least == most for least, most in pairs.values()):
        exact = {key: least for key, (least, _) in pairs.items()}
        _must_sum("criteria", exact)
        return Weights(name, tuple((key, weight, weight) for key, weight in _whole(exact).items()))
    for key, (least, most) in pairs.items():
        if not 0 <= least <= most <= 1:
            raise WeightsDoNotSum(
                f"the weight of {key} goes from {least:g} to {most:g}: expected 0 to 1, the least first"
            )
    if sum(least for least, _ in pairs.values()) > 1 + 1e-9:
        raise WeightsDoNotSum(f"the least weights add up to {sum(least for least, _ in pairs.values()):g}, more than 1")
    return Weights(name, tuple((key, least, most) for key, (least, most) in pairs.items()))


def complete(weights: Weights, criteria: Sequence[str]) -> Weights:
    """The weights with a limit for every one of `criteria`: none for what exact weights leave out, 0 to 1 otherwise.

    Raises WeightsDoNotSum where ranges of all criteria leave less than one.
    """
    named = {name: (least, most) for name, least, most in weights.ranges}
    other = (0.0, 0.0) if weights.exact else (0.0, 1.0)
    ranges = tuple((name, *named.get(name, other)) for name in criteria)
    if sum(most for _, _, most in ranges) < 1 - 1e-9:
        raise WeightsDoNotSum(f"the most weights add up to {sum(most for _, _, most in ranges):g}, less than 1")
    return Weights(weights.name, ranges)


def read(path: Path, shown: ShownPriorities) -> tuple[Weights, ...]:
    """The weights in a TOML file, one for each [[member]]. Raises BaseErrors with every problem of the file."""
    located = read_toml(path, shown_as=str(path))
    problems: list[Problem] = []
    whole = Table(located, located.data, problems)
    whole.only({"member"})
    tables = whole.tables("member")
    if not tables and not problems:
        whole.wrong("there is no [[member]] here: each member states a name and weights")
    found, names = [], set()
    for table in tables:
        one = _member(table, shown)
        if one is not None and one.name in names:
            table.wrong(f"there already are weights of {one.name!r}", "name")
        elif one is not None:
            names.add(one.name)
            found.append(one)
    if problems:
        raise BaseErrors(problems)
    return tuple(found)


def _member(table: Table, shown: ShownPriorities) -> Weights | None:
    before = len(table.problems)
    table.only({"name", "weights", "impact", "kind"})
    name = table.text("name").strip()
    if not name:
        table.wrong("a member needs `name`: whose weights these are")
    criteria = [definition.id for definition in shown.criteria]
    impacts = list(dict.fromkeys(definition.impact for definition in shown.criteria))
    both = "impact" in table or "kind" in table
    if ("weights" in table) == both:
        table.wrong("a member states either [member.weights] by criterion, or [member.impact] and [member.kind]")
        return None
    try:
        if not both:
            given = _numbers(table.table("weights"), criteria, "criterion", ranges=True)
            if len(table.problems) == before:
                return complete(by_criterion(name, given), criteria)
            return None
        area = _numbers(table.table("impact"), impacts, "impact area")
        kind = _numbers(table.table("kind"), list(Kind), "kind of criterion")
        if len(table.problems) == before:
            return complete(
                of(name, impact={key: value[0] for key, value in area.items()},
                   kind={key: value[0] for key, value in kind.items()}), criteria)  # fmt: skip
    except WeightsDoNotSum as error:
        table.wrong(f"{name}: {error}", "weights" if not both else "impact" if "impact areas" in str(error) else "kind")
    return None


def _numbers(table: Table, known: Sequence[str], what: str, *, ranges: bool = False) -> dict[str, tuple[float, float]]:
    found = {}
    for key, value in table.data.items():
        if key not in known:
            table.wrong(no_such(what, key, known), key)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[key] = (float(value), float(value))
        elif ranges and isinstance(value, list) and len(value) == 2 and all(_number(part) for part in value):
            found[key] = (float(value[0]), float(value[1]))
        else:
            either = " or the least and the most, as [0.1, 0.3]" if ranges else ""
            table.wrong(f"the weight of {key} is {value!r}: expected a number, as 0.25{either}", key)
    return found


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _must_sum(what: str, given: Mapping[str, float]) -> None:
    below = [key for key, weight in given.items() if not weight >= 0]
    if below:
        raise WeightsDoNotSum(f"the weight of {below[0]} is {given[below[0]]:g}: expected zero or more")
    total = sum(given.values())
    if abs(total - 1) > ENOUGH:
        raise WeightsDoNotSum(f"the weights of {what} add up to {total:g}: expected 1")


def _whole(given: Mapping[str, float]) -> dict[str, float]:
    """The weights to the last digit of one."""
    total = sum(given.values())
    return {key: weight / total for key, weight in given.items()}
