"""A small publisher for tests: writes a source's TOML and its files as the publisher would."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from wellfounded.evidence.catalogue.build import build
from wellfounded.evidence.catalogue.report import BuildReport

COLUMNS = "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"

SOURCE = """\
[source]
id = "jobs-survey"
title = "Jobs survey"
publisher = "A publisher"
url = "https://example.org/jobs"
licence = "OGL-UK-3.0"
reader = "els-csv"
max_rejected = {max_rejected}

[[file]]
path = "jobs.csv"
released = 2025-03-01
released_basis = "publisher"

[[indicator]]
id = "jobs-rate"
label = "Jobs rate"
definition = "People with jobs."
match = {{ indicator = "Jobs", unit = "%" }}
unit = {{ suffix = "%", decimals = 1 }}
polarity = "higher"
chapter = "people"
additivity = {{ rule = "refused", reason = "a test" }}
"""


def row(
    *,
    area: str = "E06000049",
    indicator: str = "Jobs",
    period: str = "2023-01-01/P1Y",
    value: str = "71.5",
    unit: str = "%",
    lower: str = "",
    upper: str = "",
    status: str = "",
    notes: str = "",
) -> str:
    """A line as Explore Local Statistics writes it."""
    figure = (period, value, "Percentage", unit, lower, upper, status, notes)
    return ",".join((area, "Somewhere", "Local Authority District", indicator, *figure))


@dataclass
class Publisher:
    """A folder of publishers' files and a folder of sources, and what is built from them."""

    folder: Path
    rejected: Path = field(init=False)

    def __post_init__(self) -> None:
        self.sources.mkdir(parents=True)
        self.files.mkdir()
        self.rejected = self.folder / "rejected"
        self.define(SOURCE.format(max_rejected=1.0))

    @property
    def sources(self) -> Path:
        return self.folder / "sources"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def define(self, text: str, *, name: str = "jobs-survey") -> None:
        (self.sources / f"{name}.toml").write_text(text, encoding="utf-8")

    def publish(
        self, *rows: str, columns: str = COLUMNS, name: str = "jobs.csv", end: str = "\n", mark: str = ""
    ) -> None:
        (self.files / name).write_text(mark + end.join([columns, *rows]) + end, encoding="utf-8", newline="")

    def build(self) -> BuildReport:
        return build(self.files, to=self.data, sources=self.sources, rejected_to=self.rejected)
