"""The methods in a few words each; their full pages are in docs/methods."""

_TITLES = {
    "aggregation": "How members combine",
    "convergence": "Convergence",
    "difference": "Difference",
    "diversity": "Concentration and diversity",
    "false-discovery": "Reading many tests together",
    "gap-decomposition": "What a gap is made of",
    "intervals": "Intervals",
    "location-quotient": "Location quotient",
    "priorities": "Priorities",
    "productivity-chain": "The productivity chain",
    "ranks": "Ranks",
    "resilience": "Resistance and recovery",
    "robustness": "Robustness",
    "shares": "Shares",
    "shift-share": "Shift-share",
    "size-of-the-prize": "The size of the prize",
    "spread": "Spread",
    "statistical-neighbours": "Statistical neighbours",
    "trend": "Trend",
}

_WORDS = {
    "aggregation": """
        Counts are added. Ratios are rebuilt from numerator and denominator. Survey rates are weighted by
        population, and their intervals follow from the members'. Medians, indices, chained volumes and
        modelled scores are never combined. Where the same ground has an official figure, the result is
        compared with it.
    """,
    "convergence": """
        Whether the gap to a comparator, as a share of its level, narrowed or widened over the window, by
        the trend of the ratio of the two series.
    """,
    "difference": """
        The place's figure less the comparator's. With published intervals the difference must be clear of
        zero at 95%, the comparator's own uncertainty counted; without, it must reach the margin stated
        beforehand.
    """,
    "diversity": """
        The Herfindahl-Hirschman index (the sum of squared shares of industries) or Shannon's entropy,
        against the same index of the comparator.
    """,
    "false-discovery": """
        Among many tests some succeed by chance. Benjamini and Hochberg's procedure gives each an adjusted
        probability, shown as q.
    """,
    "gap-decomposition": """
        The gap in output per employee is split into what industries produce here against the same
        industries elsewhere (within) and which industries there are (mix), at the midpoint, so that the
        parts add up exactly.
    """,
    "intervals": """
        Published 95% limits become a standard error: their width over 3.92. Figures without limits keep
        none.
    """,
    "location-quotient": """
        An industry's share of the place's economy over its share of the comparator's. 1 is the same share;
        1.25 and over is called specialised.
    """,
    "priorities": """
        Policies are ranked over all weights of all criteria and over the whole range of what is not known
        (SMAA-2): how often each comes first, second and so on, and what would have to be true for it to
        come first. What is neither computed nor cited is not assessed, and may be anything.
    """,
    "productivity-chain": """
        Output per head is output per hour, times hours per job, times jobs per resident worker, times the
        employment rate, times the working-age share: exact in logarithms. Jobs per resident worker carries
        commuting.
    """,
    "ranks": """
        Where an area stands among others, and the ranks that its interval allows when it is compared with
        each of them.
    """,
    "resilience": """
        How far real output fell in a named shock against the year before it, and in how many years it was
        back.
    """,
    "robustness": """
        Each conclusion is tested again under every combination of fair choices: comparator, period,
        measure, boundary, release and sectors. What could not be computed is listed and not counted.
    """,
    "shares": """
        A part over its whole, against a threshold or against the same share in the comparator.
    """,
    "shift-share": """
        Growth is split into what the comparator's growth, the mix of industries, and the place's own
        performance explain.
    """,
    "size-of-the-prize": """
        What it would be worth in pounds if each area that is behind a comparator reached it on one link of
        the productivity chain or one measure of pay, all else unchanged. Arithmetic, and not a forecast.
    """,
    "spread": """
        The highest member over the lowest, less one; where intervals are published, allowing for both
        having been picked.
    """,
    "statistical-neighbours": """
        Areas most like the place on a list of published indicators, as the Office for National Statistics
        works them out.
    """,
    "trend": """
        A weighted regression where intervals are published; otherwise Theil and Sen's slope with Mann and
        Kendall's test.
    """,
}

METHODS = {method: (title, " ".join(_WORDS[method].split())) for method, title in _TITLES.items()}


def title(method: str) -> str:
    """The title of a method's page."""
    return _TITLES.get(method) or method.replace("-", " ").capitalize()
