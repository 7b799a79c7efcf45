"""Charts: Vega-Lite specifications with their words and tables, one module an idea; drawn by `drawing`."""

from wellfounded.publishing.charts.boundaries import Boundaries
from wellfounded.publishing.charts.chart import Chart, Line, Measure, Who, who_is
from wellfounded.publishing.charts.compared import comparison, spread
from wellfounded.publishing.charts.curve import Tried, specification_curve
from wellfounded.publishing.charts.maps import area_map
from wellfounded.publishing.charts.over_time import shock, trend
from wellfounded.publishing.charts.parts import Part, decomposition, quotients, shares
from wellfounded.publishing.charts.ranking import Ranked, ranked

__all__ = [
    "Boundaries",
    "Chart",
    "Line",
    "Measure",
    "Part",
    "Ranked",
    "Tried",
    "Who",
    "area_map",
    "comparison",
    "decomposition",
    "quotients",
    "ranked",
    "shares",
    "shock",
    "specification_curve",
    "spread",
    "trend",
    "who_is",
]
