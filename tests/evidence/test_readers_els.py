"""Reading the files of Explore Local Statistics: what is kept, what is rejected and why."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.evidence.publisher import COLUMNS, Publisher, row
from wellfounded.evidence.catalogue.rows import REASONS
from wellfounded.evidence.readers import FileRefused

GOOD = row()


def figures(publisher: Publisher) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(publisher.data / "figures.parquet").to_pylist()
    return found


def test_a_row_becomes_a_figure(publisher: Publisher) -> None:
    publisher.publish(row(lower="68.0", upper="75.0"))
    publisher.build()
    assert figures(publisher) == [
        {
            "indicator": "jobs-rate",
            "release": "jobs-survey@2025-03-01",
            "category": "",
            "area": "E06000049",
            "start": date(2023, 1, 1),
            "end": date(2023, 12, 31),
            "value": 71.5,
            "lower": 68.0,
            "upper": 75.0,
            "status": "",
        }
    ]


REJECTED = {
    "unknown-series": row(indicator="Joy"),
    "unknown-unit": row(unit="£"),
    "unknown-area": row(area="E06009999"),
    "bad-period": row(period="last year"),
    "unknown-status": row(status="q"),
    "not-a-number": row(value="about 70"),
    "missing-value-without-status": row(value=""),
    "value-with-status-for-none": row(status="c"),
    "limits-out-of-order": row(lower="75", upper="68"),
}


@pytest.mark.parametrize(("reason", "line"), REJECTED.items())
def test_a_bad_row_is_rejected_with_its_reason_and_the_others_are_kept(
    publisher: Publisher, reason: str, line: str
) -> None:
    publisher.publish(row(period="2022"), line)
    report = publisher.build()
    assert report.rejected == {reason: 1}
    assert [figure["start"].year for figure in figures(publisher)] == [2022]
    with (publisher.rejected / "rejected.csv").open() as lines:
        (kept,) = csv.DictReader(lines)
    assert (kept["file"], kept["row"], kept["reason"]) == ("jobs.csv", "2", reason)


def test_every_reason_code_has_its_words() -> None:
    assert set(REJECTED) | {"duplicate-key", "unknown-category"} == set(REASONS)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1,234", "12abc", "0x1F", "--"])
def test_only_finite_plain_numbers_are_numbers(publisher: Publisher, number: str) -> None:
    publisher.publish(GOOD, row(period="2022", value=f'"{number}"'))
    assert publisher.build().rejected == {"not-a-number": 1}


@pytest.mark.parametrize("limit", ["lower", "upper"])
def test_a_limit_that_is_no_number_is_rejected(publisher: Publisher, limit: str) -> None:
    publisher.publish(GOOD, row(period="2022", **{limit: "wide"}))
    assert publisher.build().rejected == {"not-a-number": 1}


def test_one_limit_alone_is_no_interval(publisher: Publisher) -> None:
    publisher.publish(row(lower="68.0"))
    publisher.build()
    (figure,) = figures(publisher)
    assert (figure["lower"], figure["upper"]) == (None, None)


@pytest.mark.parametrize(
    ("code", "status"),
    [("x", "unavailable"), ("u", "unreliable"), ("c", "confidential"), ("z", "not applicable"), ("X ", "unavailable")],
)
def test_a_missing_value_keeps_its_reason_and_is_not_zero(publisher: Publisher, code: str, status: str) -> None:
    publisher.publish(row(value="", status=code))
    publisher.build()
    (figure,) = figures(publisher)
    assert (figure["value"], figure["status"]) == (None, status)


@pytest.mark.parametrize(("code", "status"), [("u", "unreliable"), ("p", "provisional"), ("e", "estimated")])
def test_a_value_keeps_its_status(publisher: Publisher, code: str, status: str) -> None:
    publisher.publish(row(status=code))
    publisher.build()
    assert figures(publisher)[0]["status"] == status


def test_a_value_for_two_areas_together_is_marked_estimated(publisher: Publisher) -> None:
    publisher.publish(
        row(area="E09000012", status="Value for Hackney and City of London combined"),
        row(area="E06000052", notes="Value for Cornwall and Isles of Scilly combined"),
    )
    publisher.build()
    assert [figure["status"] for figure in figures(publisher)] == ["estimated", "estimated"]


def test_a_note_that_calls_a_value_unreliable_marks_it(publisher: Publisher) -> None:
    note = "Estimate and confidence interval unreliable since the group sample size is small (3-9)"
    publisher.publish(row(notes=note))
    publisher.build()
    assert figures(publisher)[0]["status"] == "unreliable"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_and_either_line_end_make_no_difference(publisher: Publisher, end: str, mark: str) -> None:
    publisher.publish(row(notes="a note"), row(period="2022"), end=end, mark=mark)
    report = publisher.build()
    assert report.rejected == {}
    assert len(figures(publisher)) == 2


def test_columns_may_come_in_another_order_and_in_the_older_words(publisher: Publisher) -> None:
    columns = (
        "AREACD,AREANM,Geography,Indicator,Observation,Unit,Measure,Period,"
        "Lower Confidence Interval (95%),Upper Confidence Interval (95%),Observation Status"
    )
    publisher.publish("E06000049,Cheshire East,District,Jobs,71.5,%,Percentage,2023,68,75,u", columns=columns)
    publisher.build()
    (figure,) = figures(publisher)
    assert (figure["value"], figure["lower"], figure["status"]) == (71.5, 68.0, "unreliable")


def test_a_missing_column_is_named_with_the_file_and_what_was_found(publisher: Publisher) -> None:
    publisher.publish(GOOD, columns=COLUMNS.replace("observation", "obs"))
    with pytest.raises(FileRefused) as refused:
        publisher.build()
    said = str(refused.value)
    assert "jobs.csv: column 'observation' is missing" in said
    assert "found areacd, areanm, geography, indicator, period, obs," in said
    assert not publisher.data.exists()


def test_a_file_that_is_not_there_not_text_or_empty_is_refused(publisher: Publisher) -> None:
    with pytest.raises(FileRefused, match=r"1 of the 1 files that the sources name are not in .*: jobs\.csv"):
        publisher.build()
    (publisher.files / "jobs.csv").write_bytes("areacd,£".encode("latin-1"))
    with pytest.raises(FileRefused, match=r"jobs\.csv: this is not UTF-8 text"):
        publisher.build()
    (publisher.files / "jobs.csv").write_bytes(b"")
    with pytest.raises(FileRefused, match="found no columns"):
        publisher.build()


def test_the_same_figure_twice_is_kept_once_and_not_rejected(publisher: Publisher) -> None:
    publisher.publish(GOOD, GOOD)
    (file,) = publisher.build().files
    assert (file.read, file.kept, file.repeated, file.rejected) == (2, 1, 1, {})
    assert len(figures(publisher)) == 1


def test_rows_of_one_key_that_disagree_are_all_rejected(publisher: Publisher) -> None:
    publisher.publish(GOOD, row(value="60"), row(period="2022"))
    assert publisher.build().rejected == {"duplicate-key": 2}
    assert [figure["start"].year for figure in figures(publisher)] == [2022]


def test_an_old_code_becomes_its_one_successor(publisher: Publisher) -> None:
    publisher.publish(row(area="E08000016"))
    publisher.build()
    assert [figure["area"] for figure in figures(publisher)] == ["E08000038"]


def test_old_and_new_code_with_one_value_are_one_figure(publisher: Publisher) -> None:
    publisher.publish(row(area="E08000016"), row(area="E08000038"))
    (file,) = publisher.build().files
    assert (file.kept, file.repeated) == (1, 1)


def test_where_old_and_new_code_disagree_the_row_under_the_old_one_is_rejected(publisher: Publisher) -> None:
    publisher.publish(row(area="E08000016", value="60"), row(area="E08000038", value="61"))
    assert publisher.build().rejected == {"duplicate-key": 1}
    assert [(figure["area"], figure["value"]) for figure in figures(publisher)] == [("E08000038", 61.0)]


def test_a_district_that_was_merged_with_others_keeps_its_code(publisher: Publisher) -> None:
    publisher.publish(row(area="E07000163"))  # Craven, one of seven that became North Yorkshire
    publisher.build()
    assert [figure["area"] for figure in figures(publisher)] == ["E07000163"]


def test_kinds_of_area_that_are_not_held_are_left_out_and_counted(publisher: Publisher) -> None:
    publisher.publish(GOOD, row(area="E23000006"))  # a police force
    (file,) = publisher.build().files
    assert (file.kept, file.skipped, file.rejected) == (1, 1, {})


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2022-04-01/P1Y", date(2022, 4, 1), date(2023, 3, 31)),
        ("2020-01-01/P3Y", date(2020, 1, 1), date(2022, 12, 31)),
        ("2025-12-01/P1M", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025-04-30", date(2025, 4, 30), date(2025, 4, 30)),
    ],
)
def test_periods_have_a_first_and_a_last_day(publisher: Publisher, period: str, start: date, end: date) -> None:
    publisher.publish(row(period=period))
    publisher.build()
    assert [(figure["start"], figure["end"]) for figure in figures(publisher)] == [(start, end)]


def series(folder: Path, **columns: Any) -> Path:
    content = {
        "id": 1, "code": "people-count", "areacd": ["E06000049", "E06000050"], "value": [10, None],
        "lci": [None, None], "uci": [None, None], "xDomainNumb": [2023, 2023],
    }  # fmt: skip
    path = folder / "people.json"
    path.write_text(json.dumps({key: value for key, value in (content | columns).items() if value is not ...}))
    return path


@pytest.fixture
def json_publisher(publisher: Publisher) -> Publisher:
    text = (publisher.sources / "jobs-survey.toml").read_text()
    text = text.replace('"els-csv"', '"els-json"').replace("jobs.csv", "people.json")
    publisher.define(text.replace('{ indicator = "Jobs", unit = "%" }', '{ code = "people-count" }'))
    return publisher


def test_a_json_series_becomes_figures_and_its_nulls_are_unavailable(json_publisher: Publisher) -> None:
    series(json_publisher.files)
    json_publisher.build()
    assert [(f["area"], f["value"], f["status"]) for f in figures(json_publisher)] == [
        ("E06000049", 10.0, ""),
        ("E06000050", None, "unavailable"),
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"value": ...}, "column 'value' is missing; found id, code, areacd"),
        ({"value": [1]}, "value has 1 entries and areacd has 2"),
        ({"value": [1, "two"]}, "a column is not all numbers"),
    ],
)
def test_a_json_file_that_is_no_series_is_refused(
    json_publisher: Publisher, columns: dict[str, Any], said: str
) -> None:
    series(json_publisher.files, **columns)
    with pytest.raises(FileRefused, match=said):
        json_publisher.build()


def test_broken_json_is_refused(json_publisher: Publisher) -> None:
    (json_publisher.files / "people.json").write_text("{")
    with pytest.raises(FileRefused, match=r"people\.json: this is not JSON"):
        json_publisher.build()
    (json_publisher.files / "people.json").write_text("[]")
    with pytest.raises(FileRefused, match="expected an object"):
        json_publisher.build()
