"""The methods in a few words each, for the appendix of the pack; their full pages are in docs/methods."""

METHODS: dict[str, tuple[str, str]] = {
    "aggregation": (
        "How members combine",
        "Counts are added. Ratios are rebuilt from numerator and denominator. Survey rates are weighted by population, and "
        "their intervals follow from the members'. Medians, indices, chained volumes and modelled scores are never "
        "combined. Where the same ground has an official figure, the result is compared with it.",
    ),
    "convergence": (
        "Convergence",
        "Whether the gap to a comparator, as a share of its level, narrowed or widened over the window, by the trend of "
        "the ratio of the two series.",
    ),
    "difference": (
        "Difference",
        "The place's figure less the comparator's. With published intervals the difference must be clear of zero at 95%, "
        "the comparator's own uncertainty counted; without, it must reach the margin stated beforehand.",
    ),
    "diversity": (
        "Concentration and diversity",
        "The Herfindahl-Hirschman index (the sum of squared shares of industries) or Shannon's entropy, against the same "
        "index of the comparator.",
    ),
    "false-discovery": (
        "Reading many tests together",
        "Among many tests some succeed by chance. Benjamini and Hochberg's procedure gives each an adjusted probability, "
        "shown as q.",
    ),
    "gap-decomposition": (
        "What a gap is made of",
        "The gap in output per employee is split into what industries produce here against the same industries elsewhere "
        "(within) and which industries there are (mix), at the midpoint, so that the parts add up exactly.",
    ),
    "intervals": (
        "Intervals",
        "Published 95% limits become a standard error: their width over 3.92. Figures without limits keep none.",
    ),
    "location-quotient": (
        "Location quotient",
        "An industry's share of the place's economy over its share of the comparator's. 1 is the same share; 1.25 and over "
        "is called specialised.",
    ),
    "productivity-chain": (
        "The productivity chain",
        "Output per head is output per hour, times hours per job, times jobs per resident worker, times the employment "
        "rate, times the working-age share: exact in logarithms. Jobs per resident worker carries commuting.",
    ),
    "ranks": (
        "Ranks",
        "Where an area stands among others, and the ranks that its interval allows when it is compared with each of them.",
    ),
    "resilience": (
        "Resistance and recovery",
        "How far real output fell in a named shock against the year before it, and in how many years it was back.",
    ),
    "robustness": (
        "Robustness",
        "Each conclusion is tested again under every combination of fair choices: comparator, period, measure, boundary, "
        "release and sectors. What could not be computed is listed and not counted.",
    ),
    "shares": ("Shares", "A part over its whole, against a threshold or against the same share in the comparator."),
    "shift-share": (
        "Shift-share",
        "Growth is split into what the comparator's growth, the mix of industries, and the place's own performance explain.",
    ),
    "spread": (
        "Spread",
        "The highest member over the lowest, less one; where intervals are published, allowing for both having been picked.",
    ),
    "statistical-neighbours": (
        "Statistical neighbours",
        "Areas most like the place on a list of published indicators, as the Office for National Statistics works them out.",
    ),
    "trend": (
        "Trend",
        "A weighted regression where intervals are published; otherwise Theil and Sen's slope with Mann and Kendall's test.",
    ),
}


def title(method: str) -> str:
    """The title of a method's page."""
    return METHODS[method][0] if method in METHODS else method.replace("-", " ").capitalize()
