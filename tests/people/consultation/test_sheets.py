"""Spreadsheets of responses from other systems: proposed, checked, and every row taken or told why not."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellfounded.evidence.located import BaseErrors
from wellfounded.people.consultation.receiving.mapping import propose, read_mapping, where
from wellfounded.people.consultation.receiving.rows import date_in, responses, write_rejected
from wellfounded.people.consultation.receiving.sheets import Answered, NotATable, Table, read_table
from wellfounded.people.consultation.types import Consent, Opinion, Respondent
from wellfounded.people.spreadsheets import harmless

QUESTIONS = (
    "Does the evidence and our interpretation of it resonate with you?",
    "If not, why do you think we have got it wrong?",
    "What other local evidence should we consider?",
)
CONCLUSIONS = {
    "productivity-gap": "Output per hour is lower here than in the United Kingdom.",
    "few-high-skills": "Fewer people here have a degree than in the North West.",
}
DISTRICTS = {"Warrington": "E06000007", "Halton": "E06000006"}

# As systems for consultations write them out; what people say in them is made up.
CITIZEN = [
    ["Response ID", "Submitted Date", "1: What is your name?", "2: What is your email address?",
     "3: What is your organisation?", "4: Are you responding as…", "5: Where are you based?",
     "6: May we publish your response?", "7: Does the evidence and our interpretation of it resonate with you?",
     "8: If not, why do you think we have got it wrong?", "9: What other local evidence should we consider?",
     "10: Output per hour is lower here than in the United Kingdom", "11: Why?",
     "12: Fewer people here have a degree than in the North West", "Anything else?"],
    ["ANON-1A2B-3", "2026-03-03 10:02:11", "Jane Roe", "jane@firm.example", "Example Engines Ltd", "A business",
     "Warrington", "Yes, with my name", "Partly.", "It leaves out the self-employed.", "=SUM(our survey)", "Disagree",
     "The data is old.", "Agree", "See also our letter."],
    ["ANON-1A2B-4", "2026-03-04 08:00:00", "", "", "", "A resident", "Halton", "No", "Yes", "", "", "Don't know",
     "", "", ""],
]  # fmt: skip
CONSULT = [
    ["Local Industrial Strategy – all representations"],
    [],
    ["Comment ID", "Consultee", "Type of respondent", "Received", "Question 1", "Question 2", "Question 3",
     "productivity-gap", "Reasons (productivity-gap)", "Status"],
    ["17", "Example Town Council", "Statutory consultee", "14/03/2026", "Broadly yes", "Growth is too low", "",
     "Strongly agree", "", "Accepted"],
    ["18", "Example Chamber", "Mystery", "31/02/2026", "", "", "", "Perhaps", "", "Accepted"],
    ["17", "Example Town Council", "Statutory consultee", "15/03/2026", "Twice", "", "", "", "", "Accepted"],
    ["19", "Example Trust", "NHS trust", "16 March 2026", "", "", "", "", "", "Duplicate"],
]  # fmt: skip


def as_csv(path: Path, rows: list[list[str]], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    held = io.StringIO()
    csv.writer(held, delimiter=separator).writerows(rows)
    path.write_bytes(held.getvalue().encode(encoding))
    return path


def as_xlsx(path: Path, rows: list[list[str]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.title = "About this file"
    sheet = book.create_sheet("Responses")
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(path)
    return path


def proposed(table: Table) -> str:
    return propose(table, questions=QUESTIONS, conclusions=CONCLUSIONS, districts=DISTRICTS)


def mapped(table: Table, text: str, folder: Path):
    (folder / "mapping.toml").write_text(text, "utf-8")
    return read_mapping(folder / "mapping.toml", table, conclusions=CONCLUSIONS)


@pytest.mark.parametrize("save", [as_csv, as_xlsx])
def test_an_export_is_mapped_and_read_without_a_word_lost(tmp_path, save):
    table = read_table(save(tmp_path / f"export.{save.__name__[3:]}", CITIZEN))
    sheet = responses(table, mapped(table, proposed(table), tmp_path))
    assert sheet.rejected == ()
    first, second = sheet.rows
    assert (first.line, first.reference, first.received_on) == (2, "ANON-1A2B-3", date(2026, 3, 3))
    assert (first.name, first.email, first.organisation) == ("Jane Roe", "jane@firm.example", "Example Engines Ltd")
    assert (first.respondent, first.district, first.consent) == (
        Respondent.BUSINESS,
        "E06000007",
        Consent.NAME_AND_TEXT,
    )
    assert first.questions == ("Partly.", "It leaves out the self-employed.", "=SUM(our survey)")
    assert first.answers == (
        Answered("productivity-gap", Opinion.DISAGREE, "The data is old."),
        Answered("few-high-skills", Opinion.AGREE, ""),
    )
    assert first.rest == (("Anything else?", "See also our letter."),)
    assert (second.respondent, second.consent) == (Respondent.RESIDENT, Consent.NOTHING)
    assert second.answers == (Answered("productivity-gap", Opinion.DONT_KNOW, ""),)
    everything = {cell for row in CITIZEN[1:] for cell in row if cell}
    told = {
        str(value)
        for row in sheet.rows
        for value in (*row.questions, row.name, row.email, row.organisation, row.reference)
    }
    told |= {each.reason for row in sheet.rows for each in row.answers} | {
        value for row in sheet.rows for _, value in row.rest
    }
    choices = {
        "A business",
        "A resident",
        "Warrington",
        "Halton",
        "No",
        "Yes, with my name",
        "Disagree",
        "Agree",
        "Don't know",
    }
    assert everything - told - choices == {"2026-03-03 10:02:11", "2026-03-04 08:00:00"}


def test_headings_below_a_title_are_found_and_rows_are_refused_with_every_reason(tmp_path):
    table = read_table(as_csv(tmp_path / "all.csv", CONSULT, separator=";", encoding="cp1252"))
    assert table.heading_line == 3
    text = proposed(table)
    assert '"Mystery" = "?"' in text
    with pytest.raises(BaseErrors) as told:
        mapped(table, text, tmp_path)
    assert "'Mystery' is said to mean '?': expected one of 'business'" in str(told.value)
    sheet = responses(
        table, mapped(table, text.replace('"Mystery" = "?"', "").replace('"Perhaps" = "?"', ""), tmp_path)
    )
    assert [row.reference for row in sheet.rows] == ["17"]
    assert sheet.rows[0].respondent is Respondent.COUNCIL
    assert {(each.line, each.column, each.code) for each in sheet.rejected} == {
        (5, "Type of respondent", "respondents-unknown"),
        (5, "Received", "not-a-date"),
        (5, "productivity-gap", "opinions-unknown"),
        (5, "the whole row", "nothing-said"),
        (6, "Comment ID", "same-reference"),
        (7, "the whole row", "nothing-said"),
    }
    assert {row.line for row in sheet.rows} | sheet.rejected_lines == {line for line, _ in table.rows}
    assert str(sheet.rejected[0]).startswith("all.csv, row 5, ")


def test_rejected_rows_are_written_out_whole_and_start_no_formula(tmp_path):
    rows = [["Ref", "Question 1", "Date"], ["1", "=HYPERLINK(1)", "nonsense"], ["2", "Fine", "2026-03-01"]]
    table = read_table(as_csv(tmp_path / "a.csv", rows))
    sheet = responses(table, mapped(table, proposed(table), tmp_path))
    assert write_rejected(sheet, table, tmp_path / "rejected.csv") == 1
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        headings, row = csv.reader(file)
    assert headings == ["row", "why it was not taken", "Ref", "Question 1", "Date"]
    assert row[0] == "2"
    assert row[2:] == ["1", "'=HYPERLINK(1)", "nonsense"]
    mended = read_table(tmp_path / "rejected.csv")
    assert mended.columns == table.columns
    assert mended.rows == ((2, ("1", "=HYPERLINK(1)", "nonsense")),)
    assert (
        write_rejected(
            responses(table, mapped(table, "[questions]\n1 = 'Question 1'", tmp_path)), table, tmp_path / "no"
        )
        == 0
    )
    assert not (tmp_path / "no").exists()


def test_a_mapping_that_is_wrong_is_told_by_its_lines(tmp_path):
    table = read_table(as_csv(tmp_path / "a.csv", CITIZEN))
    text = """heading_line = 1
colour = "red"
[columns]
name = "Nmae"
shoe = "3: What is your organisation?"
[questions]
4 = "Anything else?"
[conclusions.productivty-gap]
opinion = "Anything else?"
[consents]
"Yes" = "perhaps"
"""
    with pytest.raises(BaseErrors) as told:
        mapped(table, text, tmp_path)
    assert [problem.line for problem in told.value.problems] == [2, 4, 5, 7, 8, 11]
    assert "did you mean 'productivity-gap'" in str(told.value)


def test_a_confidential_response_is_not_published_though_the_answer_is_yes(tmp_path):
    rows = [["Confidential?", "Question 1"], ["Yes", "Secret"], ["No", "Open"]]
    table = read_table(as_csv(tmp_path / "a.csv", rows))
    found = responses(table, mapped(table, proposed(table), tmp_path)).rows
    assert [row.consent for row in found] == [Consent.NOTHING, Consent.TEXT]


def test_only_who_agrees_to_the_name_is_proposed_with_it(tmp_path):
    said = {
        "Yes": "text", "Yes, including my name": "name and text", "Publish, but not my name": "text",
        "Publish anonymously": "text", "Do not publish": "none", "Name and response": "name and text", "Hm": "?",
    }  # fmt: skip
    rows = [["Consent", "Question 1"], *([value, "Said"] for value in said)]
    text = proposed(read_table(as_csv(tmp_path / "a.csv", rows)))
    assert {value: f'"{value}" = "{meant}"' in text for value, meant in said.items()} == dict.fromkeys(said, True)


def test_without_a_column_on_consent_nothing_may_be_published(tmp_path):
    table = read_table(as_csv(tmp_path / "a.csv", [["Ref", "Question 1"], ["1", "Said"]]))
    assert responses(table, mapped(table, proposed(table), tmp_path)).rows[0].consent is Consent.NOTHING


def test_a_mapping_says_which_sheet_and_where_the_headings_are(tmp_path):
    table = read_table(as_xlsx(tmp_path / "a.xlsx", CITIZEN))
    (tmp_path / "mapping.toml").write_text(proposed(table), "utf-8")
    assert where(tmp_path / "mapping.toml") == ("Responses", 1)
    assert read_table(tmp_path / "a.xlsx", sheet="Responses", heading_line=1) == table


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04nonsense", "damaged"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"one,two\n", "no row below"),
        ("a.csv", b'one,two\n"never closed,1\n', "can't be told apart"),
        ("a.pdf", b"%PDF-1.4", "kind pdf"),
        ("a.exe", b"MZ" + bytes(90), "program"),
    ],
)
def test_a_file_that_is_no_table_is_told_with_what_was_expected(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NotATable, match=said) as told:
        read_table(tmp_path / name)
    assert name in str(told.value)
    assert "expected" in str(told.value) or "save it again" in str(told.value)


def test_a_sheet_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NotATable, match="'About this file', 'Responses'"):
        read_table(as_xlsx(tmp_path / "a.xlsx", CITIZEN), sheet="Answers")


def test_headings_that_are_there_twice_or_missing_and_answers_of_any_length_are_kept(tmp_path):
    long = 'Jobs, "matter"\n' * 8_000
    table = read_table(
        as_csv(tmp_path / "a.csv", [["Why?", "Why?", "", "Question 1"], ["a", "b", "c", long, "beyond"]])
    )
    assert table.columns == ("Why?", "Why? (2)", "column 3", "Question 1", "column 5")
    row = responses(table, mapped(table, "[questions]\n1 = 'Question 1'", tmp_path)).rows[0]
    assert row.questions[0] == long.strip()
    assert [cell for _, cell in row.rest] == ["a", "b", "c", "beyond"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-14", date(2026, 3, 14)), ("2026-03-14T10:00:00Z", date(2026, 3, 14)),
     ("14/03/2026 10:02", date(2026, 3, 14)),
     ("14/3/26", date(2026, 3, 14)), ("Sat, 14th March 2026 at 10:00", date(2026, 3, 14)),
     ("14 Mar 2026", date(2026, 3, 14)),
     ("31/02/2026", None), ("soon", None), ("2026", None)],
)  # fmt: skip
def test_a_date_is_read_as_it_is_written_here(text, day):
    assert date_in(text) == day


def test_months_come_first_where_the_file_tells():
    assert date_in("3/14/2026", month_first=True) == date(2026, 3, 14)


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=4), min_size=1, max_size=6))
def test_every_row_is_taken_or_has_a_reason(cells):
    rows = tuple((at, (*row, *[""] * (4 - len(row)))) for at, row in enumerate(cells, 2))
    table = Table("x.csv", "", 1, ("Ref", "Question 1", "Email", "Date"), rows)
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        text = '[columns]\nreference = "Ref"\nemail = "Email"\nreceived = "Date"\n[questions]\n1 = "Question 1"\n'
        sheet = responses(table, mapped(table, text, Path(folder)))
    assert sorted([row.line for row in sheet.rows] + list(sheet.rejected_lines)) == [line for line, _ in rows]
    assert all(not harmless(cell).startswith(("=", "+", "-", "@")) for _, row in rows for cell in row)
