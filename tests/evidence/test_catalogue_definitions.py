"""Sources' TOML files: every mistake is found, with its file and line."""

from __future__ import annotations

import pytest

from tests.evidence.publisher import SOURCE, Publisher
from wellfounded.evidence.catalogue import SOURCES
from wellfounded.evidence.catalogue.definitions import DefinitionErrors, read_sources

GOOD = SOURCE.format(max_rejected=0.02)


def problems(publisher: Publisher) -> list[str]:
    with pytest.raises(DefinitionErrors) as found:
        read_sources(publisher.sources)
    return [str(problem) for problem in found.value.problems]


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ('polarity = "higher"', 'polarity = "up"', "jobs-survey.toml:21: polarity must be higher, lower, neutral,"),
        ('chapter = "people"', 'chapter = "folk"', "jobs-survey.toml:22: chapter must be one of economy,"),
        ('reader = "els-csv"', 'reader = "els-scv"', "jobs-survey.toml:7: there is no reader 'els-scv'"),
        ("released = 2025-03-01", 'released = "March"', "jobs-survey.toml:12: released must be a date as 2025-06-19"),
        ('basis = "publisher"', 'basis = "guess"', "jobs-survey.toml:13: released_basis must be publisher or carrier"),
        ('label = "Jobs rate"', "", "jobs-survey.toml:15: label is missing"),
        ('id = "jobs-rate"', 'id = "Jobs rate"', "jobs-survey.toml:16: 'Jobs rate' is not an id"),
        ("decimals = 1", 'decimals = "one"', "jobs-survey.toml:20: decimals must be a whole number, not 'one'"),
        ("definition =", "defintion =", "jobs-survey.toml:18: unknown key 'defintion'"),
        ('rule = "refused"', 'rule = "mean"', "jobs-survey.toml:23: additivity needs a rule: sum, ratio,"),
        (', reason = "a test"', "", "jobs-survey.toml:23: a refused additivity says why in reason"),
        (
            'rule = "refused", reason = "a test"', 'rule = "ratio"',
            "jobs-survey.toml:23: a ratio names its numerator or its denominator, one of them",
        ),
        (
            'rule = "refused", reason = "a test"', 'rule = "survey rate"',
            "jobs-survey.toml:23: a survey rate names the denominator",
        ),
        (
            'rule = "refused", reason = "a test"', 'rule = "ratio", denominator = "jobs-rat"',
            "names 'jobs-rat', which no source defines; did you mean jobs-rate?",
        ),
        ('"a test" }', '"a test" }\ndevelopment = "yes"', "jobs-survey.toml:24: development must be true or false"),
        ('"a test" }', '"a test" }\nalternatives = ["gva"]', "names 'gva', which no source defines"),
        (
            '"a test" }', '"a test" }\nderived = { rule = "sum", of = ["jobs-rate"] }',
            "jobs-survey.toml:24: the rule of derived must be product or quotient, not 'sum'",
        ),
        (
            '"a test" }', '"a test" }\ncategories = { labels = [["A", "Farms"]], total = "T" }',
            "jobs-survey.toml:24: total names category 'T', which labels does not list",
        ),
        ("[source]", "[sauce]", "there is no [source] table"),
        ("[[file]]", "[[file", "jobs-survey.toml:10: this is not TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_with_its_file_and_line(publisher: Publisher, written: str, instead: str, said: str) -> None:
    assert written in GOOD
    publisher.define(GOOD.replace(written, instead, 1))
    assert any(said in problem for problem in problems(publisher)), problems(publisher)


def test_all_mistakes_of_all_files_come_in_one_run(publisher: Publisher) -> None:
    publisher.define(GOOD.replace('"higher"', '"up"').replace('"people"', '"folk"'))
    publisher.define(GOOD.replace('"els-csv"', '"nothing"'), name="other")
    assert [problem.split(":")[0] for problem in problems(publisher)] == ["jobs-survey.toml"] * 2 + ["other.toml"]


def test_an_id_can_be_used_once(publisher: Publisher) -> None:
    publisher.define(GOOD, name="other")
    assert problems(publisher) == [
        "other.toml:2: source 'jobs-survey' is already defined in jobs-survey.toml",
        "other.toml:16: indicator 'jobs-rate' is already defined in jobs-survey.toml; ids are unique",
    ]


def test_the_sources_that_ship_have_no_mistakes() -> None:
    assert len(read_sources(SOURCES)) > 60
