"""What every method takes and gives back: arrays of numbers, nan where there is no value."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Numbers = ArrayLike  # numbers, sequences and arrays of them; nan is a missing value

__all__ = ["Bools", "Floats", "Ints", "Numbers", "ShapesDoNotMatch", "floats", "together"]


class ShapesDoNotMatch(ValueError):
    """Two arrays that belong together have axes of different lengths."""


def floats(numbers: Numbers) -> Floats:
    """`numbers` as an array of floats of its own."""
    return np.array(numbers, dtype=np.float64)


def together(**named: Numbers) -> tuple[Floats, ...]:
    """The named numbers as float arrays of one shape (read-only views where they had to be stretched).

    Raises ShapesDoNotMatch, naming each and its shape, where they cannot be stretched to one.
    """
    arrays = {name: np.asarray(numbers, dtype=np.float64) for name, numbers in named.items()}
    try:
        return tuple(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ShapesDoNotMatch(f"these arrays belong together but their shapes do not match: {shapes}") from None
