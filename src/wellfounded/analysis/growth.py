"""Shift-share: how much of a place's growth is the nation's, its mix of sectors, and its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, ShapesDoNotMatch, floats

METHOD = "shift-share"


@dataclass(frozen=True)
class ShiftShare:
    """The change of each sector [..., sector] in three parts that add up to it exactly, in its own unit."""

    change: Floats
    national: Floats  # had it grown as all sectors together did in the reference
    mix: Floats  # because its sector grew faster or slower there than all sectors together
    competitive: Floats  # because it grew faster or slower than its sector there

    @property
    def totals(self) -> dict[str, Floats]:
        """The parts summed over sectors, by name."""
        names = ("change", "national", "mix", "competitive")
        return {name: np.asarray(getattr(self, name).sum(axis=-1)) for name in names}


@dataclass(frozen=True)
class EstebanMarquillas:
    """The change of each sector in four parts: the competitive one freed of the mix, and allocation."""

    change: Floats
    national: Floats
    mix: Floats
    competitive: Floats  # the sector's lead in growth, were it as large here as in the reference
    allocation: Floats  # being larger than there in the sectors where the lead is


@dataclass(frozen=True)
class Arcelus:
    """The change of each sector in eight parts: four effects, each split into expected and differential."""

    change: Floats
    national_expected: Floats  # expected: at the reference's mix; differential: because the mix is another
    national_differential: Floats
    mix_expected: Floats
    mix_differential: Floats
    regional_expected: Floats
    regional_differential: Floats
    regional_mix_expected: Floats
    regional_mix_differential: Floats


def shift_share(start: Numbers, end: Numbers, ref_start: Numbers, ref_end: Numbers) -> ShiftShare:
    """The classic split (Dunn) of each sector's change from `start` to `end`, all [..., sector].

    The sectors must be the whole economy, in both. nan throughout where any sector of either is missing, and for a
    sector that the reference did not have at the start. Raises ShapesDoNotMatch.
    """
    e0, e1, n0, n1 = _sectors(start, end, ref_start, ref_end)
    overall, by_sector = _reference_growth(n0, n1)
    national = e0 * overall
    mix = e0 * (by_sector - overall)
    change = e1 - e0
    return ShiftShare(change, national, mix, change - e0 * by_sector)


def dynamic_shift_share(values: Numbers, ref_values: Numbers) -> ShiftShare:
    """The classic split made year by year and added up (Barff and Knight): `values` are [..., year, sector].

    Weights and reference growth are brought up to date each year, which end-to-end comparison can't. nan where a year
    is missing. Raises ShapesDoNotMatch.
    """
    local, reference = floats(values), floats(ref_values)
    if local.ndim < 2 or local.shape[-2] < 2 or reference.shape[-2:] != local.shape[-2:]:
        raise ShapesDoNotMatch(
            f"values {local.shape} and ref_values {reference.shape} must be [..., year, sector] with two years or more"
        )
    each = shift_share(local[..., :-1, :], local[..., 1:, :], reference[..., :-1, :], reference[..., 1:, :])
    return ShiftShare(
        each.change.sum(axis=-2), each.national.sum(axis=-2), each.mix.sum(axis=-2), each.competitive.sum(axis=-2)
    )


def esteban_marquillas(start: Numbers, end: Numbers, ref_start: Numbers, ref_end: Numbers) -> EstebanMarquillas:
    """Esteban-Marquillas's split of each sector's change, all [..., sector].

    nan as for `shift_share`, and in the last two parts of a sector that the place did not have at the start, for then
    it has no rate of growth.
    """
    e0, e1, n0, n1 = _sectors(start, end, ref_start, ref_end)
    overall, by_sector = _reference_growth(n0, n1)
    lead = _growth(e0, e1) - by_sector
    homothetic = e0.sum(axis=-1, keepdims=True) * n0 / n0.sum(axis=-1, keepdims=True)
    return EstebanMarquillas(
        e1 - e0, e0 * overall, e0 * (by_sector - overall), homothetic * lead, (e0 - homothetic) * lead
    )


def arcelus(start: Numbers, end: Numbers, ref_start: Numbers, ref_end: Numbers) -> Arcelus:
    """Arcelus's split of each sector's change, all [..., sector]. nan as for `esteban_marquillas`."""
    e0, e1, n0, n1 = _sectors(start, end, ref_start, ref_end)
    overall, by_sector = _reference_growth(n0, n1)
    own = _growth(e0.sum(axis=-1, keepdims=True), e1.sum(axis=-1, keepdims=True))
    own_by_sector = _growth(e0, e1)
    expected = e0.sum(axis=-1, keepdims=True) * n0 / n0.sum(axis=-1, keepdims=True)
    differential = e0 - expected
    regional = own - overall
    mixed = (own_by_sector - own) - (by_sector - overall)
    return Arcelus(
        e1 - e0,
        expected * overall,
        differential * overall,
        expected * (by_sector - overall),
        differential * (by_sector - overall),
        expected * regional,
        differential * regional,
        expected * mixed,
        differential * mixed,
    )


def _growth(start: Floats, end: Floats) -> Floats:
    return (end - start) / np.where(start == 0, np.nan, start)


def _reference_growth(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """The reference's growth, of all sectors together [..., 1] and of each."""
    return _growth(start.sum(axis=-1, keepdims=True), end.sum(axis=-1, keepdims=True)), _growth(start, end)


def _sectors(start: Numbers, end: Numbers, ref_start: Numbers, ref_end: Numbers) -> tuple[Floats, ...]:
    arrays = tuple(floats(given) for given in (start, end, ref_start, ref_end))
    shapes = [array.shape for array in arrays]
    if any(not shape or shape[-1] != shapes[0][-1] for shape in shapes):
        raise ShapesDoNotMatch(
            f"start, end, ref_start and ref_end must have the same sectors on their last axis: {shapes}"
        )
    missing = np.isnan(sum(array.sum(axis=-1, keepdims=True) for array in arrays))
    return tuple(np.where(missing, np.nan, array) for array in arrays)
