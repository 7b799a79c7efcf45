"""How concentrated or diverse an area is over sectors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, ShapesDoNotMatch, floats

METHOD = "diversity"


class Variety(NamedTuple):
    """Entropy in bits: within the groups (related), between them (unrelated), and their sum."""

    related: Floats
    unrelated: Floats
    total: Floats


def hhi(parts: Numbers) -> Floats:
    """The Herfindahl-Hirschman index of `parts` [..., sector]: the sum of squared shares, from 1/sectors to 1.

    nan where a sector is missing or below zero: a concentration of some sectors isn't that of all.
    """
    return np.asarray((_shares(parts) ** 2).sum(axis=-1))


def effective_sectors(parts: Numbers) -> Floats:
    """The number of equal sectors that would be as concentrated as `parts` [..., sector]: 1 over the HHI."""
    return 1 / hhi(parts)


def entropy(parts: Numbers) -> Floats:
    """Shannon's entropy of `parts` [..., sector] over its highest possible value: 0 (one sector) to 1 (all equal).

    nan where a sector is missing or below zero, or there is only one sector to choose from.
    """
    shares = _shares(parts)
    sectors = shares.shape[-1]
    return _bits(shares) / np.log2(sectors) if sectors > 1 else np.full(shares.shape[:-1], np.nan)


def variety(parts: Numbers, groups: Numbers) -> Variety:
    """Related and unrelated variety of `parts` [..., sector], where `groups` [sector] numbers each sector's family.

    Raises ShapesDoNotMatch where there is not one group a sector.
    """
    shares = _shares(parts)
    family = np.asarray(groups)
    if family.shape != shares.shape[-1:]:
        raise ShapesDoNotMatch(f"groups {family.shape} must number each of the sectors {shares.shape[-1:]}")
    belongs = (family[:, None] == np.unique(family)[None, :]).astype(np.float64)
    unrelated = _bits(shares @ belongs)
    total = _bits(shares)
    return Variety(total - unrelated, unrelated, total)


def _shares(parts: Numbers) -> Floats:
    given = floats(parts)
    given = np.where((given < 0).any(axis=-1, keepdims=True), np.nan, given)
    total = given.sum(axis=-1, keepdims=True)
    return given / np.where(total > 0, total, np.nan)


def _bits(shares: Floats) -> Floats:
    return np.asarray(0.0 - (shares * np.log2(np.where(shares > 0, shares, 1.0))).sum(axis=-1))
