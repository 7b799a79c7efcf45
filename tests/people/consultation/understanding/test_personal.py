"""What is personal is found and can be taken out; figures, years and codes stay."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellfounded.people.consultation.redacting import without
from wellfounded.people.consultation.types import Part, Segment, Span
from wellfounded.people.consultation.understanding.personal import (
    Kind,
    Personal,
    _without_overlap,
    is_nhs_number,
    personal_in,
)


def found(text: str, **told: object) -> list[tuple[str, str]]:
    return [(one.kind.name, one.span.of(text)) for one in personal_in(text, **told)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("Write to me at jo.o'neil+lis@example.co.uk.", [("EMAIL", "jo.o'neil+lis@example.co.uk")]),
        ("jo [at] example [dot] org, please", [("EMAIL", "jo [at] example [dot] org")]),
        ("Ring 01244 496 000 or (01925) 496 001.", [("PHONE", "01244 496 000"), ("PHONE", "(01925) 496 001")]),
        ("Mobile: 07700 900123; from abroad +44 7700 900123",
         [("PHONE", "07700 900123"), ("PHONE", "+44 7700 900123")]),
        ("I live at CW1 2AB, my mother at sk10 4tg and a friend in M1 1AE.",
         [("POSTCODE", "CW1 2AB"), ("POSTCODE", "sk10 4tg"), ("POSTCODE", "M1 1AE")]),
        ("My number is AB123456C, hers is qq 12 34 56 c (invalid).", [("NI_NUMBER", "AB123456C")]),
        ("National Insurance: JG 10 37 59", [("NI_NUMBER", "JG 10 37 59")]),
        ("NHS 943 476 5919 is mine; 943 476 5918 is nobody's.", [("NHS_NUMBER", "943 476 5919")]),
        ("Dear Sarah,\nI disagree.\n\nKind regards,\nTomos ap Rhys\nDirector, Exemplar Ltd",
         [("NAME", "Sarah"), ("NAME", "Tomos ap Rhys")]),
        ("Annwyl Gwen,\nRwy'n anghytuno.\nCofion gorau\nMaría-José O'Brien",
         [("NAME", "Gwen"), ("NAME", "María-José O'Brien")]),
        ("As Cllr Jane Doe and Dr. Roe said, skills are short.", [("NAME", "Jane Doe"), ("NAME", "Roe")]),
        ("My name is Ann Other and I own a garage.", [("NAME", "Ann Other")]),
        ("Thanks, Priya", [("NAME", "Priya")]),
    ],
)  # fmt: skip
def test_personal_data_is_found_as_exact_characters(text, personal):
    assert found(text) == personal


@pytest.mark.parametrize(
    "text",
    [
        "Output was £44.68 an hour in 2023, £1,234,567,890 in all, and £0123456789 is not a number to ring.",
        "SIC 62012, 01110 and 20.59/0; area E06000049; 2015-2019, 2011/12; 0.1234567890; 10,234,567 jobs.",
        "In 2019 2020 2021 the rate was 78.4 80.1 79.9, on 01/02/2023 at 10:30.",
        "We moved to B5 5th floor with 4GB. GB 12 34 56 A is no valid prefix, and the A500 and M6 are roads.",
        "The index went from 1000000000 to 1234567890.",
        "Dear Sir or Madam,\nThe Council is right.\nRegards,\nExample Chamber of Commerce",
        "Dear all,\nThanks for this.\nBest wishes\nThe Policy Team",
        "Thank you for the evidence. Best practice is elsewhere. Yours is a good report.",
        "The Northern Powerhouse and Warrington Borough Council say so.",
    ],
)
def test_figures_years_codes_and_bodies_stay(text):
    assert found(text) == []


def test_a_name_that_the_form_told_is_found_wherever_it_stands():
    text = "I, ann   other, think so. Ann Other Motors thinks so too. Another view."
    assert found(text, names=["Ann Other"]) == [("NAME", "ann   other"), ("NAME", "Ann Other")]


def test_a_signature_without_a_sign_off_gives_its_name():
    text = "I disagree.\n-- \nAnn Other | Head of Policy\nExample Ltd"
    start = text.index("--")
    segments = [Segment(Part.SAID, 0, start), Segment(Part.SIGNATURE, start, len(text))]
    assert found(text, segments=segments) == [("NAME", "Ann Other")]


def test_the_copy_keeps_all_else_to_the_character():
    text = "Hi Jo,\n\tpay is £12.50 in CW1 2AB.  \r\nMail a@b.org"
    going = [SimpleNamespace(kind=str(one.kind), **vars(one.span)) for one in personal_in(text)]
    assert without(text, Span(0, len(text)), going) == (
        "Hi [name removed],\n\tpay is £12.50 in [postcode removed].  \r\nMail [e-mail address removed]"
    )


@given(st.integers(0, 10**9 - 1))
def test_at_most_one_check_digit_makes_an_nhs_number(nine):
    assert sum(is_nhs_number(f"{nine:09d}{digit}") for digit in range(10)) <= 1


@given(st.text(max_size=300))
def test_any_text_can_be_searched_and_what_is_found_is_in_order_and_apart(text):
    spans = [one.span for one in personal_in(text)]
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


def test_a_hundred_thousand_characters_without_a_blank_are_searched():
    for text in ("a" * 100_000, "1" * 100_000, "A B " * 25_000, "0 " * 50_000, "a." * 50_000, "'" * 100_000):
        personal_in(text)


def test_a_text_of_nothing_but_addresses_and_names_is_read_in_time_that_grows_with_it():
    addresses = " ".join(f"a{n}@example.org" for n in range(30_000))
    assert len(personal_in(addresses)) == 30_000
    names = ["".join(letters).capitalize() for letters in itertools.product("abcdefgh", repeat=4)]
    listed = ", ".join(f"Mr {name} Example" for name in names)
    assert len(personal_in(f"{listed}. So says ann owen.", names=["Ann Owen"])) == len(names) + 1


@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.integers(0, 30), st.integers(1, 9)), max_size=12))
def test_of_what_overlaps_the_surest_and_longest_is_kept(given_spans):
    found = [Personal(kind, Span(start, start + long)) for kind, start, long in given_spans]
    order = [Kind.EMAIL, Kind.NI_NUMBER, Kind.NHS_NUMBER, Kind.PHONE, Kind.POSTCODE, Kind.NAME]
    plainly: list[Personal] = []
    for one in sorted(found, key=lambda one: (order.index(one.kind), one.span.start - one.span.end, one.span.start)):
        if all(one.span.end <= other.span.start or other.span.end <= one.span.start for other in plainly):
            plainly.append(one)
    assert list(_without_overlap(found)) == sorted(plainly, key=lambda one: one.span.start)
