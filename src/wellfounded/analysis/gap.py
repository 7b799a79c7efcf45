"""Why productivity differs from a comparator's: within sectors, or through the mix of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, ShapesDoNotMatch, floats

METHOD = "gap-decomposition"


@dataclass(frozen=True)
class GapDecomposition:
    """The gap in output per unit of labour (own less the reference's), by sector [..., sector], adding up exactly."""

    gap: Floats  # [...]
    within: Floats  # its productivity in the sector against the reference's in the same sector
    mix: Floats  # how much of its labour is in the sector, against the reference

    @property
    def by_sector(self) -> Floats:
        """What each sector contributes, both ways together."""
        return self.within + self.mix

    @property
    def totals(self) -> dict[str, Floats]:
        """The two parts summed over sectors, by name."""
        return {"within": np.asarray(self.within.sum(axis=-1)), "mix": np.asarray(self.mix.sum(axis=-1))}


@dataclass(frozen=True)
class GrowthDecomposition:
    """The growth in output per unit of labour as a fraction, by sector [..., sector], adding up exactly (GEAD)."""

    growth: Floats  # [...]
    within: Floats  # the sector's own productivity growth
    reallocation: Floats  # a changed share of labour, or changed relative price
    interaction: Floats


def gap_decomposition(output: Numbers, labour: Numbers, ref_output: Numbers, ref_labour: Numbers) -> GapDecomposition:
    """The gap in `output` per `labour` against the reference's, all [..., sector] in one unit each.

    Differences are weighted at the midpoint of the two (Bennet; Shapley's value of the two factors), so which is
    compared with which doesn't matter. The mix of a sector counts against the mean of the two productivities: more
    labour where productivity is below it is a minus. A sector that one side lacks is all mix. nan where a sector is
    missing, or has output without labour. Raises ShapesDoNotMatch.
    """
    y, h, ref_y, ref_h = _sectors(output, labour, ref_output, ref_labour)
    own, reference = y.sum(axis=-1) / _some(h.sum(axis=-1)), ref_y.sum(axis=-1) / _some(ref_h.sum(axis=-1))
    share, ref_share = h / _some(h.sum(axis=-1, keepdims=True)), ref_h / _some(ref_h.sum(axis=-1, keepdims=True))
    rate, ref_rate = _rate(y, h), _rate(ref_y, ref_h)
    rate, ref_rate = (
        np.where((y == 0) & (h == 0), ref_rate, rate),
        np.where((ref_y == 0) & (ref_h == 0), rate, ref_rate),
    )
    neither = (y == 0) & (h == 0) & (ref_y == 0) & (ref_h == 0)
    rate, ref_rate = np.where(neither, 0.0, rate), np.where(neither, 0.0, ref_rate)
    within = (rate - ref_rate) * (share + ref_share) / 2
    centre = ((own + reference) / 2)[..., None]
    mix = (share - ref_share) * ((rate + ref_rate) / 2 - centre)
    return GapDecomposition(own - reference, within, mix)


def growth_decomposition(
    real_output: Numbers,
    labour: Numbers,
    price: Numbers,
    real_output_end: Numbers,
    labour_end: Numbers,
    price_end: Numbers,
) -> GrowthDecomposition:
    """The growth in real output per labour, by sector, in Tang and Wang's generalised exact way (GEAD).

    All are [..., sector]: chained volumes, labour, and each sector's deflator over the whole economy's. With relative
    prices as weights the sectors add up although chained volumes do not. nan where a sector is missing.
    """
    y0, h0, r0, y1, h1, r1 = (
        floats(given) for given in (real_output, labour, price, real_output_end, labour_end, price_end)
    )
    if any(array.shape[-1:] != y0.shape[-1:] for array in (h0, r0, y1, h1, r1)):
        raise ShapesDoNotMatch("all arrays must have the same sectors on their last axis")
    x0, x1 = _rate(y0, h0), _rate(y1, h1)
    weight0 = r0 * h0 / _some(h0.sum(axis=-1, keepdims=True))
    weight1 = r1 * h1 / _some(h1.sum(axis=-1, keepdims=True))
    before = _some((weight0 * x0).sum(axis=-1, keepdims=True))
    after = (weight1 * x1).sum(axis=-1, keepdims=True)
    return GrowthDecomposition(
        growth=(after / before - 1)[..., 0],
        within=weight0 * (x1 - x0) / before,
        reallocation=(weight1 - weight0) * x0 / before,
        interaction=(weight1 - weight0) * (x1 - x0) / before,
    )


def _some(amount: Floats) -> Floats:
    return np.where(amount > 0, amount, np.nan)


def _rate(output: Floats, labour: Floats) -> Floats:
    return output / _some(labour)


def _sectors(output: Numbers, labour: Numbers, ref_output: Numbers, ref_labour: Numbers) -> tuple[Floats, ...]:
    arrays = tuple(floats(given) for given in (output, labour, ref_output, ref_labour))
    shapes = [array.shape for array in arrays]
    if any(not shape or shape[-1] != shapes[0][-1] for shape in shapes):
        raise ShapesDoNotMatch(f"output and labour, own and reference, must have the same sectors last: {shapes}")
    missing = np.isnan(sum(array.sum(axis=-1, keepdims=True) for array in arrays))
    return tuple(np.where(missing, np.nan, array) for array in arrays)
