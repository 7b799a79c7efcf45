"""What is wrong in a base is told with file and line, all in one run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellfounded.conclusions.amounts import NotAnAmount, amount_kinds, parse_amount, parse_window
from wellfounded.conclusions.read import read_all
from wellfounded.evidence.located import BaseErrors

GOOD = """\
[[conclusion]]
id = "one"
chapter = "economy"
kind = "strength"
says = "{area}: {value}"

  [[conclusion.test]]
  indicator = "gva-per-hour"
  expect = "higher"
  than = "united-kingdom"
  by_at_least = "2%"
"""


def problems(base: Path, text: str, *, file: str = "conclusions/economy.toml") -> list[str]:
    """What reading a base says is wrong, once `file` holds `text`."""
    (base / file).write_text(text, "utf-8")
    try:
        read_all(base)
    except BaseErrors as error:
        return [str(problem) for problem in error.problems]
    return []


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def asking(*lines: str) -> str:
    """The good conclusion with a test of other lines, which start at line 8."""
    head = GOOD.split("  indicator")[0].replace("{area}: {value}", "So it is.")
    return head + "".join(f"  {line}\n" for line in lines)


def test_a_good_base_has_nothing_wrong(small_base: Path) -> None:
    assert problems(small_base, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"gva-per-hour"', '"gva-per-hou"', ":8: there is no indicator 'gva-per-hou'; did you mean gva-per-hour"),
        ('"higher"', '"hihger"', ":9: there is no expectation 'hihger'; did you mean 'higher'?"),
        ('  expect = "higher"\n', "", ":7: a test needs `expect`: one of higher, lower"),
        ('  indicator = "gva-per-hour"\n', "", ":7: a test needs an `indicator`"),
        ('  than = "united-kingdom"\n', "", ":7: `higher` needs a comparator: than = one of united-kingdom, england"),
        ('"united-kingdom"', '"united-kingdon"', ":10: there is no comparator 'united-kingdon'; did you mean 'united-"),
        ('"united-kingdom"', '"E99999999"', ":10: there is no comparator 'E99999999'"),
        ('"2%"', '"2 percent"', ":11: `by_at_least`: '2 percent' is not an amount: expected"),
        ('"2%"', "-2", ":11: `by_at_least`: -2 is not an amount"),
        ('"2%"', "inf", ":11: `by_at_least`: inf is not an amount"),
        ('"2%"', "true", ":11: `by_at_least`: True is not an amount"),
        ('"2%"', '"2% a year"', ":11: `by_at_least`: '2% a year' is a change a year"),
        (
            "by_at_least",
            "by_at_leest",
            ":11: there is no option of `higher` 'by_at_leest'; did you mean 'by_at_least'?",
        ),
        ("{value}", "{valeu}", ":5: there is no slot '{valeu}'; did you mean '{value}'?"),
        ("{value}", "{rank}", ":5: there is no slot '{rank}'"),
        ("{value}", "{t2.value}", ":5: there is no slot '{t2.value}'"),
        ("{value}", "{Value}", ":5: '{Value}' is no slot"),
        ("{value}", "{value", ":5: '{' is no slot"),
        ('id = "one"\n', "", ":1: a conclusion needs an `id`"),
        ('says = "{area}: {value}"\n', "", ":1: a conclusion needs `says`: its sentence"),
        ('chapter = "economy"', 'chapter = "econmy"', ":3: there is no chapter 'econmy'; did you mean 'economy'?"),
        ('chapter = "economy"\n', "", ":1: a conclusion needs a `chapter`: one of economy, people"),
        ('kind = "strength"', 'kind = "strong"', ":4: there is no kind 'strong'"),
        ('kind = "strength"', 'kind = "strength"\nkid = 1', ":5: there is no key 'kid'; did you mean 'kind'?"),
        ('kind = "strength"', 'kind = "strength"\nstatus = "publishd"', ":5: there is no status 'publishd'"),
        (
            'kind = "strength"',
            'kind = "strength"\nimpact = ["productivty"]',
            ":5: there is no impact area",
        ),
        ('kind = "strength"', 'kind = "strength"\nchallenges = ["growth"]', ":5: there is no Grand Challenge 'growth'"),
        ('kind = "strength"', 'kind = "strength"\ncombine = "some"', ":5: there is no way to combine tests 'some'"),
        ('"strength"', "strength", ":4: this is not TOML"),
        ("[[conclusion]]", "[[conclusion]", ":1: this is not TOML"),
        ("[[conclusion]]\n", '[[finding]]\nid = "x"\n[[conclusion]]\n', ":1: there is no `finding` here"),
    ],
)
def test_one_mistake_is_one_clear_error_at_its_line(small_base: Path, old: str, new: str, said: str) -> None:
    (found,) = problems(small_base, changed(old, new))
    assert found.startswith(f"conclusions/economy.toml{said}")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['indicator = "gva-per-hour"', 'expect = "similar"', 'than = "england"'], ":7: `similar` needs `within`"),
        (['indicator = "gva-per-hour"', 'expect = "rising"'], ":7: `rising` needs `over`"),
        (['indicator = "gva-per-hour"', 'expect = "rising"', 'over = "ten years"'], ":10: `over`: 'ten years' is"),
        (['indicator = "gva-per-hour"', 'expect = "rising"', 'over = "2019..2009"'], ":10: `over`: '2019..2009' is"),
        (['indicator = "gva-per-hour"', 'expect = "rising"', 'over = "0 years"'], ":10: `over`: a window needs"),
        (
            ['indicator = "gva-per-hour"', 'expect = "rising"', 'over = "all"', 'by_at_least = "5%"'],
            ":11: `by_at_least`: '5%' does not say that it is a change a year",
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "rising"', 'over = "all"', 'than = "england"'],
            ":11: `rising` takes no comparator",
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "ranks"', 'among = "local-authorities"'],
            ":7: `ranks` needs one of top, bottom",
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "ranks"', 'among = "regions"', "top = 3", "bottom = 3"],
            ":7: `top` and `bottom` are both there: which of them is meant?",
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "ranks"', 'among = "everyone"', "top = 3"],
            ":10: `among`: 'everyone' is not known; expected local-authorities",
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "ranks"', 'among = "regions"', 'top = "most"'],
            ":11: `top`: 'most' is not known; expected a number of areas or tenth",
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "ranks"', 'among = "regions"', "top = 0"],
            ":11: `top`: 0 is not known",
        ),
        (
            ['indicator = "gva-by-industry"', 'expect = "share"', 'part = ["C"]', 'at_least = "10%"'],
            ":10: there is no category of gva-by-industry 'C'",
        ),
        (
            ['indicator = "gva-by-industry"', 'expect = "share"', 'at_least = "10%"'],
            ":7: `share` needs `part` or `category`: what it is the share of",
        ),
        (
            ['indicator = "gva-by-industry"', 'expect = "share"', 'part = "largest"', 'at_least = "40"'],
            ':11: `at_least`: \'40\' is not what is meant here: expected "40%"',
        ),
        (
            ['indicator = "gva-by-industry"', 'expect = "share"', 'part = "largest"', 'by_at_least = "2 points"'],
            ":7: `by_at_least` needs `than`: whose share it is compared with",
        ),
        (
            ['indicator = "gva-by-industry"', 'expect = "share"', 'part = "largest"', 'than = "england"',
             'at_most = "9%"'],
            ":7: a share `than` a comparator's takes `by_at_least`",
        ),
        (
            ['indicator = "gva-by-industry"', 'expect = "specialised"', 'than = "england"', "at_least = 1.25"],
            ":7: `specialised` needs one of category, part",
        ),
        (
            ['indicator = "gva-by-industry"', 'expect = "diverse"', 'than = "england"', 'measure = "gini"'],
            ":11: `measure`: 'gini' is not known; expected hhi, entropy",
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "spread"', 'at_least = "5%"', 'at_most = "9%"'],
            ":7: `at_least` and `at_most` are both there: which of them is meant?",
        ),
        (
            ['indicator = "gdp-real"', 'expect = "resilient"', 'than = "england"', 'shock = "1990"'],
            ":11: `shock`: '1990' is not known; expected 2008, 2020",
        ),
        (
            ['indicator = "gdp-real"', 'expect = "resilient"', 'than = "england"', 'shock = "2008"',
             'by_at_least = "2%"'],
            ":12: `by_at_least`: '2%' is not what is meant here: expected \"2 points\"",
        ),
        (
            ['indicator = "gva-per-head"', 'expect = "driven by"', 'than = "england"', 'decomposition = "chain"',
             'part = "within"'],
            ":12: `part`: 'within' is not known; expected GVA per hour",
        ),
        (
            ['indicator = "house-price"', 'expect = "driven by"', 'than = "england"', 'decomposition = "sectors"',
             'part = "within"'],
            ":7: `sectors` splits gva-per-job or gva-by-industry, not house-price",
        ),
        (
            ['indicator = "gva-by-industry"', 'expect = "driven by"', 'than = "england"',
             'decomposition = "shift-share"', 'part = "mix"'],
            ':7: shift-share splits growth: it needs `over`, as "10 years"',
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "higher"', 'than = "england"', 'area = "E06000099"'],
            ":11: `area`: no area has the code 'E06000099'",
        ),
        (
            ['indicator = "gva-per-hour"', 'expect = "higher"', 'than = "england"', "period = 2023"],
            ":11: `period`: 2023 is not text",
        ),
    ],
)  # fmt: skip
def test_each_expectation_says_what_it_needs(small_base: Path, lines: list[str], said: str) -> None:
    (found,) = problems(small_base, asking(*lines))
    assert found.startswith(f"conclusions/economy.toml{said}")


def test_a_conclusion_without_a_test_is_refused(small_base: Path) -> None:
    (found,) = problems(small_base, GOOD.split("  [[")[0].replace("{area}: {value}", "So it is."))
    assert (
        found
        == "conclusions/economy.toml:1: the conclusion 'one' has no [[conclusion.test]]: it must rest on one at least"
    )


def test_an_id_that_is_used_twice_is_refused_across_files_too(small_base: Path) -> None:
    (small_base / "conclusions" / "a.toml").write_text(GOOD, "utf-8")
    (found,) = problems(small_base, "\n\n" + GOOD)
    assert found == "conclusions/economy.toml:4: the id 'one' is already used at conclusions/a.toml:1"


def test_two_tests_of_one_id_are_refused(small_base: Path) -> None:
    test = GOOD[GOOD.index("  [[") :].replace("  indicator", '  id = "x"\n  indicator')
    (found,) = problems(small_base, GOOD[: GOOD.index("  [[")] + test + test)
    assert re.match(r"conclusions/economy.toml:14: the test id 'x' is there twice", found)


def test_a_file_that_is_not_utf8_is_refused_at_the_line(small_base: Path) -> None:
    text = GOOD.replace("{area}: {value}", "£{value} in {area}")
    (small_base / "conclusions/economy.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BaseErrors) as raised:
        read_all(small_base)
    assert str(raised.value) == "conclusions/economy.toml:5: this is not UTF-8 text: save the file as UTF-8"


def test_mistakes_of_all_files_are_told_in_one_run(small_base: Path) -> None:
    (small_base / "conclusions" / "a.toml").write_text("[[", "utf-8")
    (small_base / "conclusions" / "b.toml").write_bytes(b"\xff")
    (small_base / "framework.toml").write_text(
        (small_base / "framework.toml").read_text().replace('title = "People"', ""), "utf-8"
    )
    settings = small_base / "base.toml"
    settings.write_text(settings.read_text().replace("E06000007", "E06000707", 1).replace("0.95", '"much"'), "utf-8")
    text = GOOD.replace('"gva-per-hour"', '"nothing"').replace('"higher"', '"nothing"').replace("strength", "nothing")
    found = problems(small_base, text)
    where = [problem.split(": ")[0] for problem in found]
    assert where == [
        "base.toml:8", "base.toml:35", "conclusions/a.toml:1", "conclusions/b.toml:1", "conclusions/economy.toml:4",
        "conclusions/economy.toml:8", "conclusions/economy.toml:9", "framework.toml:7",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "small"\n', "", "base.toml:1: `id` is missing"),
        ('members = ["E06000049", "E06000050", "E06000007"]\n', "", "base.toml:7: `members` is missing in [place]"),
        ('"E06000050"', '"Cheshire West"', "base.toml:8: no area has the code 'Cheshire West'; near it are"),
        ('"E06000050"', "50", "base.toml:8: `members` must be a list of area codes"),
        ('otherwise = "england"', 'otherwise = "engand"', "base.toml:15: there is no comparator 'engand'"),
        ('areas = ["E92000001"]\n', "", "base.toml:17: the comparator 'england' names no `areas`"),
        ('id = "england"', 'id = "united-kingdom"', "base.toml:17: the comparator 'united-kingdom' is there twice"),
        ('kind = "neighbours"', 'kind = "friends"', "base.toml:30: there is no kind 'friends'"),
        ('"north-west", "neighbours"]', '"north-wets"]', "base.toml:34: there is no comparator 'north-wets'"),
        ("confidence = 0.95", "confidence = 95", "base.toml:35: `confidence` is 95: expected a share as 0.95"),
    ],
)  # fmt: skip
def test_the_settings_of_a_base_are_checked(small_base: Path, old: str, new: str, said: str) -> None:
    text = (small_base / "base.toml").read_text("utf-8")
    assert text.count(old) == 1, old
    found = problems(small_base, text.replace(old, new), file="base.toml")
    assert any(problem.startswith(said) for problem in found), found


@pytest.mark.parametrize(
    ("given_text", "value", "kind", "yearly", "shown"),
    [
        ("2%", 0.02, "relative", False, "2%"),
        (" 2.5 % ", 0.025, "relative", False, "2.5%"),
        ("2 points", 2.0, "points", False, "2 percentage points"),
        ("1 point", 1.0, "points", False, "1 percentage point"),
        ("1 percentage point a year", 1.0, "points", True, "1 percentage point a year"),
        ("0.5% a year", 0.005, "relative", True, "0.5% a year"),
        ("0.5% per year", 0.005, "relative", True, "0.5% a year"),
        ("0.5", 0.5, "unit", False, "0.5"),
        (0.5, 0.5, "unit", False, "0.5"),
        (3, 3.0, "unit", False, "3"),
        (0, 0.0, "unit", False, "0"),
    ],
)
def test_amounts_are_read_as_they_are_written(
    given_text: object, value: float, kind: str, yearly: bool, shown: str
) -> None:
    amount = parse_amount(given_text)
    assert (amount.value, amount.kind, amount.yearly, str(amount)) == (pytest.approx(value), kind, yearly, shown)


@pytest.mark.parametrize(
    "wrong", ["", "%", "two", "2 %%", "-2%", "2 points per month", None, True, [], float("nan"), -1]
)
def test_what_is_no_amount_is_refused(wrong: object) -> None:
    with pytest.raises(NotAnAmount, match="is not an amount"):
        parse_amount(wrong)


@pytest.mark.parametrize("kind", amount_kinds())
def test_every_kind_of_amount_takes_the_example_that_it_gives(kind: str) -> None:
    with pytest.raises(NotAnAmount) as raised:
        parse_amount(
            "7 points" if kind in ("percentage", "number") else "7" if kind != "amount" else "7% a year", kind=kind
        )
    example = re.search(r'expected "([^"]+)"|as ([\d.]+)$', str(raised.value))
    assert example is not None
    parse_amount(example[1] or float(example[2]), kind=kind)


@given(st.decimals(0, 1000, places=3))
def test_an_amount_reads_as_it_shows(number: object) -> None:
    for text in (f"{number}%", f"{number} points", f"{number}% a year"):
        amount = parse_amount(text)
        again = parse_amount(str(amount))
        assert again.kind == amount.kind
        assert again.value == pytest.approx(amount.value, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("10 years", "the last 10 years"), ("1 year", "the last year"), ("2009..2019", "2009 to 2019"),
     (" 2009 .. 2019 ", "2009 to 2019"), ("all", "all years")],
)  # fmt: skip
def test_windows_are_read_as_they_are_written(text: str, shown: str) -> None:
    assert str(parse_window(text)) == shown


def test_tests_nest_in_the_file(small_base: Path) -> None:
    from wellfounded.conclusions.types import Combination

    text = asking(
        "any = [",
        '    {id = "a", indicator = "gva-per-hour", expect = "higher", than = "england"},',
        '    {not = {id = "b", indicator = "gva-per-hour", expect = "lower", than = "england"}},',
        "  ]",
    )
    assert problems(small_base, text) == []
    _, (conclusion, *_) = read_all(small_base)
    (either,) = conclusion.tests.parts
    assert isinstance(either, Combination)
    assert either.mode == "any"
    assert isinstance(either.parts[1], Combination)
    assert either.parts[1].mode == "not"
