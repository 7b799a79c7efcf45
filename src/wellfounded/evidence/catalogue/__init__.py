"""The catalogue: the areas, sources, indicators, releases and figures that every evidence base can use."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wellfounded.core import Unit
from wellfounded.evidence.types import Additivity, Indicator, Polarity, Release, Rule, Source

if TYPE_CHECKING:
    from wellfounded.evidence.areas import AreaGraph

SOURCES = Path(__file__).parent / "sources"
DATA = Path(__file__).parent / "data"


class CatalogueMissing(Exception):
    """The folder has no built catalogue."""


@dataclass(frozen=True)
class Catalogue:
    """What `load` gives: definitions in memory, figures and areas as files in `folder`."""

    folder: Path
    indicators: dict[str, Indicator] = field(repr=False)
    sources: dict[str, Source] = field(repr=False)
    releases: dict[str, Release] = field(repr=False)
    latest: dict[str, tuple[str, ...]] = field(repr=False)  # an indicator's releases, newest first

    @property
    def figures_path(self) -> Path:
        return self.folder / "figures.parquet"

    @cached_property
    def areas(self) -> AreaGraph:
        """The areas of the UK and how they hang together; read when first asked for."""
        from wellfounded.evidence.areas import AreaGraph

        return AreaGraph.read(self.folder)


@lru_cache(maxsize=4)
def load(folder: Path = DATA) -> Catalogue:
    """The catalogue built in `folder`: the one that ships, unless told otherwise. Raises CatalogueMissing."""
    try:
        definitions = json.loads((folder / "indicators.json").read_bytes())
        releases = json.loads((folder / "releases.json").read_bytes())
    except FileNotFoundError as error:
        raise CatalogueMissing(
            f"there is no built catalogue in {folder}: {Path(error.filename).name} is missing; "
            "run `wellfounded catalogue build --from FOLDER` on a folder of publishers' files"
        ) from None
    return Catalogue(
        folder=folder,
        indicators={item["id"]: _indicator(item) for item in definitions["indicators"]},
        sources={
            item["id"]: Source(**{**item, "indicators": tuple(item["indicators"])}) for item in definitions["sources"]
        },
        releases={
            item["id"]: Release(**{**item, "released": date.fromisoformat(item["released"])}) for item in releases
        },
        latest={indicator: tuple(ids) for indicator, ids in definitions["releases"].items()},
    )


def _indicator(item: dict[str, Any]) -> Indicator:
    additivity = item["additivity"]
    return Indicator(
        **{
            **item,
            "unit": Unit(**item["unit"]),
            "polarity": Polarity(item["polarity"]),
            "additivity": Additivity(**{**additivity, "rule": Rule(additivity["rule"])}),
            "alternatives": tuple(item.get("alternatives", ())),
            "categories": tuple((code, label) for code, label in item.get("categories", ())),
            "leaf_categories": tuple(item.get("leaf_categories", ())),
            "category_sets": tuple((name, tuple(codes)) for name, codes in item.get("category_sets", ())),
        }
    )
