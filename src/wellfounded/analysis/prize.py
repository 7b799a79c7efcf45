"""The size of the prize: what reaching a level would be worth with all else unchanged. Arithmetic, not causation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, ShapesDoNotMatch, floats, together
from wellfounded.analysis.intervals import z_critical

METHOD = "size-of-the-prize"


class NotAShare(ValueError):
    """The share of a gap to be closed lies outside 0 to 1."""


class NoYears(ValueError):
    """A path of no years, or of fewer."""


@dataclass(frozen=True)
class Gain:
    """What reaching the target adds, 0 where it is reached already; nan where a number is missing.

    `gap` is the same before what lies below zero is taken for nothing. `own_error` and `target_error` are the parts of
    its standard error that come from the place's figure and from the target's; nan where the figure has no interval.
    """

    gap: Floats
    own_error: Floats
    target_error: Floats

    @property
    def value(self) -> Floats:
        return np.maximum(self.gap, 0.0)

    @property
    def each(self) -> Gain:
        """The same with every area a sum of its own."""
        return Gain(self.gap[..., None], self.own_error[..., None], self.target_error[..., None])


@dataclass(frozen=True)
class Total:
    """A sum of gains with its limits; nan limits where any part has no interval."""

    value: Floats
    lower: Floats
    upper: Floats


def reaching(
    level: Numbers,
    own: Numbers,
    target: Numbers,
    *,
    share: Numbers = 1.0,
    own_se: Numbers = np.nan,
    target_se: Numbers = np.nan,
) -> Gain:
    """What `level` (GVA, a wage bill) gains where the link `own` of its product closes `share` of its gap to `target`.

    The product is in proportion to each link, so the gain is level x share x (target / own - 1). Raises NotAShare,
    ShapesDoNotMatch.
    """
    _shares(share)
    y, o, t, s, so, st = together(level=level, own=own, target=target, share=share, own_se=own_se, target_se=target_se)
    o = np.where(o > 0, o, np.nan)
    gain = y * s * (t / o - 1)
    unit = y * s / o
    return Gain(gain, np.abs(unit * t / o * so), np.abs(unit * st))


def lifting(
    units: Numbers,
    own: Numbers,
    target: Numbers,
    *,
    share: Numbers = 1.0,
    own_se: Numbers = np.nan,
    target_se: Numbers = np.nan,
) -> Gain:
    """What is gained where `own` (pay, income a head) closes `share` of its gap to `target` for each of `units`.

    Raises NotAShare, ShapesDoNotMatch.
    """
    _shares(share)
    n, o, t, s, so, st = together(units=units, own=own, target=target, share=share, own_se=own_se, target_se=target_se)
    return Gain(n * s * (t - o), np.abs(n * s * so), np.abs(n * s * st))


def moving(workers: Numbers, own_share: Numbers, target_share: Numbers, *, lead: Numbers, share: Numbers = 1.0) -> Gain:
    """What is gained where a sector's part of `workers` closes `share` of its gap to `target_share`.

    Each worker adds `lead`, by which output a worker in the sector is above the place's. Nothing is gained in a sector
    that produces less than the place does. Raises NotAShare, ShapesDoNotMatch.
    """
    _shares(share)
    n, o, t, y, s = together(workers=workers, own_share=own_share, target_share=target_share, lead=lead, share=share)
    gain = n * s * np.maximum(t - o, 0.0) * np.maximum(y, 0.0)
    return Gain(gain, np.full_like(gain, np.nan), np.full_like(gain, np.nan))


def total(gain: Gain, *, confidence: float = 0.95) -> Total:
    """The sum of gains [..., area] against one target, with limits no lower than zero.

    Areas' own errors are independent of each other; the target's is common to all and adds up outright. Of an area
    that is there already only as much of its error counts as reaches above zero.
    Raises ShapesDoNotMatch, NotAConfidence.
    """
    gap, own, target = floats(gain.gap), floats(gain.own_error), floats(gain.target_error)
    if not gap.ndim or not gap.shape == own.shape == target.shape:
        raise ShapesDoNotMatch(f"a gain and its errors must have one shape with areas last: {gap.shape}, {own.shape}")
    z = z_critical(confidence)
    reach = z * np.hypot(own, target)
    counts = np.where(gap >= 0, 1.0, np.clip((gap + reach) / np.where(reach > 0, reach, 1.0), 0.0, 1.0))
    summed = np.maximum(gap, 0.0).sum(axis=-1)
    error = np.hypot(np.sqrt(((counts * own) ** 2).sum(axis=-1)), (counts * target).sum(axis=-1))
    return Total(summed, np.maximum(summed - z * error, 0.0), summed + z * error)


def pace(own: Numbers, target: Numbers, *, years: Numbers, share: Numbers = 1.0) -> Floats:
    """The growth a year, as a fraction, with which `own` closes `share` of its gap to `target` in so many years.

    nan where a number is missing or not above zero. Raises NoYears, NotAShare, ShapesDoNotMatch.
    """
    _shares(share)
    o, t, n, s = together(own=own, target=target, years=years, share=share)
    if (n <= 0).any():
        raise NoYears(f"a path needs at least a year, not {float(np.min(n)):g}")
    o, t = (np.where(number > 0, number, np.nan) for number in (o, t))
    result: Floats = ((o + s * (t - o)) / o) ** (1 / n) - 1
    return result


def _shares(share: Numbers) -> None:
    given = floats(share)
    if not ((given >= 0) & (given <= 1)).all():
        raise NotAShare(f"the share of a gap to be closed lies between 0 and 1, not {given}")
