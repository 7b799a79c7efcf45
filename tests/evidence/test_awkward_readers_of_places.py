"""Reading files by place: commuting flows, indices of deprivation, employees by section, NUTS files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.evidence.reading import (
    BRES,
    FLOWS,
    HISTORY,
    IMD_2019,
    IMD_2025,
    Row,
    number,
    read,
    read_once,
    values,
)
from wellfounded.evidence.readers import FileRefused


class TestCommuting:
    HEAD = (
        "Lower tier local authorities code,Lower tier local authorities label,LTLA of workplace code,"
        "LTLA of workplace label,Place of work indicator (4 categories) code,"
        "Place of work indicator (4 categories) label,Count\n"
    )
    CODES = (
        "LADCD,LADCD_ACTIVE,RGNCD,CTRYCD,EWCD\n"
        "E07000026,E06000063,E12000002,E92000001,K04000001\n"
        "E07000028,E06000063,E12000002,E92000001,K04000001\n"
        "E06000007,E06000007,E12000002,E92000001,K04000001\n"
        "W06000005,W06000005,W99999999,W92000004,K04000001\n"
        "S12000006,S12000006,S99999999,S92000003,\n"
    )

    def flows(self, folder: Path, *lines: tuple[str, str, str, object]) -> list[Row]:
        text = self.HEAD + "".join(f'{home},"A, B",{work},C,{kind},D,{count}\n' for home, work, kind, count in lines)
        (folder / "flows.csv.gz").write_bytes(gzip.compress(text.encode()))
        (folder / "codes.csv").write_text(self.CODES)
        return read("census-flows", folder, "flows.csv.gz", code_history="codes.csv")

    def test_only_those_who_travel_are_commuters(self, tmp_path: Path) -> None:
        rows = self.flows(
            tmp_path,
            ("E06000007", "-8", "-8", 1000),
            ("E06000007", "888888888", "2", 5),
            ("E06000007", "E06000007", "1", 40),
            ("E06000007", "E06000007", "3", 30),
            ("E06000007", "W06000005", "3", 20),
        )
        assert values(rows, "category", series="flow", area="E06000007") == {
            "All": "50",
            "E06000007": "30",
            "W06000005": "20",
        }
        assert number(rows, series="residents", area="E06000007") == 50
        assert number(rows, series="within", area="E06000007") == 30
        assert number(rows, series="home", area="E06000007") == 40
        assert number(rows, series="in work", area="E06000007") == 95

    def test_authorities_that_merged_are_added_up_to_todays(self, tmp_path: Path) -> None:
        rows = self.flows(
            tmp_path,
            ("E07000026", "E07000028", "3", 10),
            ("E07000028", "E07000028", "3", 7),
            ("E07000028", "E06000007", "3", 1),
        )
        assert values(rows, "category", series="flow", area="E06000063") == {
            "All": "18",
            "E06000063": "17",
            "E06000007": "1",
        }
        assert number(rows, series="within", area="E06000063") == 17
        assert values(rows, "category", series="inflow", area="E06000007") == {"All": "1", "E06000063": "1"}

    def test_those_who_cross_a_border_inside_a_region_stay_in_it(self, tmp_path: Path) -> None:
        rows = self.flows(
            tmp_path, ("E07000026", "E06000007", "3", 10), ("E06000007", "W06000005", "3", 4),
            ("W06000005", "S12000006", "3", 2),
        )  # fmt: skip
        assert values(rows, "area", series="within") == {"E12000002": "10", "E92000001": "10", "K04000001": "14"}
        assert number(rows, series="residents", area="E12000002") == 14
        assert number(rows, series="residents", area="K04000001") == 16

    def test_scottish_workplaces_are_destinations_only(self, tmp_path: Path) -> None:
        rows = self.flows(tmp_path, ("E06000007", "S12000006", "3", 2))
        assert values(rows, "category", series="flow", area="E06000007") == {"All": "2", "S12000006": "2"}
        assert [row for row in rows if row["area"][0] == "S"] == []

    def test_a_count_that_is_no_number_and_an_unknown_home_are_passed_on_to_be_rejected(self, tmp_path: Path) -> None:
        rows = self.flows(
            tmp_path, ("E06000007", "W06000005", "3", "many"), ("E06009999", "E06000007", "3", 5),
            ("W06000005", "W06000005", "3", 1),
        )  # fmt: skip
        assert values(rows, "category", series="flow", area="E06009999") == {"E06000007": "5"}
        assert values(rows, "category", series="flow", area="E06000007") == {"W06000005": "many"}

    def test_a_missing_column_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "flows.csv.gz").write_bytes(gzip.compress(b"Home,Work,Count\n"))
        with pytest.raises(FileRefused, match=r"'LTLA of workplace code'.* is missing; found Home, Work, Count"):
            read("census-flows", tmp_path, "flows.csv.gz", code_history="codes.csv")

    def test_a_file_that_is_not_compressed_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "flows.csv.gz").write_text(self.HEAD)
        with pytest.raises(FileRefused, match="not a CSV compressed by gzip"):
            read("census-flows", tmp_path, "flows.csv.gz", code_history="codes.csv")

    def test_a_source_that_names_no_history_of_codes_is_told_so(self, tmp_path: Path) -> None:
        (tmp_path / "flows.csv.gz").write_bytes(gzip.compress(self.HEAD.encode()))
        with pytest.raises(FileRefused, match="must name the history of codes"):
            read("census-flows", tmp_path, "flows.csv.gz")

    def test_the_census_adds_up(self, shared_data: Path) -> None:
        rows = read_once("census-flows", shared_data, FLOWS, code_history=HISTORY)
        assert number(rows, series="residents", area="E06000007") == 57_870
        assert number(rows, series="workers", area="E06000007") == 71_097
        assert number(rows, series="in work", area="K04000001") == 27_773_528
        flows = values(rows, "category", series="flow", area="E06000049")
        assert sum(int(count or 0) for category, count in flows.items() if category != "All") == int(flows["All"] or 0)
        assert "E06000063" in flows
        assert "E07000026" not in flows  # Allerdale, now in Cumberland

    def test_inflow_is_the_flow_seen_from_the_other_end(self, shared_data: Path) -> None:
        rows = read_once("census-flows", shared_data, FLOWS, code_history=HISTORY)
        there = number(rows, series="flow", area="E06000049", category="E06000007")
        assert number(rows, series="inflow", area="E06000007", category="E06000049") == there


class TestDeprivation:
    def test_the_indices_of_2025_are_read_as_percentages_scores_and_people(self, shared_data: Path) -> None:
        rows = read_once("deprivation", shared_data, IMD_2025, year=2025)
        tenths = values(rows, "category", series="tenth", area="E06000050")
        assert tenths["all"] == "8.56"
        assert set(tenths) == {
            "all", "income", "employment", "education", "health", "crime", "housing", "environment",
        }  # fmt: skip
        assert number(rows, series="score", area="E06000049") == 14.169
        assert number(rows, series="rate", category="income", area="E06000007") == 18.2
        assert number(rows, series="people", category="employment", area="E06000007") == 15980.67

    def test_of_2019_shares_and_scores_are_read_and_no_rates(self, shared_data: Path) -> None:
        rows = read_once("deprivation", shared_data, IMD_2019, year=2019)
        assert {row["series"] for row in rows} == {"score", "tenth"}
        assert number(rows, series="tenth", category="all", area="E06000007") == pytest.approx(7.874016)
        assert {row["period"] for row in rows} == {"2019"}

    def test_the_file_of_another_year_is_refused(self, shared_data: Path) -> None:
        with pytest.raises(FileRefused, match=r"Score, Proportion.* is missing"):
            read_once("deprivation", shared_data, IMD_2025, year=2019)

    def test_a_cell_that_is_no_number_is_passed_on_to_be_rejected(self, shared_data: Path, tmp_path: Path) -> None:
        lines = (shared_data / IMD_2019).read_text().splitlines()[:2]
        score = lines[1].split(",")[1]
        (tmp_path / "imd.csv").write_text("\n".join(lines).replace(score, "very"))
        rows = read("deprivation", tmp_path, "imd.csv", year=2019)
        assert [row["value"] for row in rows if row["series"] == "score"] == ["very"]


class TestEmployees:
    def test_the_code_uk_is_great_britain(self, shared_data: Path) -> None:
        rows = read_once("bres", shared_data, BRES)
        assert number(rows, area="K03000001", category="Total", period="2022-01-01/P1Y") == 30_961_000
        assert [row for row in rows if row["area"] in ("UK", "K02000001")] == []

    def test_sections_add_up_to_the_total_but_for_rounding(self, shared_data: Path) -> None:
        rows = read_once("bres", shared_data, BRES)
        place = values(rows, "category", area="TLD6", period="2022-01-01/P1Y")
        total = float(place.pop("Total") or 0)
        assert sum(float(value or 0) for value in place.values()) == pytest.approx(total, rel=0.01)
        assert len(place) == 21

    def test_england_is_added_up_from_its_regions_and_marked(self, shared_data: Path) -> None:
        rows = read_once("bres", shared_data, BRES)
        england = [row for row in rows if row["area"] == "E92000001"]
        assert {row["status"] for row in england} == {"e"}
        parts = [
            number(rows, area=area, category="C", period="2022-01-01/P1Y")
            for area in ("TLC", "TLD", "TLE", "TLF", "TLG", "TLH", "TLI", "TLJ", "TLK")
        ]
        assert number(rows, area="E92000001", category="C", period="2022-01-01/P1Y") == sum(parts)

    def test_england_is_not_added_up_where_a_region_is_missing(self, tmp_path: Path) -> None:
        self.write(tmp_path, "TLC")
        assert {row["area"] for row in read("bres", tmp_path, "b.parquet")} == {"TLC"}

    def test_a_missing_column_is_refused(self, tmp_path: Path) -> None:
        self.write(tmp_path, "TLC", without="industry.code")
        with pytest.raises(FileRefused, match=r"'industry\.code' is missing"):
            read("bres", tmp_path, "b.parquet")

    @staticmethod
    def write(folder: Path, area: str, *, without: str = "") -> None:
        row = {
            "dates.date": "2022-01-01",
            "dates.freq": "a",
            "geography.code": area,
            "geography.name": "North East",
            "employment.status.name": "Employees",
            "industry.code": "C",
            "value": 5.0,
        }
        table = pa.table({key: [value] for key, value in row.items() if key != without})
        pq.write_table(table, folder / "b.parquet")


class TestInnovation:
    @staticmethod
    def write(folder: Path, *lines: str, head: str = "year,nuts_id,nuts_year_spec,awards") -> None:
        (folder / "n.csv").write_text("\n".join([head, *lines]) + "\n")

    def test_figures_are_scaled_and_larger_areas_added_up(self, tmp_path: Path) -> None:
        self.write(tmp_path, "2019,UKD61,2016,1500000", "2019,UKD62,2016,2500000", "2019,UKM50,2016,1000000")
        rows = read("nuts-csv", tmp_path, "n.csv", times=0.000001, totals=["nuts2", "nuts1", "country"])
        found = values(rows, "area", period="2019-01-01/P1Y")
        assert found == {
            "UKD61": "1.5", "UKD62": "2.5", "UKM50": "1.0", "UKD6": "4.0", "UKM5": "1.0", "UKD": "4.0", "UKM": "1.0",
            "E92000001": "4.0", "K02000001": "5.0",
        }  # fmt: skip
        assert {row["area"] for row in rows if row["status"] == "e"} == {
            "UKD6", "UKM5", "UKD", "UKM", "E92000001", "K02000001",
        }  # fmt: skip

    def test_northern_ireland_ran_out_of_digits(self, tmp_path: Path) -> None:
        self.write(tmp_path, "2019,UKN06,2016,1", "2019,UKN16,2016,2")
        rows = read("nuts-csv", tmp_path, "n.csv", totals=["nuts2"])
        assert number(rows, area="UKN0") == 3

    def test_awards_outside_any_region_count_for_the_country_only(self, tmp_path: Path) -> None:
        self.write(tmp_path, "2010,UKZZZ,2010,4", "2010,UKC11,2010,1")
        rows = read("nuts-csv", tmp_path, "n.csv", totals=["nuts2", "nuts1", "country"])
        assert set(values(rows, "area")) == {"UKZZZ", "UKC11", "UKC1", "UKC", "E92000001", "K02000001"}
        assert number(rows, area="K02000001") == 5

    def test_codes_that_would_count_twice_stay_out_of_totals(self, tmp_path: Path) -> None:
        self.write(tmp_path, "2017,UKM2,2016,7", "2017,UKM7,2016,7", "2013,UKM2,2013,6")
        rows = read("nuts-csv", tmp_path, "n.csv", totals=["country"], totals_from=2014, totals_without=["UKM2"])
        assert values(rows, "period", area="K02000001") == {"2017-01-01/P1Y": "7.0"}

    def test_a_zero_that_means_withheld_has_no_value(self, tmp_path: Path) -> None:
        self.write(tmp_path, "2013,UKE1,2013,0.0", "2013,UKE2,2013,")
        rows = read("nuts-csv", tmp_path, "n.csv", zero="missing")
        assert [(row["value"], row["status"]) for row in rows] == [(None, "x"), (None, "x")]
        assert read("nuts-csv", tmp_path, "n.csv")[0]["value"] == "0.0"

    def test_years_after_the_last_whole_one_are_a_series_of_their_own(self, tmp_path: Path) -> None:
        self.write(tmp_path, "2019,UKD61,2016,1", "2020,UKD61,2016,2")
        rows = read("nuts-csv", tmp_path, "n.csv", last=2019)
        assert [row["series"] for row in rows] == ["awards", "awards after 2019"]

    def test_academic_years_start_in_august(self, tmp_path: Path) -> None:
        self.write(tmp_path, "2018,UKD63,2016,1")
        assert read("nuts-csv", tmp_path, "n.csv", academic=True)[0]["period"] == "2018-08-01/P1Y"

    @pytest.mark.parametrize(
        ("head", "said"),
        [
            ("year,nuts_id,awards", "'nuts_year_spec' is missing"),
            ("year,nuts_id,nuts_year_spec,a,b", "one column of figures"),
        ],
    )
    def test_a_file_with_too_few_or_too_many_columns_is_refused(self, tmp_path: Path, head: str, said: str) -> None:
        self.write(tmp_path, head=head)
        with pytest.raises(FileRefused, match=said):
            read("nuts-csv", tmp_path, "n.csv")

    def test_research_in_cheshire_is_a_thirtieth_of_the_uks(self, shared_data: Path) -> None:
        rows = read_once("nuts-csv", shared_data, "innovation/eurostat_berd_data.nuts2.csv",
            times=0.000001, zero="missing", totals=["country"], totals_from=2014, totals_without=["UKM2", "UKM3"],
        )  # fmt: skip
        cheshire = number(rows, area="UKD6", period="2018-01-01/P1Y")
        uk = number(rows, area="K02000001", period="2018-01-01/P1Y")
        assert cheshire == pytest.approx(873.743)
        assert cheshire / uk == pytest.approx(1 / 32, rel=0.02)
        (withheld,) = [row for row in rows if (row["area"], row["period"]) == ("UKE1", "2013-01-01/P1Y")]
        assert (withheld["value"], withheld["status"]) == (None, "x")
