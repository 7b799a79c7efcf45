"""What anybody may read of what people said, a respondent's own page, and We asked, you said, we did."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from docx import Document as Docx
from pypdf import PdfReader

from tests.people.postgresql import a_database, people_in
from tests.web.html import Read
from wellfounded.people.consultation.actions import answering, arrivals, aside, linking, privacy
from wellfounded.people.consultation.actions.arrivals import Received, Sent
from wellfounded.people.consultation.actions.linking import Linked
from wellfounded.people.consultation.models import (
    Decision,
    Link,
    Personal,
    Point,
    Redaction,
    Response,
    Theme,
    ThemePoint,
)
from wellfounded.people.consultation.preparing import splitting, subjects
from wellfounded.people.consultation.queries import asked
from wellfounded.people.consultation.queries import published as responses
from wellfounded.people.consultation.queries.published import Wanted
from wellfounded.people.consultation.types import About, Consent, Opinion, Says, Target
from wellfounded.people.models import Job
from wellfounded.publishing import who_said
from wellfounded.publishing.documents import consulted
from wellfounded.publishing.model import Publication, ShownConsultation
from wellfounded.publishing.strings import ENGLISH, listening
from wellfounded.web.pages.respond import said
from wellfounded.web.publication import Opened
from wellfounded.web.subjects import subjects_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FIRST, SECOND = "first@example.org", "second@example.org"
ON = Target(About.CONCLUSION, "births")
IDEA = Target(About.CHALLENGE, "clean-growth")
STAGES = ("received", "copied", "approved", "taken back", "erased", "withheld", "marked again")


@pytest.fixture(autouse=True)
def known(opened: Opened) -> None:
    """What can be linked to."""
    subjects.know(subjects_of(opened), now=NOW)


@dataclass(frozen=True)
class Told:
    """A response whose every private word can be told from all others."""

    received: Received
    n: int
    consent: Consent
    stage: str

    @property
    def readable(self) -> bool:
        return self.stage == "approved" and self.consent is not Consent.NOTHING

    def words(self) -> dict[str, bool]:
        """Each word, and whether anybody may read it."""
        named = self.readable and self.consent is Consent.NAME_AND_TEXT
        return {
            f"Uttered{self.n}x": self.readable, f"Removed{self.n}x": False, f"Writer{self.n}x": named,
            f"Works{self.n}x": named, f"box{self.n}x@example.org": False, f"Paper{self.n}x": False,
        }  # fmt: skip


def arrived(n: int, consent: Consent, *, text: str = "", **more: object) -> Received:
    """A response by the form."""
    sent = Sent(
        questions=("", "", text or f"Uttered{n}x and call Removed{n}x please."), name=f"Writer{n}x",
        organisation=f"Works{n}x", email=f"box{n}x@example.org", consent=consent, respondent="business",
        district="E06000007", **more,
    )  # fmt: skip
    return arrivals.receive_web(sent, key=f"key {n}", now=NOW + timedelta(seconds=n))


def linked(response: Response, *links: Linked) -> Point:
    """Its whole text as one point, put by a person to what it is about."""
    point = linking.mark(response, start=0, end=len(response.text), by=FIRST, now=NOW)
    return linking.decide(point, set(links), version=point.version, by=FIRST, now=NOW)


def published(response: Response, *, hidden: str = "") -> None:
    """A copy of it, without `hidden`, approved by a second person."""
    if hidden:
        start = response.text.index(hidden)
        privacy.mark_personal(response, kind="name", start=start, end=start + len(hidden), by=FIRST, now=NOW)
    copy = privacy.redact(response, by=FIRST, now=NOW)
    privacy.approve(copy, made_at=copy.made_at, by=SECOND, now=NOW)


def brought(n: int, consent: Consent, stage: str) -> Told:
    """A response as it is at some stage of its life."""
    received = arrived(n, consent, answers=(("births", Opinion.DISAGREE, ""),))
    response = received.response
    response.attachments.create(name=f"Paper{n}x.csv", kind="csv", hash="0" * 64, size=3)
    point = linked(response, Linked(ON, Says.CHALLENGES_DATA), Linked(IDEA, Says.OFFERS_EVIDENCE))
    theme, _ = Theme.objects.get_or_create(key="one", defaults={"name": "Births", "kept": True, "found_at": NOW})
    ThemePoint.objects.create(theme=theme, point=point, representative=1)
    secret = response.text.index(f"Removed{n}x")
    marked = {"kind": "name", "start": secret, "end": secret + len(f"Removed{n}x"), "by": FIRST, "now": NOW}
    privacy.mark_personal(response, **marked)
    if stage != "received" and consent is not Consent.NOTHING:
        copy = privacy.redact(response, by=FIRST, now=NOW)
        if stage != "copied":
            privacy.approve(copy, made_at=copy.made_at, by=SECOND, now=NOW)
    if stage == "taken back":
        privacy.change_consent(response, Consent.NOTHING, by="respondent", now=NOW)
    elif stage == "erased":
        privacy.erase(response, by="respondent", now=NOW, why="asked for")
    elif stage == "withheld":
        response.refresh_from_db()
        aside.withhold(response, reason="abuse", version=response.version, by=FIRST, now=NOW)
    elif stage == "marked again":
        privacy.mark_personal(response, **{**marked, "start": 0, "end": 3})
    return Told(received, n, consent, stage)


def everywhere(site: Client, everybody: list[Told]) -> Iterator[tuple[str, str]]:
    """Every public page that shows what people said, and what it holds."""
    addresses = ["/responses", "/responses?page=2", "/responses.csv", "/you-said", "/conclusions/births", "/",
                 "/grand-challenges/clean-growth", "/grand-challenges", "/conclusions/births.json",
                 "/responses?conclusion=births&type=business&place=E06000007&question=3"]  # fmt: skip
    for told in everybody:
        addresses += [f"/responses?q={word}" for word in told.words()]
        addresses += [f"/responses.csv?q={told.received.response.reference}"]
        addresses += [f"/responses?q={told.received.response.reference}"]
    for address in addresses:
        page = site.get(address)
        assert page.status_code == 200, address
        body = b"".join(page.streaming_content) if page.streaming else page.content
        yield address, body.decode()
    for ending, read in (("pdf", _pdf), ("docx", _word)):
        yield f"/you-said.{ending}", read(site.get(f"/you-said.{ending}").content)


def _pdf(body: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def _word(body: bytes) -> str:
    return ZipFile(io.BytesIO(body)).read("word/document.xml").decode()


def test_nothing_is_ever_shown_that_nobody_agreed_to_or_that_was_taken_out(site: Client) -> None:
    cases = [(consent, stage) for consent in Consent for stage in STAGES]
    everybody = [brought(n, consent, stage) for n, (consent, stage) in enumerate(cases, start=1)]
    shown: set[str] = set()
    for address, body in everywhere(site, everybody):
        sought = address.partition("?q=")[2]  # what was asked for stands in the form's own field
        for told in everybody:
            for word, allowed in told.words().items():
                found = body.count(word) - (
                    body.count(f'value="{word}"') + body.count(f"q={word}") if word == sought else 0
                )
                assert allowed or not found, (address, told.consent, told.stage, word)
                shown |= {word} if found else set()
    assert shown == {word for told in everybody for word, allowed in told.words().items() if allowed}


def test_responses_are_found_by_words_and_narrowed_by_all_that_the_form_offers(site: Client) -> None:
    bees = arrived(1, Consent.TEXT, text="Bees and skills", sector="Digital")
    trains = arrived(2, Consent.TEXT, text="Trains and skills", answers=(("births", Opinion.AGREE, ""),))
    Response.objects.filter(pk=trains.response.pk).update(district="E06000006", respondent="resident")
    for each in (bees, trains):
        published(each.response)

    def found(query: str) -> set[str]:
        page = site.get(f"/responses?{query}").content.decode()
        return {each.response.reference for each in (bees, trains) if f'id="{each.response.reference}"' in page}

    both = {bees.response.reference, trains.response.reference}
    assert found("q=skills") == found("question=3") == found("") == both
    assert found("q=SKILLS+bees") == found("sector=Digital") == found("place=E06000007") == {bees.response.reference}
    assert (
        found("conclusion=births") == found("place=elsewhere") == found("type=resident") == {trains.response.reference}
    )
    assert found(f"q={trains.response.reference.lower()}") == {trains.response.reference}
    assert found("question=1") == found("q=absent") == set()
    assert found("place=E06000006") == both  # nobody is found by the one town that they come from
    assert "Halton" not in site.get("/responses").content.decode()
    assert "No published response fits" in site.get("/responses?q=absent").content.decode()
    assert site.get("/responses?page=999999999999").status_code == 200


def test_postgresql_finds_and_counts_the_same(opened: Opened, postgresql: str) -> None:
    with a_database(postgresql) as address, people_in(address):
        subjects.know(subjects_of(opened), now=NOW)
        told = brought(1, Consent.TEXT, "approved")
        brought(2, Consent.NOTHING, "received")
        reference = told.received.response.reference
        for wanted in (
            Wanted(question="3"),
            Wanted(words="uttered1X"),
            Wanted(conclusion="births", sector=""),
            Wanted(),
        ):
            assert [each.reference for each in responses.search(wanted).items] == [reference], wanted
            assert [each.reference for each in responses.every(wanted)] == [reference], wanted
        for wanted in (Wanted(question="1"), Wanted(sector="Digital"), Wanted(outside=("E06000007",))):
            assert responses.search(wanted).total == 0, wanted
        counted = asked.asked()
        assert (counted.received, counted.parties, counted.types) == (2, 2, (("business", 2),))
        assert [(theme.name, theme.responses, len(theme.voices)) for theme in asked.said()] == [("Births", 2, 1)]
        assert [each.id for each in said.read(opened).heard] == ["births", "clean-growth"]


def test_a_cell_of_the_table_never_starts_a_formula(site: Client) -> None:
    received = arrived(1, Consent.NAME_AND_TEXT, text='=HYPERLINK("http://evil.example","x")')
    published(received.response)
    Response.objects.update(organisation="@SUM(A1)")
    answer = site.get("/responses.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == 'attachment; filename="responses.csv"'
    assert rows[0]["text"].startswith("'=HYPERLINK")
    assert rows[0]["organisation"] == "'@SUM(A1)"
    assert rows[0]["demonstration"] == "no"


def test_a_respondent_sees_what_became_of_each_point(site: Client) -> None:
    received = arrived(1, Consent.TEXT, answers=(("births", Opinion.DISAGREE, ""),))
    linked(received.response, Linked(ON, Says.CHALLENGES_DATA))
    page = Read(site.get(f"/responses/{received.token}").content.decode()).words
    assert "This challenges the data of" in page
    assert "still to be decided" in page
    link = Link.objects.get()
    answering.answer(ON, "amend", why="The register is late", links=[link.pk], by=FIRST, now=NOW)
    page = Read(site.get(f"/responses/{received.token}").content.decode()).words
    assert "We change it. The register is late" in " ".join(page.split())
    assert "I disagree" in page
    assert site.get(f"/responses/{'x' * 64}").status_code == 404


def test_a_respondent_changes_what_may_be_published_and_has_it_erased(site: Client) -> None:
    received = arrived(1, Consent.TEXT)
    published(received.response)
    address = f"/responses/{received.token}"
    assert "published" in site.get(address).content.decode()
    site.post(address, {"consent": "none"})
    assert not Redaction.objects.exists()
    assert site.post(address, {"consent": "everything"}).status_code == 302
    assert Response.objects.get().consent == Consent.NOTHING
    unsure = site.post(address, {"erase": "1"})
    assert unsure.status_code == 422
    assert "Tick the box if you want it erased" in unsure.content.decode()
    site.post(address, {"erase": "1", "sure": "on"})
    response = Response.objects.get()
    assert response.erased_at
    assert not response.text
    assert "It was erased" in site.get(address).content.decode()
    assert site.get(f"/respond/sent/{received.token}")["Location"] == address
    site.post(address, {"consent": "text"})
    assert Response.objects.get().consent == Consent.NOTHING


def test_looking_at_what_was_said_changes_nothing_and_forged_forms_are_refused(site: Client) -> None:
    received = arrived(1, Consent.TEXT)
    before = (Response.objects.values().get(), Job.objects.count(), Personal.objects.count())
    for address in ("/responses", "/you-said", f"/responses/{received.token}", f"/respond/sent/{received.token}"):
        site.get(address)
    assert (Response.objects.values().get(), Job.objects.count(), Personal.objects.count()) == before
    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    forged = strict.post(f"/responses/{received.token}", {"erase": "1", "sure": "on"})
    assert forged.status_code == 403
    assert Response.objects.get().text


def test_you_said_counts_organisations_once_and_says_what_was_done(site: Client, opened: Opened) -> None:
    for n in range(1, 4):
        received = arrived(n, Consent.TEXT)
        Response.objects.filter(pk=received.response.pk).update(party=Response.objects.order_by("id")[0].party)
        received.response.refresh_from_db()
        linked(received.response, Linked(ON, Says.CHALLENGES_DATA if n < 3 else Says.SUPPORTS))
    told = said.told(opened)
    assert (told.received, told.parties) == (3, 1)
    heard = next(each for each in told.heard if each.id == "births")
    assert heard.sides == "1 supports it, 1 challenges it"
    assert not heard.decided
    challenging = list(Link.objects.filter(says=Says.CHALLENGES_DATA).values_list("pk", flat=True))
    answering.answer(ON, "keep", why="Ours is the official count", links=challenging, by=FIRST, now=NOW)
    told = said.told(opened)
    assert [each.why for each in told.decided[0].decided] == ["Ours is the official count"]
    page = " ".join(Read(site.get("/you-said").content.decode()).words.split())
    assert "We keep it as it is. Ours is the official count" in page
    assert "3 responses from 1 different organisation or person" in page
    for text in (_pdf(site.get("/you-said.pdf").content), _word(site.get("/you-said.docx").content)):
        assert "Ours is the official count" in text


def test_the_document_of_a_base_in_welsh_says_all_that_is_fixed_in_welsh(stating: Callable[..., Client]) -> None:
    plain = (Path(settings.WELLFOUNDED_PUBLICATION) / "publication.json").read_bytes()
    publication = msgspec.json.decode(plain, type=Publication)
    with listening() as heard:
        for told in (consulted.EVERY_LINE, consulted.NOTHING_SAID):
            consulted.document(publication, told)
        who_said.every_word(ENGLISH)
    strings = {english: f"‹{english}›" for english in heard}
    strings |= {"{n} supports it": "{n} yn ei gefnogi", "{n} challenge it": "{n} yn ei herio",
                "A resident": "Un o’r trigolion", "Resident": "Trigolion"}  # fmt: skip
    site = stating(ShownConsultation(opens="2027-01-01", closes="2027-02-28"), lang="cy", strings=strings)
    for n, says in enumerate((Says.SUPPORTS, Says.CHALLENGES_DATA, Says.CHALLENGES_INFERENCE), start=1):
        sent = Sent(text=f"Llais {n}.", consent=Consent.TEXT, respondent="resident", email=f"{n}@example.org")
        received = arrivals.receive_web(sent, key=f"key {n}", now=NOW)
        linked(received.response, Linked(ON, says), *([Linked(Target(About.MISSING), says)] if n == 1 else []))
        published(received.response)
    links = list(Link.objects.filter(says=Says.CHALLENGES_DATA).values_list("pk", flat=True))
    answering.answer(ON, "amend", why="Mae’n iawn", links=links, by=FIRST, now=NOW)
    body = Docx(io.BytesIO(site.get("/you-said.docx").content))
    lines = [line.text for line in body.paragraphs]
    lines += [cell.text for table in body.tables for row in table.rows for cell in row.cells]
    said_of = next(line for line in lines if "yn ei gefnogi" in line)
    assert "1 yn ei gefnogi, 2 yn ei herio" in said_of
    assert "Un o’r trigolion" in lines
    assert "Trigolion" in lines
    assert "‹Missing from the evidence›" in lines
    assert any("‹No edition has been published since.›" in line for line in lines)
    left = set(strings) - {"A resident"}
    for line in lines:
        plain = line
        while (inner := re.sub("‹[^‹›]*›", "", plain)) != plain:
            plain = inner
        assert not [words for words in left if len(words) > 6 and words in plain], line
    assert "1 supports it" in Read(site.get("/you-said").content.decode()).words, "pages of the site are in English"


def test_a_theme_without_a_name_is_told_by_typical_words_that_may_be_published_or_not_at_all(
    site: Client, opened: Opened
) -> None:
    spoken = "trains, buses, ferries, trams and lorries are late."
    for n, (name, kept, place, consent) in enumerate(
        (("yes, ok, agree", False, 1, Consent.TEXT), ("one, two", False, 0, Consent.TEXT),
         ("three, four", False, 1, Consent.NOTHING), ("Night buses", True, 0, Consent.TEXT))
    ):  # fmt: skip
        response = arrived(n, consent, text=f"{n}: {spoken}").response
        point = linked(response, Linked(ON, Says.SUPPORTS))
        if consent is not Consent.NOTHING:
            published(response)
        theme = Theme.objects.create(
            key=str(n), name=name, terms=[] if kept else name.split(", "), kept=kept, found_at=NOW
        )
        ThemePoint.objects.create(theme=theme, point=point, representative=place)
    told = said.told(opened)
    assert [each.name for each in told.named] == ["Night buses"]
    assert [[voice.text for voice in each.voices] for each in told.unnamed] == [[f"0: {spoken}"]]
    page = Read(site.get("/you-said").content.decode()).words
    text = _pdf(site.get("/you-said.pdf").content)
    for words in (page, text):
        assert "Night buses" in words
        assert "nobody has named yet" in " ".join(words.split())
        assert "yes, ok, agree" not in words


def test_words_that_name_the_organisation_wait_for_somebody_where_only_the_text_may_be_published() -> None:
    received = arrived(3, Consent.NAME_AND_TEXT, text="Here at Works3x Ltd, and in WORKS3X, we agree.")
    response = received.response
    published(response)
    privacy.change_consent(response, Consent.TEXT, by="respondent", now=NOW)
    assert not Redaction.objects.exists(), "the copy was made when the name could stand in it"
    waiting = Personal.objects.filter(response=response, kind="organisation")
    assert [response.text[each.start : each.end] for each in waiting.order_by("start")] == ["Works3x", "WORKS3X"]
    other = arrived(4, Consent.TEXT, text="At Works4x we agree.").response
    splitting.split(now=NOW)
    assert [row.kind for row in Personal.objects.filter(response=other)] == ["organisation"]
    with pytest.raises(privacy.NotAllDecided):
        privacy.redact(Response.objects.get(pk=other.pk), by=FIRST, now=NOW)


def test_the_document_says_what_the_page_says_of_campaigns_hands_and_demonstrations(opened: Opened) -> None:
    voice = consulted.Voice("Two\n\nparagraphs", "A council", demonstration=True)
    told = consulted.Consulted(
        questions=("Right?",), opens="2027-01-11", closes="2027-03-05", on="2027-03-06", received=1204, parties=310,
        as_one=301, campaigns=1, hands=12, types=(("Business", 300),), places=(("Warrington", 310),),
        ways=(("by e-mail", 1204),), demonstration=2,
        themes=(consulted.Theme("Buses", 40, 31, (("Business", 20),), (), (voice,)),),
        heard=(consulted.Heard("births", "A sentence.", "/conclusions/births", "conclusion", "2 support it", 2),),
    )  # fmt: skip
    made = consulted.document(opened.shown, told)
    text = _pdf(said._pdf(made, opened))
    for words in ("1,204 responses from 310", "301 voices", "12 hands", "40 responses, 31 with each campaign", "Buses",
                  "Answers were taken from 11 January 2027 to 5 March 2027", "A council, demonstration", "2 support it",
                  "2 responses are demonstrations"):  # fmt: skip
        assert words in " ".join(text.split()), words


def test_the_masthead_and_every_page_of_evidence_lead_to_the_form(site: Client) -> None:
    for address, form in (
        ("/", "/respond"), ("/conclusions/births", "/respond/about/conclusion/births"),
        ("/economy", "/respond/about/chapter/economy"), ("/indicators/gigabit", "/respond/about/indicator/gigabit"),
        ("/grand-challenges/clean-growth", "/respond/about/challenge/clean-growth"), ("/about", "/respond"),
    ):  # fmt: skip
        found = {to for _, to in Read(site.get(address).content.decode()).addresses}
        assert {form, "/respond", "/you-said"} <= found, address
        assert any(to.startswith("mailto:") for to in found), address


def test_the_front_page_says_how_many_have_responded(site: Client) -> None:
    assert "so far" not in site.get("/").content.decode()
    arrived(1, Consent.NOTHING)
    assert "1 response so far" in site.get("/").content.decode()
    arrived(2, Consent.NOTHING)
    assert "2 responses so far" in site.get("/").content.decode()


def test_the_privacy_page_says_who_runs_it_and_how_long_what_is_kept(stating: Callable[..., Client]) -> None:
    from wellfounded.publishing.model import ShownConsultation

    site = stating(ShownConsultation(run_by="Example Authority", privacy_html="<p>Lawful basis: public task.</p>"))
    page = " ".join(Read(site.get("/privacy").content.decode()).words.split())
    for words in ("run by Example Authority", "deleted 30 days after", "e-mail address are deleted after 2 years",
                  "documents after 3 years", "Lawful basis: public task.", "Information Commissioner"):  # fmt: skip
        assert words in page, words
    assert Decision.objects.count() == 0
