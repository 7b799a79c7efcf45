"""What tests of structure share: parts of a whole, read for many sets at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from wellfounded.conclusions.expectations.common import lower_first, period_words, roles
from wellfounded.conclusions.frame import CannotTest, Frame
from wellfounded.conclusions.subjects import Indices
from wellfounded.core import Figure
from wellfounded.evidence.columns import Floats

NO_INDUSTRY = ("68IMP",)  # owner-occupiers' imputed rent: output that nobody works for
NOTE_NO_INTERVAL = "No interval is published for these figures, so the threshold decides."


def leaves_of(frame: Frame) -> list[int]:
    """Columns of categories that add up to the whole without overlap, at the detail chosen."""
    panel = frame.combined.panel
    wanted = [code for code in frame.indicator.leaf_categories if code not in NO_INDUSTRY]
    leaves = [panel.category_index[code] for code in wanted if code in panel.category_index]
    if not leaves:
        leaves = [at for at, code in enumerate(panel.categories) if code and code != frame.indicator.total_category]
    if not leaves:
        raise CannotTest(f"{lower_first(frame.indicator.label)} has no categories")
    return leaves


def cube(frame: Frame, sets: Indices, columns: list[int]) -> Floats:
    """Values [choice, subject, category], the mean over the test's periods."""
    periods = np.array(frame.periods)
    cube: Floats = frame.combined.value[sets][..., periods, :][..., np.array(columns)].mean(axis=-2)
    return cube


def total_of(frame: Frame, sets: Indices) -> Floats:
    panel = frame.combined.panel
    total = panel.category_index.get(frame.indicator.total_category)
    if total is not None:
        return cube(frame, sets, [total])[..., 0]
    whole: Floats = cube(frame, sets, leaves_of(frame)).sum(axis=-1)
    return whole


def parts_of(frame: Frame) -> tuple[list[int], str]:
    """The columns whose share is meant, and what they are called. "members" takes the member areas' codes."""
    panel, part = frame.combined.panel, frame.test.options.get("part", frame.test.options.get("category"))
    if part == "largest":
        leaves = leaves_of(frame)
        values = cube(frame, frame.place[:1, :1], leaves)[0, 0]
        if not np.isfinite(values).all():
            raise CannotTest("a part is missing or suppressed, so the largest is not known")
        column = leaves[int(np.argmax(values))]
        return [column], frame.indicator.category_labels.get(panel.categories[column], panel.categories[column])
    wanted = list(part) if isinstance(part, list | tuple) else [part]
    if wanted == ["members"]:
        wanted = list(frame.subjects.sets[int(frame.place[0, 0])].members)
    missing = [code for code in wanted if code not in panel.category_index]
    if missing:
        raise CannotTest(f"{lower_first(frame.indicator.label)} has no category {missing[0]!r}")
    labels = [frame.indicator.category_labels.get(str(code), str(code)) for code in wanted]
    return [panel.category_index[str(code)] for code in wanted], " and ".join(labels[:3])


def category_figures(frame: Frame, sets: list[int], columns: list[int]) -> list[Figure]:
    panel = frame.combined.panel
    total = panel.category_index.get(frame.indicator.total_category)
    wanted = [*columns, *([total] if total is not None else [])]
    store = frame.subjects.store
    return [
        store.figure(frame.combined, which, at, column) for which in sets for at in frame.periods for column in wanted
    ]


def category_bars(frame: Frame, columns: list[int], measure: str) -> dict[str, Any]:
    """Shares of categories, for the place, its members and the comparator: the ones tested, or the largest twelve."""
    panel, leaves = frame.combined.panel, leaves_of(frame)
    everyone = roles(frame)
    sets = np.array([[role["set"]] for role in everyone])
    shown = list(dict.fromkeys([*columns, *leaves]))
    values = cube(frame, sets, shown)[:, 0, :]
    totals = total_of(frame, sets)[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = values / totals[:, None]
    order = np.argsort(-np.nan_to_num(shares[0])).tolist()
    keep = list(dict.fromkeys([*[at for at in order if shown[at] in columns], *order]))[:12]
    labels, codes = frame.indicator.category_labels, panel.categories
    return {
        "kind": "bars",
        "measure": measure,
        "period": period_words(frame, frame.periods),
        "categories": [
            {
                "code": codes[shown[at]],
                "label": labels.get(codes[shown[at]], codes[shown[at]]),
                "tested": shown[at] in columns and (measure != "share" or len(columns) < 4),
            }
            for at in keep
        ],
        "areas": [
            {**role, "shares": [float(shares[row, at]) if np.isfinite(shares[row, at]) else None for at in keep]}
            for row, role in enumerate(everyone)
        ],
    }


def positive(values: Floats) -> Floats:
    result: Floats = np.where(values > 0, values, np.nan)
    return result
