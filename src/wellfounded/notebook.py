"""An evidence base at hand in a notebook: its figures as data frames, its conclusions with their working."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from wellfounded.conclusions.types import Result, Robustness, Verdict
    from wellfounded.evidence.base import Base
    from wellfounded.evidence.store import Store


class NoSuchConclusion(LookupError):
    """The base has no conclusion of this id."""


def open(folder: str | Path) -> OpenBase:
    """The evidence base in `folder`. Raises BaseErrors, which lists all that is wrong with it."""
    from wellfounded.evidence.base import load_base
    from wellfounded.evidence.store import Store

    base = load_base(Path(folder))
    return OpenBase(base, Store.open(base))


@dataclass(frozen=True)
class OpenConclusion:
    """A conclusion with what its tests came to."""

    result: Result = field(repr=False)
    id: str
    verdict: Verdict
    sentence: str

    @property
    def robustness(self) -> Robustness:
        """In how many variants it holds, which choices break it, and what could not be computed."""
        return self.result.robustness

    @property
    def working(self) -> str:
        """Each test in words: its question, its steps and its verdict."""
        return "\n".join(
            line
            for test in self.result.tests
            for line in (
                test.question,
                *(f"  {step}" for step in test.working),
                ". ".join(filter(None, [f"  {test.outcome.verdict.value.capitalize()}", test.outcome.reason])),
            )
        )

    @property
    def figures(self) -> pd.DataFrame:
        """Every figure that the tests used, with its interval and release."""
        import pandas as pd

        used = [figure for test in self.result.tests for figure in test.figures]
        return pd.DataFrame(
            {
                "indicator": [figure.indicator for figure in used],
                "area": [str(figure.area) for figure in used],
                "period": [figure.period.label for figure in used],
                "category": [figure.category for figure in used],
                "value": [float(figure.value) if figure.has_value else None for figure in used],
                "lower": [figure.interval.lower if figure.interval else None for figure in used],
                "upper": [figure.interval.upper if figure.interval else None for figure in used],
                "why_none": ["" if figure.has_value else str(figure.value) for figure in used],
                "release": [figure.release for figure in used],
                "rule": [figure.rule for figure in used],
            }
        )

    @property
    def variants(self) -> pd.DataFrame:
        """Every variant of its tests: a column for each choice, the verdict and the estimate."""
        import pandas as pd

        rows: list[dict[str, object]] = [
            {
                **{choice.dimension.value: choice.label for choice in variant.choices},
                "verdict": variant.verdict.value,
                "estimate": variant.estimate,
                "reason": variant.reason,
            }
            for variant in self.robustness.variants
        ]
        return pd.DataFrame(rows)


@dataclass(frozen=True)
class OpenBase:
    """One place's evidence base, read and ready to ask."""

    base: Base = field(repr=False)
    store: Store = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.base.name

    @cached_property
    def _results(self) -> dict[str, Result]:
        from wellfounded.conclusions.evaluate import evaluate

        return {result.conclusion.id: result for result in evaluate(self.base, store=self.store).results}

    @property
    def conclusions(self) -> pd.DataFrame:
        """Every conclusion with its verdict, sentence and robustness."""
        import pandas as pd

        return pd.DataFrame(
            {
                "id": list(self._results),
                "chapter": [result.conclusion.chapter for result in self._results.values()],
                "kind": [result.conclusion.kind.value for result in self._results.values()],
                "verdict": [result.verdict.value for result in self._results.values()],
                "holds": [result.robustness.holds for result in self._results.values()],
                "of": [result.robustness.of for result in self._results.values()],
                "sentence": [result.sentence for result in self._results.values()],
            }
        )

    def conclusion(self, identifier: str) -> OpenConclusion:
        """The conclusion `identifier`, evaluated. Raises NoSuchConclusion."""
        if identifier not in self._results:
            import difflib

            near = difflib.get_close_matches(identifier, self._results, n=3)
            raise NoSuchConclusion(
                f"{self.base.name} has no conclusion {identifier!r}"
                + (f"; did you mean {' or '.join(near)}?" if near else f"; it has {', '.join(self._results)}")
            )
        result = self._results[identifier]
        return OpenConclusion(result, identifier, result.verdict, result.sentence)

    def figures(self, indicator: str, **chosen: Any) -> pd.DataFrame:
        """Figures of one indicator, a row each; `areas`, `period`, `category`, `release` and `as_of` narrow them.

        `period` and `as_of` may be text. A missing value is NaN, and `status` says why. Raises NoSuchIndicator.
        """
        from wellfounded.core import Period

        if isinstance(chosen.get("period"), str | int):
            chosen["period"] = Period.parse(str(chosen["period"]))
        if isinstance(chosen.get("as_of"), str):
            chosen["as_of"] = date.fromisoformat(chosen["as_of"])
        if isinstance(chosen.get("areas"), str):
            chosen["areas"] = [chosen["areas"]]
        rows: pd.DataFrame = self.store.figures(indicator, **chosen).to_pandas()
        return rows

    @property
    def indicators(self) -> pd.DataFrame:
        """Every indicator: id, label, unit, polarity, source and how it combines."""
        import pandas as pd

        found = [self.store.indicator(each) for each in self.store.indicator_ids()]
        return pd.DataFrame(
            {
                "id": [indicator.id for indicator in found],
                "label": [indicator.label for indicator in found],
                "unit": [
                    f"{indicator.unit.prefix}{indicator.unit.suffix} {indicator.unit.words}".strip()
                    for indicator in found
                ],
                "polarity": [indicator.polarity.value for indicator in found],
                "chapter": [indicator.chapter for indicator in found],
                "source": [indicator.source for indicator in found],
                "combines": [indicator.additivity.rule.value for indicator in found],
            }
        )
