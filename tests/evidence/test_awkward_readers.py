"""Reading files that are no plain tables: what all their readers do, a workbook of 45 sheets, and pay tables.

Each reader meets the publisher's own file, where it is, and small ones that are broken on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.evidence.reading import (
    ANNUAL_PAY,
    BRES,
    FLOWS,
    HISTORY,
    IMD_2019,
    IMD_2025,
    LOW_PAY,
    MENS_PAY,
    WORKBOOK,
    Row,
    number,
    read,
    read_once,
    values,
)
from wellfounded.evidence.readers import COLUMNS, FileRefused


@pytest.mark.parametrize(
    ("name", "path", "options"),
    [
        ("business-demography", WORKBOOK, {}),
        ("ashe", ANNUAL_PAY, {"period": "2024/25"}),
        ("ashe", LOW_PAY, {"period": "2022-04-01/P1M", "sheet": "All"}),
        ("bres", BRES, {}),
        ("census-flows", FLOWS, {"code_history": HISTORY}),
        ("deprivation", IMD_2019, {"year": 2019}),
        ("deprivation", IMD_2025, {"year": 2025}),
        ("nuts-csv", "innovation/gbp_research_income.nuts3.csv", {}),
    ],
)
def test_every_reader_gives_the_columns_and_numbers_its_rows(
    shared_data: Path, name: str, path: str, options: dict[str, Any]
) -> None:
    rows = read_once(name, shared_data, path, **options)
    assert {*COLUMNS} - {"unit"} <= {*rows[0]} <= {*COLUMNS}
    assert {row["file"] for row in rows} == {7}
    assert [row["row"] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(
    ("name", "path", "options"),
    [
        ("business-demography", "none.xlsx", {}),
        ("ashe", "none.csv", {"period": "2025"}),
        ("ashe", "none.xls", {"period": "2025", "sheet": "All"}),
        ("bres", "none.parquet", {}),
        ("census-flows", "none.csv.gz", {"code_history": HISTORY}),
        ("deprivation", "none.csv", {"year": 2025}),
        ("nuts-csv", "none.csv", {}),
    ],
)
def test_a_file_that_is_not_there_is_refused_by_name(
    tmp_path: Path, name: str, path: str, options: dict[str, Any]
) -> None:
    with pytest.raises(FileRefused, match=r"none.*there is no such file"):
        read(name, tmp_path, path, **options)


class TestBusinessDemography:
    @staticmethod
    def workbook(folder: Path, **sheets: list[list[object]]) -> None:
        book = openpyxl.Workbook()
        for name, cells in sheets.items():
            sheet = book.create_sheet(name)
            for line in cells:
                sheet.append(line)
        book.save(folder / "counts.xlsx")

    @staticmethod
    def sheet(count: str, *lines: list[object], years: Sequence[object] = (2023, "2024")) -> list[list[object]]:
        title = f"Table - {count} For 2023 and 2024 by District, Counties And Unitary Authorities"
        return [[title], ["This worksheet contains one table"], [None, None, *years], *lines]

    def whole(self, **changed: list[list[object]]) -> dict[str, list[list[object]]]:
        line: list[object] = ["E06000007 ", "Warrington*", 10, 15]
        names = {
            "b": "Count Of Births Of New Enterprises",
            "d": "Count Of Deaths Of Enterprises",
            "a": "Count Of Active Enterprises",
            "h": "Count Of High Growth Enterprises",
            "t": "Count Of Active Enterprises With 10+ Employees",
        }
        return {**{key: self.sheet(count, line) for key, count in names.items()}, **changed}

    def test_counts_of_all_years_and_areas_are_read(self, shared_data: Path) -> None:
        rows = read_once("business-demography", shared_data, WORKBOOK)
        assert {row["series"] for row in rows} == {"births", "deaths", "active", "high growth", "active 10+"}
        births = values(rows, "period", series="births", area="E06000049")
        assert list(births) == ["2019", "2020", "2021", "2022", "2023", "2024"]
        assert number(rows, series="active", area="E06000007", period="2024") == 9315
        assert number(rows, series="births", area="K02000001", period="2019") == 363825

    def test_rates_can_be_rebuilt_from_the_counts(self, shared_data: Path) -> None:
        rows = read_once("business-demography", shared_data, WORKBOOK)
        growth = number(rows, series="high growth", area="K02000001", period="2024")
        base = number(rows, series="active 10+", area="K02000001", period="2024")
        assert growth / base == pytest.approx(0.049, abs=0.001)

    def test_deaths_of_the_last_two_years_are_provisional(self, shared_data: Path) -> None:
        rows = read_once("business-demography", shared_data, WORKBOOK)
        provisional = {(row["series"], row["period"]) for row in rows if row["status"] == "p"}
        assert provisional == {("deaths", "2023"), ("deaths", "2024")}

    def test_codes_are_trimmed_and_years_may_be_text_or_numbers(self, tmp_path: Path) -> None:
        self.workbook(tmp_path, **self.whole())
        rows = read("business-demography", tmp_path, "counts.xlsx")
        assert values(rows, "period", series="births", area="E06000007") == {"2023": "10", "2024": "15"}

    def test_a_cell_that_is_no_number_is_passed_on_to_be_rejected(self, tmp_path: Path) -> None:
        births = self.sheet("Count Of Births Of New Enterprises", ["E06000007", "Warrington", "about ten", ":"])
        self.workbook(tmp_path, **self.whole(b=births))
        rows = [row for row in read("business-demography", tmp_path, "counts.xlsx") if row["series"] == "births"]
        assert [(row["value"], row["status"]) for row in rows] == [("about ten", ""), (None, "z")]

    def test_sheets_by_industry_are_left_out(self, tmp_path: Path) -> None:
        industry: list[list[object]] = [
            ["Count Of Births For 2024 Standard Industrial Group"],
            [None, 2024],
            ["05 : Coal", 5],
        ]
        self.workbook(tmp_path, **self.whole(i=industry))
        assert len(read("business-demography", tmp_path, "counts.xlsx")) == 10

    def test_a_workbook_without_one_of_the_counts_is_refused(self, tmp_path: Path) -> None:
        sheets = self.whole()
        del sheets["h"]
        self.workbook(tmp_path, **sheets)
        with pytest.raises(FileRefused, match=r"counts\.xlsx: no sheet by district counts high growth"):
            read("business-demography", tmp_path, "counts.xlsx")

    @pytest.mark.parametrize(
        ("years", "line", "said"),
        [
            ((None, None), ["E06000007", "Warrington", 1, 2], "no row of years"),
            ((2023, 2024), ["North East", "", 1, 2], "0 rows"),
        ],
    )
    def test_a_sheet_without_years_or_codes_is_refused_by_name(
        self, tmp_path: Path, years: Sequence[object], line: list[object], said: str
    ) -> None:
        broken = self.sheet("Count Of Births Of New Enterprises", line, years=years)
        self.workbook(tmp_path, **self.whole(b=broken))
        with pytest.raises(FileRefused, match=f"sheet 'b'.*{said}"):
            read("business-demography", tmp_path, "counts.xlsx")

    def test_a_file_that_is_no_workbook_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "counts.xlsx").write_text("not a workbook")
        with pytest.raises(FileRefused, match="this is not a workbook"):
            read("business-demography", tmp_path, "counts.xlsx")


class TestPay:
    HEAD = (
        '"Table 8.7a",,,,,\n,,Number,,Annual,\n,,of jobsb,,percentage,Percentiles\n'
        "Description,Code,(thousand),Median,change,90\n"
    )

    def table(self, folder: Path, *lines: str, encoding: str = "cp1252") -> list[Row]:
        (folder / "pay.csv").write_bytes((self.HEAD + "\n".join(lines) + "\n").encode(encoding))
        return read("ashe", folder, "pay.csv", period="2024/25")

    def test_annual_pay_is_read_with_its_thousands_commas(self, shared_data: Path) -> None:
        rows = read_once("ashe", shared_data, ANNUAL_PAY, period="2024/25")
        assert number(rows, series="median", area="E06000007") == 34144
        assert number(rows, series="mean", area="E06000049") == 44740
        assert number(rows, series="percentile", category="25", area="K02000001") == 22060
        assert {row["category"] for row in rows if row["series"] == "percentile"} == {
            "10", "20", "25", "30", "40", "60", "70", "75", "80", "90",
        }  # fmt: skip

    def test_what_is_too_imprecise_has_no_value_and_says_so(self, shared_data: Path) -> None:
        rows = read_once("ashe", shared_data, ANNUAL_PAY, period="2024/25")
        (row,) = [r for r in rows if (r["series"], r["category"], r["area"]) == ("percentile", "90", "E06000007")]
        assert (row["value"], row["status"]) == (None, "u")

    def test_pay_of_men_is_read_from_a_file_that_is_not_utf_8(self, shared_data: Path) -> None:
        with pytest.raises(UnicodeDecodeError):
            (shared_data / MENS_PAY).read_text(encoding="utf-8")
        rows = read_once("ashe", shared_data, MENS_PAY, period="2025-04-01/P1M")
        assert number(rows, series="median", area="E06000050") == 20.39

    def test_low_pay_is_read_from_the_sheet_of_all_employees(self, shared_data: Path) -> None:
        rows = read_once("ashe", shared_data, LOW_PAY, period="2022-04-01/P1M", sheet="All")
        assert number(rows, series="share", area="E06000007") == 10.3
        assert number(rows, series="jobs", area="E06000007") == 11_000  # published in thousands

    def test_changes_on_the_year_and_rows_without_a_code_are_left_out(self, tmp_path: Path) -> None:
        rows = self.table(tmp_path, 'Warrington UA,E06000007,81,"34,144",5.2,x', "Not Classified,,136,31284,0.6,1")
        assert [(row["series"], row["value"], row["status"]) for row in rows] == [
            ("jobs", "81000.0", ""),
            ("median", "34144", ""),
            ("percentile", None, "u"),
        ]

    @pytest.mark.parametrize(
        ("cell", "value", "status"),
        [("x", None, "u"), ("..", None, "c"), (":", None, "z"), ("-", "0", ""), ("about 30", "about 30", "")],
    )
    def test_signs_for_no_number_become_statuses(
        self, tmp_path: Path, cell: str, value: str | None, status: str
    ) -> None:
        median = self.table(tmp_path, f"Warrington UA,E06000007,81,{cell},5.2,x")[1]
        assert (median["value"], median["status"]) == (value, status)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_any_encoding_will_do(self, tmp_path: Path, encoding: str) -> None:
        rows = self.table(tmp_path, "Isle of Anglesey / Ynys Môn,W06000001,27,29,1,2", encoding=encoding)
        assert rows[0]["area"] == "W06000001"

    def test_a_table_without_codes_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "pay.csv").write_text("Name,Median\nWarrington,1\n")
        with pytest.raises(FileRefused, match="no row starts with Description, Code"):
            read("ashe", tmp_path, "pay.csv", period="2025")

    def test_a_table_without_a_column_of_pay_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "pay.csv").write_text("Description,Code,Height\nWarrington,E06000007,1\n")
        with pytest.raises(FileRefused, match="no column of pay is known; found Description, Code, Height"):
            read("ashe", tmp_path, "pay.csv", period="2025")

    def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(self, shared_data: Path) -> None:
        with pytest.raises(FileRefused, match=r"no sheet 'Everybody'; found Notes, All, Male"):
            read_once("ashe", shared_data, LOW_PAY, period="2022", sheet="Everybody")
