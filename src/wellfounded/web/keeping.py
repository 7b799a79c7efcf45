"""Things kept in memory up to a size, the least lately used dropped first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, whose sizes together stay within `size`; safe to use from several threads."""

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._used = 0
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value kept under `key`, or None."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, *, size: int = 1) -> V:
        """`value`, now kept under `key`; one that is larger than a quarter of the whole isn't kept."""
        if size > self._size // 4:
            return value
        with self._lock:
            old = self._values.pop(key, None)
            self._used += size - (old[1] if old else 0)
            self._values[key] = (value, size)
            while self._used > self._size:
                _, (_, dropped) = self._values.popitem(last=False)
                self._used -= dropped
        return value

    def clear(self) -> None:
        """Nothing is kept any more."""
        with self._lock:
            self._values.clear()
            self._used = 0
