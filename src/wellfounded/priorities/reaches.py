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

__all__ = ["CHAIN", "LABOUR", "LINKS", "OUTPUT", "PAY_REACHES", "REACHES", "REAL", "SECTIONS", "SECTOR_REACHES"]
