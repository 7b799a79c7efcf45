"""Reading many tests together: the false discovery rate."""

from __future__ import annotations

import numpy as np

from wellfounded.analysis.arrays import Floats, Numbers, floats

METHOD = "false-discovery"


class NotAProbability(ValueError):
    """A p-value lies between 0 and 1."""


def false_discovery(p: Numbers) -> Floats:
    """Benjamini and Hochberg's q for each p, over the whole array, in its shape.

    A test that could not be made (nan) stays nan and doesn't count among the tests. Raises NotAProbability.
    """
    given = floats(p)
    if np.any((given < 0) | (given > 1)):
        raise NotAProbability("a p-value lies between 0 and 1")
    flat = given.ravel()
    tested = np.flatnonzero(~np.isnan(flat))
    order = tested[np.argsort(flat[tested], kind="stable")]
    count = len(order)
    raw = flat[order] * count / np.arange(1, count + 1)
    q = np.full(flat.shape, np.nan)
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q.reshape(given.shape)
