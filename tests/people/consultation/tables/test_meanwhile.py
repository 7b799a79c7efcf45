"""What others do while something is on its way: nothing is lost by it, nothing of what was erased comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wellfounded.people.consultation.actions import answering, arrivals, aside, files, grouping, linking, privacy
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.actions.files import read_files
from wellfounded.people.consultation.actions.linking import Linked, decide
from wellfounded.people.consultation.models import (
    Campaign,
    CampaignMember,
    Link,
    Personal,
    Point,
    Redaction,
    Response,
    Theme,
    ThemePoint,
)
from wellfounded.people.consultation.preparing import campaigning, splitting
from wellfounded.people.consultation.preparing.run import understand
from wellfounded.people.consultation.preparing.subjects import Known, know
from wellfounded.people.consultation.queries import accounts, answers, asked, ledger, published
from wellfounded.people.consultation.queries.published import Wanted
from wellfounded.people.consultation.receiving.attachments import look
from wellfounded.people.consultation.rules import State
from wellfounded.people.consultation.types import About, Consent, Opinion, Says, Target
from wellfounded.people.consultation.understanding.campaigns import Campaigns
from wellfounded.people.models import Done

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
A, B = "a@example.org", "b@example.org"
BUSES = Target(About.CONCLUSION, "buses")
SUBJECTS = (Known(BUSES, "Buses take longer to reach work from villages.", "", "h"),)
COMMON = (
    "We ask the councils to run the last bus from the hospital until midnight on every day of the week. "
    "People who work late shifts can't get home to the villages without a car, and the evidence says nothing of them. "
)
WORDS = "The last bus leaves too early for nurses."
IN_FILE = "The night porter, Ann Example, walks home along the main road."


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.WELLFOUNDED_UPLOADS = tmp_path
    know(SUBJECTS, now=NOW)


def respond(text: str = WORDS, *, key: str = "one", **more) -> Response:
    response = arrivals.receive_web(Sent(text=text, **more), key=key, now=NOW).response
    splitting.split(now=NOW)
    return Response.objects.get(pk=response.pk)


def campaign_of(n: int = 5) -> list[Response]:
    for one in range(n):
        respond(COMMON, key=f"c{one}", organisation=f"Ward {one}")
    campaigning.find(now=NOW)
    return list(Response.objects.order_by("pk"))


def test_words_of_a_file_are_quoted_nowhere_as_no_copy_has_them():
    file = look("porter.txt", "text/plain", IN_FILE.encode())
    privacy.store().keep(file.content)
    response = respond(consent=Consent.TEXT, files=[file])
    read_files(privacy.store(), now=NOW)
    splitting.split(now=NOW)
    theme = Theme.objects.create(key="t", name="Buses", kept=True, found_at=NOW)
    for place, point in enumerate(Point.objects.filter(response=response).order_by("-start"), start=1):
        decide(point, {Linked(BUSES, Says.SUPPORTS)}, version=point.version, by=A, now=NOW)
        ThemePoint.objects.create(theme=theme, point=point, representative=place)
    assert Point.objects.count() == 2
    privacy.approve(privacy.redact(response, by=A, now=NOW), made_at=NOW, by=B, now=NOW)
    quoted = [voice.text for each in (*asked.said(), *answers.you_said()) for voice in each.voices]
    assert quoted == [WORDS, WORDS]
    assert "porter" not in str([row.detail for row in Done.objects.all()])


def test_a_file_that_two_workers_read_at_once_is_added_once_and_one_that_is_erased_not_at_all(monkeypatch):
    sent = [look(f"{n}.txt", "text/plain", f"{IN_FILE} {n}".encode()) for n in range(3)]
    for file in sent:
        privacy.store().keep(file.content)
    kept, gone = respond(files=sent[:2]), respond(key="two", files=sent[2:])
    read = files._read

    def and_meanwhile(attachment, store):
        reading = read(attachment, store)
        if Response.objects.filter(pk=gone.pk, erased_at=None).exists():
            privacy.erase(gone, by="respondent", now=NOW, why="asked for")
            read_files(store, now=NOW)
        return reading

    monkeypatch.setattr(files, "_read", and_meanwhile)
    read_files(privacy.store(), now=NOW)
    assert Response.objects.get(pk=kept.pk).text.count(IN_FILE) == 2
    assert Response.objects.get(pk=gone.pk).text == ""


def test_a_copy_is_made_of_the_words_and_the_consent_that_there_are_now():
    seen = respond(consent=Consent.TEXT)
    privacy.change_consent(Response.objects.get(pk=seen.pk), Consent.NOTHING, by="respondent", now=NOW)
    with pytest.raises(privacy.NoConsent):
        privacy.redact(seen, by=A, now=NOW)
    again = respond(key="two", consent=Consent.TEXT)
    privacy.erase(Response.objects.get(pk=again.pk), by="respondent", now=NOW, why="asked for")
    with pytest.raises(privacy.NoConsent):
        privacy.redact(again, by=A, now=NOW)
    with pytest.raises(privacy.NoSuchWords):
        privacy.mark_personal(again, kind="name", start=0, end=3, by=A, now=NOW)
    assert not Redaction.objects.exists()
    assert not Personal.objects.exists()


def test_whoever_wants_to_be_named_no_more_has_the_copy_read_again():
    response = respond(consent=Consent.NAME_AND_TEXT)
    privacy.approve(privacy.redact(response, by=A, now=NOW), made_at=NOW, by=B, now=NOW)
    privacy.change_consent(response, Consent.NAME_AND_TEXT, by="respondent", now=NOW)
    assert Redaction.objects.exists(), "nothing has changed"
    privacy.change_consent(response, Consent.TEXT, by="respondent", now=NOW)
    assert not Redaction.objects.exists()


def test_the_reason_why_words_were_withheld_goes_with_the_words():
    response = respond()
    aside.withhold(response, reason="It insults Ann Example", version=0, by=A, now=NOW)
    privacy.erase(Response.objects.get(), by="respondent", now=NOW, why="asked for")
    assert "Ann" not in str([list(Response.objects.values()), list(Done.objects.values())])


def test_what_comes_during_a_run_is_split_by_the_next():
    respond(COMMON)

    def say(words: str) -> None:
        if "themes" in words:
            arrivals.receive_web(Sent(text=WORDS), key="meanwhile", now=NOW)

    understand(SUBJECTS, now=NOW, embeddings=False, say=say)
    assert Response.objects.filter(prepared_at=None).count() == 1
    understand(SUBJECTS, now=NOW, embeddings=False, everything=False)
    assert Point.objects.filter(response__key__startswith="web meanwhile ").exists()


def test_a_theme_that_is_renamed_during_a_run_has_the_next_run_look_again():
    respond(COMMON)
    theme = Theme.objects.create(key="t", name="Buses", kept=True, found_at=NOW)

    def say(words: str) -> None:
        if "themes" in words:
            grouping.rename(theme, "Late buses", by=A, now=NOW)

    understand(SUBJECTS, now=NOW, embeddings=False, say=say)
    assert "themes" in understand(SUBJECTS, now=NOW, embeddings=False)


@pytest.mark.parametrize("meanwhile", ["erased", "withheld", "taken out", "the model erased"])
def test_who_leaves_a_campaign_while_it_is_sought_is_in_none(monkeypatch, meanwhile):
    campaign_of()
    model = Campaign.objects.get().model
    other = Response.objects.exclude(pk=model.pk).order_by("pk").last()
    sought = campaigning.campaigns_in

    def and_meanwhile(*given, **more):
        found = sought(*given, **more)
        if meanwhile == "taken out":
            grouping.take_out(CampaignMember.objects.get(response=other), by=A, now=NOW)
        elif meanwhile == "withheld":
            aside.withhold(other, reason="abuse", version=0, by=A, now=NOW)
        else:
            privacy.erase(model if "model" in meanwhile else other, by="respondent", now=NOW, why="asked for")
        return found

    monkeypatch.setattr(campaigning, "campaigns_in", and_meanwhile)
    campaigning.find(now=NOW)
    gone = model if "model" in meanwhile else other
    assert not Point.objects.filter(response=gone, open=True).exists() or meanwhile == "taken out"
    now_in = Response.objects.filter(membership__out_at=None, membership__isnull=False, erased_at=None)
    assert set(now_in) == set(Response.objects.exclude(pk=gone.pk))
    waits = Point.objects.filter(response__in=now_in, read_as=None, open=True)
    assert waits.exists(), "the common text still waits for somebody"
    assert not Point.objects.filter(response__in=now_in, read_as__response=gone).exists()


def test_whoever_is_erased_stays_counted_in_their_campaign_and_nothing_waits_for_them():
    everybody = campaign_of()
    other = Response.objects.exclude(pk=Campaign.objects.get().model_id).order_by("pk").last()
    for point in Point.objects.filter(open=True):
        decide(point, {Linked(BUSES, Says.SUPPORTS)}, version=point.version, by=A, now=NOW)
    before = ledger.of("buses")
    privacy.erase(other, by="respondent", now=NOW, why="asked for")
    campaigning.find(now=NOW + timedelta(hours=1))
    assert (before.supporting.parties, before.supporting.as_one) == (len(everybody), 1)
    assert ledger.of("buses") == before
    assert not Point.objects.filter(response=other, open=True).exists()
    answering.sign_off(by=A, now=NOW)


@pytest.mark.parametrize(
    "what", ["a point is marked", "somebody leaves a campaign", "a run finds no campaign any more"]
)
def test_what_waits_for_somebody_again_opens_what_was_signed_off(monkeypatch, what):
    campaign_of()
    for point in Point.objects.filter(open=True):
        decide(point, {Linked(BUSES, Says.SUPPORTS)}, version=point.version, by=A, now=NOW)
    answering.sign_off(by=A, now=NOW)
    member = CampaignMember.objects.exclude(response=Campaign.objects.get().model).first()
    if what == "a point is marked":
        linking.mark(member.response, start=0, end=6, by=A, now=NOW)
    elif what == "somebody leaves a campaign":
        grouping.take_out(member, by=A, now=NOW)
    else:
        monkeypatch.setattr(campaigning, "campaigns_in", lambda texts, known: Campaigns((), ()))
        campaigning.find(now=NOW)
    assert not accounts.account().balances
    assert accounts.signed_off() is None


def test_who_is_set_aside_has_nothing_that_waits_and_all_of_it_once_taken_back():
    everybody = campaign_of()
    model = Campaign.objects.get().model
    taken_out, left = (one for one in everybody[-2:])
    for one in (taken_out, left, model):
        aside.withhold(one, reason="abuse", version=0, by=A, now=NOW)
    grouping.take_out(CampaignMember.objects.get(response=taken_out), by=A, now=NOW)
    with pytest.raises(linking.NotReadable):
        linking.mark(left, start=0, end=6, by=A, now=NOW)
    assert not Point.objects.filter(response__in=[taken_out, left, model], open=True).exists()
    for one in (taken_out, left):
        aside.restore(one, version=1, by=A, now=NOW)
        assert not Point.objects.filter(response=one, open=False).exists(), "nobody has read it"
        assert Response.objects.get(pk=one.pk).state == State.UNREAD


def test_hands_that_are_set_aside_are_counted_nowhere_and_hands_for_demonstration_are_marked():
    votes = {Opinion.AGREE: 7, Opinion.DISAGREE: 2}
    arrivals.receive_votes("buses", votes=votes, session="s", by=A, now=NOW, demonstration_id="s1")
    found = ledger.of("buses")
    assert (found.hands, found.demonstration) == ((("agree", 7), ("disagree", 2)), True)
    aside.withhold(Response.objects.get(), reason="counted twice", version=0, by=A, now=NOW)
    assert (ledger.of("buses").hands, asked.asked().hands) == ((), 0)


def test_what_only_demonstration_people_said_is_marked_as_such():
    respond(answers=[("buses", Opinion.AGREE, "")], text="", demonstration_id="d1")
    (said,) = answers.you_said()
    assert (said.supporting, said.demonstration) == (1, True)


def test_days_are_those_of_the_place_where_summer_time_is_kept():
    late = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight there
    response = arrivals.receive_web(Sent(text=WORDS, consent=Consent.TEXT), key="late", now=late).response
    splitting.split(now=late)
    point = Point.objects.get()
    decide(point, {Linked(BUSES, Says.CHALLENGES_DATA)}, version=point.version, by=A, now=late)
    answering.answer(BUSES, "keep", why="It stands.", links=[Link.objects.get().pk], by=A, now=late)
    privacy.approve(privacy.redact(response, by=A, now=late), made_at=late, by=B, now=late)
    (said,) = answers.you_said()
    days = {answers.of(response).received_on, said.answers[0].on, ledger.of("buses").decisions[0].at}
    assert days == {published.search(Wanted(response.reference)).items[0].received_on} == {"2027-07-01"}
