"""The chain from output per hour to output per head, and which link a gap comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, ShapesDoNotMatch, floats, together

METHOD = "productivity-chain"

LINKS = ("GVA per hour", "hours per job", "jobs per resident worker", "employment rate", "working-age share")


@dataclass(frozen=True)
class Chain:
    """What each link [..., link] contributes to the gap in the product, own against reference, adding up exactly.

    `log_points` add up to the log of the ratio; `fraction` to the ratio less 1 (0.05 is 5%); `units` to the
    difference in the product's own unit.
    """

    names: tuple[str, ...]
    product: Floats  # [...]
    ref_product: Floats
    log_points: Floats
    fraction: Floats
    units: Floats


def productivity_links(
    *, gva: Numbers, hours: Numbers, jobs: Numbers, resident_workers: Numbers, working_age: Numbers, population: Numbers
) -> Floats:
    """The five links [..., link] whose product is GVA per head, in the order of LINKS.

    GVA per head = GVA per hour x hours per job x jobs per resident worker x employment rate x working-age share.
    The third carries commuting and second jobs together. `resident_workers` are those of working age, as the
    employment rate counts them. nan where a total is missing or not above zero.
    """
    y, h, j, w, a, n = together(
        gva=gva,
        hours=hours,
        jobs=jobs,
        resident_workers=resident_workers,
        working_age=working_age,
        population=population,
    )
    return np.stack([y / _some(h), h / _some(j), j / _some(w), w / _some(a), a / _some(n)], axis=-1)


def chain(links: Numbers, ref_links: Numbers, *, names: tuple[str, ...] = LINKS) -> Chain:
    """The gap in the product of `links` [..., link] against that of `ref_links`, by link.

    Exact in logs; shared out over percent and units by the logarithmic mean, which leaves no residual. nan where a
    link is missing or not above zero. Raises ShapesDoNotMatch.
    """
    own, reference = floats(links), floats(ref_links)
    if not own.ndim or own.shape[-1] != len(names) or reference.shape[-1:] != own.shape[-1:]:
        raise ShapesDoNotMatch(
            f"links {own.shape} and ref_links {reference.shape} must end in the {len(names)} of names"
        )
    own, reference = _some(own), _some(reference)
    logs = np.log(own / reference)
    whole = logs.sum(axis=-1, keepdims=True)
    product, ref_product = own.prod(axis=-1), reference.prod(axis=-1)
    small = np.abs(whole) < 1e-12
    # (exp(x) - 1) / x, the logarithmic mean of the ratio and 1
    mean = np.where(small, 1.0, np.expm1(whole) / np.where(small, 1.0, whole))
    fraction = logs * mean
    product, ref_product, _ = together(product=product, ref_product=ref_product, logs=whole[..., 0])
    return Chain(names, product, ref_product, logs, fraction, fraction * ref_product[..., None])


def _some(amount: Floats) -> Floats:
    return np.where(amount > 0, amount, np.nan)
