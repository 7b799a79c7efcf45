"""Whom tests are about: the place, its parts and its comparators as sets of areas, resolved once for a whole pass.

A pass over one base has one subject, the place. A pass over all local authorities has one subject each; the same
kernels run over both, as every array has a last axis of subjects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from wellfounded.evidence.aggregation import AreaSet, Combined
from wellfounded.evidence.store import NoSuchRelease, Store
from wellfounded.evidence.types import Level

if TYPE_CHECKING:
    from wellfounded.evidence.base import Base, Comparator

Indices = npt.NDArray[np.int64]


@dataclass
class Subjects:
    """Sets of areas by the part that they play. `roles[ROLE]` is the set of each subject [subject]."""

    store: Store
    base: Base
    count: int
    sets: list[AreaSet] = field(default_factory=list)
    roles: dict[str, Indices] = field(default_factory=dict)
    _readings: dict[tuple[str, str], Combined | str] = field(default_factory=dict)

    @classmethod
    def of_base(cls, base: Base, store: Store, *, also: Iterable[str] = ()) -> Subjects:
        """The place of a base, the place without each member, its members, its comparators, and areas in `also`."""
        subjects = cls(store, base, 1)
        same = tuple(dict.fromkeys([*base.same_as, *_same_ground(store, base.members)]))
        subjects._add("place", [AreaSet(base.code, base.name, base.members, same, "members")])
        if len(base.members) == 1:
            only = base.members[0]
            subjects._replace("place", AreaSet(base.code, base.name, base.members, (only,), "official"))
        areas = store.catalogue.areas
        for member in base.members:
            subjects._add(f"area:{member}", [AreaSet(member, areas.name(member), (member,), _codes(store, member))])
            if len(base.members) > 1:
                rest = tuple(other for other in base.members if other != member)
                name = f"{base.name} without {areas.name(member)}"
                official = rest if len(rest) == 1 else ()
                subjects._add(f"without:{member}", [AreaSet(f"without:{member}", name, rest, official, "members")])
        for code in also:
            subjects.area(code)
        for comparator in base.comparators.values():
            subjects._add(f"comparator:{comparator.id}", [_comparator_set(comparator, store, base.members)])
        return subjects

    @classmethod
    def of_local_authorities(cls, base: Base, store: Store, codes: Sequence[str]) -> Subjects:
        """Each of `codes` as a place of its own, with the base's comparators; its own neighbours, country, region."""
        areas = store.catalogue.areas
        subjects = cls(store, base, len(codes))
        subjects._add("place", [AreaSet(code, areas.name(code), (code,), (code,)) for code in codes])
        for comparator in base.comparators.values():
            if comparator.kind == "neighbours":
                sets = [_comparator_set(comparator, store, (code,)) for code in codes]
            else:
                sets = [_comparator_set(comparator, store, base.members)]
            subjects._add(f"comparator:{comparator.id}", sets)
        return subjects

    def area(self, code: str) -> str:
        """The role of an area named by its code, added where it wasn't there."""
        role = f"area:{code}"
        if role not in self.roles:
            areas = self.store.catalogue.areas
            name = areas.name(code)
            members = (code,) if areas.level(code) is Level.LOCAL_AUTHORITY else areas.members(code)
            self._add(role, [AreaSet(code, name, members, _codes(self.store, code))])
            self._readings.clear()
        return role

    def reading(self, indicator: str, release: str = "latest") -> Combined | str:
        """What every set shows of an indicator in a release; or in words why there is none."""
        key = (indicator, release)
        if key not in self._readings:
            try:
                self._readings[key] = self.store.combined(indicator, self.sets, release=release)
            except NoSuchRelease as error:
                self._readings[key] = str(error)
        return self._readings[key]

    def comparator(self, given: str, combined: Combined) -> tuple[Indices, str, str]:
        """The sets that a comparator (or area) is read from for an indicator, its name, and a note where it's another.

        Follows `otherwise` where the indicator has no figure for the comparator; the last in line is used whatever it
        shows.
        """
        if given in self.base.comparators:
            note, seen = "", set()
            current = self.base.comparators[given]
            while True:
                seen.add(current.id)
                sets = self.roles[f"comparator:{current.id}"]
                shows = any(combined.source[index] != "none" for index in sets[: min(5, len(sets))].tolist())
                following = self.base.comparators.get(current.otherwise)
                if shows or following is None or following.id in seen:
                    return sets, current.name, note
                note = f"not published for {current.name}, so {following.name} is the comparator"
                current = following
        sets = self.roles[self.area(given)]
        return sets, self.sets[int(sets[0])].name, ""

    def _add(self, role: str, sets: list[AreaSet]) -> None:
        first = len(self.sets)
        self.sets += sets
        indices = np.arange(first, first + len(sets), dtype=np.int64)
        self.roles[role] = indices if len(sets) == self.count else np.repeat(indices[:1], self.count)

    def _replace(self, role: str, the_set: AreaSet) -> None:
        self.sets[int(self.roles[role][0])] = the_set


def _codes(store: Store, code: str) -> tuple[str, ...]:
    areas = store.catalogue.areas
    return tuple(dict.fromkeys([code, *areas.stands_for(code), *areas.same_as(code)]))


def _same_ground(store: Store, members: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of areas that are made of exactly these members, wherever the catalogue knows some."""
    return store.catalogue.areas.made_of(members)


def _comparator_set(comparator: Comparator, store: Store, around: tuple[str, ...]) -> AreaSet:
    areas = store.catalogue.areas
    if comparator.kind == "neighbours":
        found: list[str] = []
        for code in around:
            near = [item for item in areas.neighbours(code, kind=comparator.neighbours, n=20) if item not in around]
            found += [item for item in near[: comparator.n] if item not in found]
        return AreaSet(f"comparator:{comparator.id}", comparator.name, tuple(found), (), "members")
    if len(comparator.areas) == 1:
        code = comparator.areas[0]
        return AreaSet(f"comparator:{comparator.id}", comparator.name, areas.members(code), _codes(store, code))
    members = tuple(dict.fromkeys(member for code in comparator.areas for member in areas.members(code)))
    return AreaSet(f"comparator:{comparator.id}", comparator.name, members, (), "members")
