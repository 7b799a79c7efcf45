"""The expectations: what a test may ask of an indicator. One module an idea; this is their register."""

from wellfounded.conclusions.expectations.common import Expectation, Explanation
from wellfounded.conclusions.expectations.decomposition import DRIVEN_BY
from wellfounded.conclusions.expectations.diversity import CONCENTRATED, DIVERSE
from wellfounded.conclusions.expectations.level import HIGHER, LOWER, SIMILAR
from wellfounded.conclusions.expectations.ranking import RANKS
from wellfounded.conclusions.expectations.shocks import RESILIENT, VOLATILE
from wellfounded.conclusions.expectations.spread import SPREAD
from wellfounded.conclusions.expectations.structure import SHARE, SPECIALISED
from wellfounded.conclusions.expectations.trends import CONVERGING, DIVERGING, FALLING, FASTER, FLAT, RISING, SLOWER

EXPECTATIONS: dict[str, Expectation] = {
    expectation.name: expectation
    for expectation in (
        HIGHER, LOWER, SIMILAR, RISING, FALLING, FLAT, FASTER, SLOWER, CONVERGING, DIVERGING, RANKS, SHARE,
        SPECIALISED, CONCENTRATED, DIVERSE, DRIVEN_BY, SPREAD, RESILIENT, VOLATILE,
    )
}  # fmt: skip

__all__ = ["EXPECTATIONS", "Expectation", "Explanation"]
