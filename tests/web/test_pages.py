"""Every page of the site, asked for and read back."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from base64 import b64encode
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory

from tests.web import sample
from tests.web.html import Read
from wellfounded.web import rendering
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.static_site import paths

MORE = ("/search?q=output+per+hour", "/search?q=zzzz", "/areas?q=warr", "/conclusions?kind=issue&verdict=holds")


def every(opened: Opened) -> list[str]:
    return [*paths(opened), *MORE]


def test_a_live_page_of_what_the_publication_does_not_have_is_not_there(site: Client) -> None:
    def priorities(request: HttpRequest, opened: Opened) -> rendering.Page:
        raise NotInPublication("the publication has no priorities")

    with pytest.raises(Http404, match="no priorities"):
        rendering.made_anew(priorities)(RequestFactory().get("/staff/priorities"))


def test_every_page_is_whole(site: Client, opened: Opened) -> None:
    for path in every(opened):
        response = site.get(path)
        assert response.status_code == 200, path
        page = Read(response.content.decode())
        assert page.title.strip().endswith("the evidence base"), path
        assert len(page.h1) == 1, path
        assert page.h1[0].strip(), path
        assert not re.search(r"\{\{|\}\}|\{%|\{[a-z_.]+\}", page.words), path
        assert "None" not in page.words.split(), path
        assert not page.images_without_alt, path
        assert len(page.ids) == len(set(page.ids)), f"{path}: {sorted(i for i in page.ids if page.ids.count(i) > 1)}"
        assert set(page.fields) <= page.labels, path


def test_no_page_skips_a_level_of_heading(site: Client, opened: Opened) -> None:
    for path in every(opened):
        levels = [1, *Read(site.get(path).content.decode()).headings]
        jumps = [(before, after) for before, after in pairwise(levels) if after > before + 1]
        assert not jumps, path


def test_every_link_leads_somewhere_on_this_site_or_to_a_publisher(site: Client, opened: Opened) -> None:
    answers: dict[str, int] = {}
    for path in every(opened):
        page = Read(site.get(path).content.decode())
        for where, address in page.addresses:
            parts = urlsplit(address)
            if address.startswith("#"):
                assert parts.fragment in page.ids, f"{path}: {address}"
            elif parts.scheme:
                assert where == "a href", f"{path} fetches {address}"
                assert parts.scheme in ("mailto", "https"), f"{path}: {address}"
            elif not parts.path.startswith("/static/"):
                if address not in answers:
                    with closing(site.get(address)) as response:
                        answers[address] = response.status_code
                assert answers[address] == 200, f"{path}: {address}"


def test_links_to_a_part_of_another_page_find_it(site: Client, opened: Opened) -> None:
    ids = {path: set(Read(site.get(path).content.decode()).ids) for path in paths(opened)}
    for path in paths(opened):
        for _, address in Read(site.get(path).content.decode()).addresses:
            parts = urlsplit(address)
            if parts.fragment and parts.path and not parts.scheme:
                assert parts.fragment in ids[unquote(parts.path)], f"{path}: {address}"


def test_the_policy_forbids_what_is_not_ours_and_pages_need_nothing_else(site: Client, opened: Opened) -> None:
    for path in every(opened):
        response = site.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "same-origin"
        page = Read(response.content.decode())
        assert not page.styled, path
        assert not page.handlers, path
        for script in page.inline_scripts:
            assert b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy, path
        assert not response.cookies, path


def test_text_of_the_publication_is_escaped(tmp_path: Path, db: None) -> None:
    folder = sample.write(tmp_path, name="<script>alert(1)</script> & Warrington")
    settings.WELLFOUNDED_PUBLICATION = str(folder)
    rendering.forget()
    opened = Opened(folder)
    site = Client(SERVER_NAME="localhost")
    for path in every(opened):
        assert "<script>alert" not in site.get(path).content.decode(), path


def test_a_conclusion_shows_its_verdict_how_sure_we_are_and_its_whole_working(site: Client, opened: Opened) -> None:
    conclusion = opened.conclusions["output-per-hour"]
    page = Read(site.get("/conclusions/output-per-hour").content.decode())
    words = " ".join(page.words.split())
    assert page.h1[0] == conclusion.sentence
    assert "Holds in 41 of 48 reasonable ways to test it" in words
    assert "without Cheshire East" in words
    for test in conclusion.tests:
        for step in test.working:
            assert step in words
        for figure in test.figures:
            assert figure.text in words
            assert ("a href", f"/sources/{figure.release}") in page.addresses
    for label, why in conclusion.refused:
        assert why in words, label
    assert "At 99% confidence" in words
    mails = [address for _, address in page.addresses if address.startswith("mailto:")]
    assert {"LIS%20Evidence", "LIS%20Grand%20Challenges"} <= set(re.findall(r"subject=([^&]*)", " ".join(mails)))
    assert conclusion.sentence in unquote(" ".join(mails))


def test_a_conclusion_that_does_not_hold_says_so_and_what_was_written(site: Client) -> None:
    words = " ".join(Read(site.get("/conclusions/births").content.decode()).words.split())
    assert "Does not hold" in words
    assert "Kept although it does not hold: it was in the last edition" in words
    assert "It was written as: “As its author wrote it: births is higher.”" in words


def test_drafts_are_shown_nowhere(site: Client, opened: Opened) -> None:
    assert site.get("/conclusions/draft").status_code == 404
    assert site.get("/conclusions/draft.json").status_code == 404
    for path in every(opened):
        assert "A draft that nobody may see" not in site.get(path).content.decode(), path


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            "kind=issue",
            {"warrington-output-per-hour", "slower-growth", "largest-sector", "gigabit", "births", "pay-gap"},
        ),
        ("chapter=people&verdict=holds", {"qualified"}),
        ("impact=earning-power&kind=issue", {"pay-gap"}),
        ("verdict=cannot test", {"ukri"}),
        ("chapter=nowhere", set()),
    ],
)
def test_conclusions_are_narrowed_by_the_form(site: Client, query: str, found: set[str]) -> None:
    page = Read(site.get(f"/conclusions?{query}").content.decode())
    linked = {address.rsplit("/", 1)[1] for where, address in page.addresses if address.startswith("/conclusions/")}
    assert linked == found


def test_the_front_page_leads_with_what_holds(site: Client, opened: Opened) -> None:
    page = Read(site.get("/").content.decode())
    linked = [address.rsplit("/", 1)[1] for _, address in page.addresses if address.startswith("/conclusions/")]
    assert linked
    assert {opened.conclusions[id_].verdict for id_ in linked} == {"holds"}
    for impact in opened.shown.impacts:
        assert impact.line in page.words
    for question in opened.shown.consultation_questions:
        assert question in page.words
    assert "consultation@871candwep.co.uk" in page.words


def test_an_indicator_can_be_had_as_csv_with_exact_values(site: Client, opened: Opened) -> None:
    response = site.get("/indicators/employment-rate.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="employment-rate.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    figures = [figure for row in opened.indicator("employment-rate").series for figure in row.figures]
    assert len(rows) == len(figures)
    assert [float(row["value"]) for row in rows] == [figure.value for figure in figures]
    assert rows[0]["release"] == "ons-subregional-productivity@2025-06-19"
    refused = next(csv.DictReader(io.StringIO(site.get("/indicators/median-pay.csv").content.decode())))
    assert (refused["value"], refused["why_none"]) == ("", "medians cannot be combined")


def test_a_conclusion_can_be_had_as_json(site: Client) -> None:
    got = json.loads(site.get("/conclusions/output-per-hour.json").content)
    assert (got["holds"], got["of"], got["verdict"]) == (41, 48, "holds")


def test_charts_data_and_pack_are_served_and_nothing_beside_them(site: Client, publication: Path) -> None:
    (publication / "secret.txt").write_text("secret", encoding="utf-8")
    (publication / "charts" / "note.txt").write_text("secret", encoding="utf-8")
    assert site.get("/charts/chart-births.svg").headers["Content-Type"] == "image/svg+xml"
    assert site.get("/charts/chart-births.json").headers["Content-Type"] == "application/json"
    with closing(site.get("/data/figures.csv")) as response:
        assert b"".join(response.streaming_content).startswith(b"id,value")  # type: ignore[attr-defined]
        assert "attachment" in response.headers["Content-Disposition"]
    with closing(site.get("/pack.pdf")) as response:
        assert response.headers["Content-Type"] == "application/pdf"
    for path in ("/data/..%2Fsecret.txt", "/data/%2E%2E%2Fsecret.txt", "/data/../secret.txt", "/secret.txt",
                 "/charts/note.txt", "/charts/..%2Fpublication.json", "/data/", "/data/.hidden",
                 "/publication.json"):  # fmt: skip
        assert site.get(path).status_code in (301, 404), path


def test_what_is_not_there_is_a_page_that_helps(site: Client) -> None:
    for path in ("/nowhere", "/conclusions/none", "/indicators/none", "/indicators/none.csv", "/areas/E99999999",
                 "/sources/none", "/about/methods/none", "/charts/none.svg", "/data/none.csv"):  # fmt: skip
        response = site.get(path)
        assert response.status_code == 404, path
        page = Read(response.content.decode())
        assert page.h1 == ["Page not found"], path
        assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_a_slash_too_many_leads_to_the_page(site: Client) -> None:
    response = site.get("/economy/?a=1")
    assert (response.status_code, response.headers["Location"]) == (301, "/economy?a=1")
    for path, leads_to in (("/%2Fevil.example/", "/evil.example"), ("/%5Cevil.example/", "/%5Cevil.example")):
        assert site.get(path).headers["Location"] == leads_to


def test_pages_only_answer_to_reading(site: Client) -> None:
    assert site.post("/").status_code == 405
    assert site.head("/").status_code == 200


def test_an_unchanged_page_is_not_sent_again_and_a_compressed_one_is_the_same(site: Client) -> None:
    import gzip

    first = site.get("/economy")
    again = site.get("/economy", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    packed = site.get("/economy", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == first.content


def test_a_fault_of_ours_is_a_page_without_its_inner_life(
    shown_publication: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wellfounded.web.pages.about.methods.everything", lambda: 1 / 0)
    response = Client(SERVER_NAME="localhost", raise_request_exception=False).get("/about")
    assert response.status_code == 500
    assert "The fault is ours" in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()
