"""What a prize may reach: the links of the productivity chain, output and share of a sector, and measures of pay."""

from __future__ import annotations

from wellfounded.conclusions.expectations.decomposition import CHAIN, LABOUR, OUTPUT, SECTIONS

# Links of the chain in the order of analysis.chain.LINKS: id -> (inside a sentence, unit of the figure)
LINKS = {
    "gva-per-hour": "output an hour",
    "hours-per-job": "hours a job",
    "jobs-per-resident-worker": "jobs for each resident in work",
    "employment-rate": "employment rate",
    "working-age-share": "share of people of working age",
}
# The figures of CHAIN that a gain in GVA through each link is worked out from.
LINK_NEEDS = {
    "gva-per-hour": ("gva", "hours-implied"),
    "hours-per-job": ("gva", "hours-implied", "jobs-implied"),
    "jobs-per-resident-worker": ("gva", "jobs-implied", "employment-rate", "population-16-64"),
    "employment-rate": ("gva", "employment-rate", "population-16-64"),
    "working-age-share": ("gva", "population-16-64", "population"),
}
SECTOR_REACHES = {
    "gva-per-employee": "output an employee in {sector}",
    "share-of-employees": "share of employees in {sector}",
}
REACHES = {**LINKS, **SECTOR_REACHES}
PAY_REACHES = {
    "employment-rate": "employment rate",
    "mean-annual-pay": "mean pay",
    "gdhi-per-head": "disposable household income a head",
}
REAL = "gva-real-by-industry"

__all__ = [
    "CHAIN",
    "LABOUR",
    "LINKS",
    "LINK_NEEDS",
    "OUTPUT",
    "PAY_REACHES",
    "REACHES",
    "REAL",
    "SECTIONS",
    "SECTOR_REACHES",
]
