"""What people decide balances, is never overwritten and never decided twice unknowingly; erasure keeps counts."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from wellfounded.people.consultation.actions import (
    answering,
    arrivals,
    aside,
    claims,
    coding,
    grouping,
    linking,
    privacy,
)
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.actions.linking import Linked, decide
from wellfounded.people.consultation.models import (
    Attachment,
    Contact,
    Link,
    Party,
    Personal,
    Point,
    Redaction,
    Response,
    Sample,
    Suggestion,
    Theme,
    ThemeChange,
    ThemePoint,
)
from wellfounded.people.consultation.preparing import splitting
from wellfounded.people.consultation.preparing.subjects import Known, know
from wellfounded.people.consultation.queries import accounts, frozen, ledger, queues, themes
from wellfounded.people.consultation.rules import State
from wellfounded.people.consultation.types import About, Consent, Opinion, Says, Target
from wellfounded.people.models import Done

NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
A, B = "a@example.org", "b@example.org"
PAY, OUTPUT = Target(About.CONCLUSION, "pay"), Target(About.CONCLUSION, "output")
NOTHING = Linked(Target(About.NOT_EVIDENCE))
SUBJECTS = [Known(PAY, "Pay is higher.", "", "h1"), Known(OUTPUT, "Output is higher.", "", "h1")]
TEXT = "The pay figures leave out the self-employed.\n\nOutput is counted at the wrong place, says Ann Example."
KEYS = iter(range(1_000_000))


def respond(text: str = TEXT, **more) -> Response:
    response = arrivals.receive_web(Sent(text=text, **more), key=str(next(KEYS)), now=NOW).response
    splitting.split(now=NOW)
    return Response.objects.get(pk=response.pk)


def points(response: Response) -> list[Point]:
    return list(Point.objects.filter(response=response).order_by("start"))


def link(point: Point, target: Target = PAY, says: Says | None = Says.SUPPORTS, by: str = A) -> Point:
    return decide(point, {Linked(target, says)}, version=point.version, by=by, now=NOW)


@pytest.fixture
def subjects(db) -> None:
    know(SUBJECTS, now=NOW)


def test_a_response_is_read_when_the_last_of_its_points_is_decided(subjects):
    response = respond()
    first, second = points(response)
    assert first.response.text[first.start : first.end] == "The pay figures leave out the self-employed."
    link(first)
    assert Response.objects.get().state == State.UNREAD
    decide(second, {NOTHING}, version=0, by=A, now=NOW)
    assert Response.objects.get().state == State.LINKED
    assert accounts.account().balances


def test_a_response_on_none_of_ours_is_accounted_for_as_such(subjects):
    for point in points(respond()):
        decide(point, {NOTHING}, version=point.version, by=A, now=NOW)
    assert accounts.account().no_conclusion == 1


def test_whoever_decides_on_what_another_decided_meanwhile_is_told_and_changes_nothing(subjects):
    point = points(respond())[0]
    link(point, by=A)
    with pytest.raises(linking.ChangedMeanwhile, match=A):
        decide(point, {Linked(OUTPUT, Says.QUALIFIES)}, version=point.version, by=B, now=NOW)
    assert list(Link.objects.values_list("target", "by")) == [("pay", A)]


def test_a_changed_decision_keeps_the_one_before(subjects):
    point = link(points(respond())[0])
    link(point, OUTPUT, Says.CHALLENGES_DATA, by=B)
    assert list(Link.objects.order_by("id").values_list("target", "by", "ended_by")) == [
        ("pay", A, B), ("output", B, ""),
    ]  # fmt: skip


def test_suggesting_again_leaves_decisions_and_their_suggestions_as_they_are(subjects):
    first, second = points(respond())
    Suggestion.objects.create(point=first, about="conclusion", target="output", confidence=0.7, made_with="x")
    link(first)
    before = list(Link.objects.values()) + list(Suggestion.objects.values())
    know([Known(PAY, "Pay is higher.", "", "h1")], now=NOW)
    splitting.split(now=NOW)
    Response.objects.update(prepared_at=None)
    splitting.split(now=NOW)
    assert list(Link.objects.values()) + list(Suggestion.objects.values()) == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(
            point=second, response=second.response, party=second.response.party, about="conclusion", target="pay",
            by="worker", at=NOW,
        )  # fmt: skip


def test_an_edited_conclusion_marks_its_links_to_check_again_and_new_figures_do_not(subjects):
    link(points(respond())[0])
    know([Known(PAY, "Pay is £3 higher.", "", "h1"), SUBJECTS[1]], now=NOW)
    assert queues.sizes().recheck == 0
    assert know([Known(PAY, "Pay is lower.", "", "h2"), SUBJECTS[1]], now=NOW) == 1
    (marked,) = queues.to_recheck()
    linking.confirm(marked, by=B, now=NOW)
    assert queues.sizes().recheck == 0
    assert know([SUBJECTS[1]], now=NOW) == 1, "and one that has gone marks them too"


def test_nothing_is_linked_to_what_the_publication_does_not_have(subjects):
    point = points(respond())[0]
    with pytest.raises(linking.NoSuchSubject, match="rents"):
        link(point, Target(About.CONCLUSION, "rents"))
    with pytest.raises(linking.NothingDecided):
        decide(point, set(), version=0, by=A, now=NOW)


def test_a_claim_is_for_one_person_and_for_a_time(db):
    response = respond()
    claims.claim(response, by=A, now=NOW)
    with pytest.raises(claims.Claimed, match=A):
        claims.claim(response, by=B, now=NOW)
    assert queues.next_response(queues.Queue.UNREAD, by=B, now=NOW) is None
    assert queues.next_response(queues.Queue.UNREAD, by=A, now=NOW) == response
    assert claims.claim(response, by=B, now=NOW + claims.LEASE).by == B


def test_what_is_withheld_counts_nowhere_and_comes_back_whole(subjects):
    response = respond()
    link(points(response)[0])
    with pytest.raises(aside.WithoutReason):
        aside.withhold(response, reason=" ", version=response.version, by=A, now=NOW)
    response = aside.withhold(response, reason="abusive", version=response.version, by=A, now=NOW)
    assert (ledger.said(), queues.sizes().unlinked, accounts.account().withheld) == ({}, 0, 1)
    with pytest.raises(linking.ChangedMeanwhile):
        aside.restore(response, version=0, by=B, now=NOW)
    aside.restore(response, version=response.version, by=B, now=NOW)
    assert (ledger.said()["pay"].supporting, queues.sizes().unlinked) == (1, 1)


def test_a_duplicate_names_the_other_and_no_circle_is_made(subjects):
    first, second = respond(), respond()
    aside.duplicate(second, of=first, version=0, by=A, now=NOW)
    with pytest.raises(aside.NotADuplicate):
        aside.duplicate(first, of=second, version=0, by=A, now=NOW)


def test_the_common_text_of_a_campaign_is_read_once_and_counts_for_everybody(subjects):
    model, other = respond(organisation="One"), respond(organisation="Two", district="X")
    there = points(model)
    for here, point in zip(points(other), there, strict=True):
        Point.objects.filter(pk=here.pk).update(read_as=point, open=False)
    assert queues.sizes().unlinked == 2
    for point in there:
        link(point)
    assert {row.state for row in Response.objects.all()} == {State.LINKED}
    assert ledger.of("pay").supporting.parties == 2
    aside.withhold(model, reason="off limits", version=model.version, by=A, now=NOW)
    assert (queues.sizes().unlinked, ledger.of("pay").supporting.parties) == (2, 0)


def test_support_is_counted_by_parties_types_and_places_and_hands_apart(subjects):
    for n in range(3):
        link(points(respond(organisation="One Ltd", respondent="business", district="D1"))[n % 2])
    link(points(respond(organisation="Two", respondent="council", district="D2"))[0], says=Says.CHALLENGES_DATA)
    arrivals.receive_web(Sent(answers=[("pay", Opinion.AGREE, "")], email="c@example.org"), key="t", now=NOW)
    arrivals.receive_votes("pay", votes={Opinion.DISAGREE: 40}, session="s", by=A, now=NOW)
    found = ledger.of("pay")
    assert (found.supporting.parties, found.supporting.responses) == (2, 4)
    assert dict(found.supporting.types) == {"business": 1, "not said": 1}
    assert (found.challenging.parties, found.challenges_data, found.hands) == (1, 1, (("disagree", 40),))
    said = ledger.said()["pay"]
    assert (said.supporting, said.challenging, said.qualifying) == (2, 1, 0)
    assert hash(found) == hash(ledger.of("pay"))


def test_a_redacted_copy_is_approved_by_a_second_person_and_is_what_was_read(subjects):
    response = respond(consent=Consent.TEXT)
    start = TEXT.index("Ann Example")
    privacy.mark_personal(response, kind="name", start=start, end=start + 11, by=A, now=NOW)
    privacy.decide_personal(
        response, remove=[], keep=Personal.objects.filter(remove=None).values_list("pk", flat=True), by=A, now=NOW
    )
    copy = privacy.redact(response, by=A, now=NOW)
    assert copy.text.endswith("says [name removed].")
    with pytest.raises(privacy.SamePerson):
        privacy.approve(copy, made_at=copy.made_at, by=A, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.update(approved_by=A, approved_at=NOW)
    privacy.redact(response, by=A, now=NOW + timedelta(seconds=1))
    with pytest.raises(privacy.NotAllDecided):
        privacy.approve(copy, made_at=copy.made_at, by=B, now=NOW)
    copy.refresh_from_db()
    privacy.approve(copy, made_at=copy.made_at, by=B, now=NOW)
    privacy.mark_personal(response, kind="place", start=0, end=3, by=B, now=NOW)
    assert not Redaction.objects.exists(), "a copy that lacks what was marked since is none"
    with pytest.raises(privacy.NoConsent):
        privacy.redact(respond(), by=A, now=NOW)


def test_erasing_leaves_the_counts_and_no_word(subjects, tmp_path, settings):
    settings.WELLFOUNDED_UPLOADS = tmp_path
    response = respond(
        organisation="Ann Example Tea Rooms", name="Ann Example", email="ann@example.org", district="D1",
        answers=[("output", Opinion.DISAGREE, "No.")],
    )  # fmt: skip
    respond("Something else.")
    link(points(response)[0])
    before = (accounts.account().received, ledger.of("pay"), ledger.of("output"))
    privacy.erase(response, by="respondent", now=NOW, why="asked for")
    assert (accounts.account().received, ledger.of("pay"), ledger.of("output")) == before
    kept = str([list(model.objects.values()) for model in (Response, Party, Contact, Personal, Redaction, Done)])
    assert not [word for word in ("Ann", "ann@", "Tea Rooms", "self-employed") if word in kept]
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(text="again")


def test_what_is_kept_for_a_time_is_deleted_when_it_is_over(db, tmp_path, settings):
    settings.WELLFOUNDED_UPLOADS = tmp_path
    respond(name="Ann", email="ann@example.org")
    assert not any(privacy.tidy(now=NOW + timedelta(days=700)).values())
    assert privacy.tidy(now=NOW + timedelta(days=731))["contacts"] == 1
    assert Response.objects.get().text


def test_a_file_that_nothing_names_goes_after_a_week_and_one_that_is_needed_stays(db, tmp_path, settings):
    settings.WELLFOUNDED_UPLOADS = tmp_path
    unused, needed = privacy.store().keep(b"a,b"), privacy.store().keep(b"c,d")
    Attachment.objects.create(response=respond(), name="x.csv", kind="csv", hash=needed, size=3)
    today = timezone.now()
    privacy.tidy(now=today + timedelta(days=6))
    assert set(privacy.store().names()) == {unused, needed}
    os.utime(privacy.store().path(unused), (0, 0))
    privacy.store().keep(b"a,b")  # put in once more
    privacy.tidy(now=today + timedelta(days=1))
    assert set(privacy.store().names()) == {unused, needed}
    privacy.tidy(now=today + timedelta(days=8))
    assert set(privacy.store().names()) == {needed}


def test_a_decision_says_why_answers_links_and_is_shown_beside_them(subjects):
    point = link(points(respond())[0], says=Says.CHALLENGES_DATA)
    ids = list(Link.objects.values_list("pk", flat=True))
    with pytest.raises(answering.NoReason):
        answering.answer(PAY, "keep", why="", links=ids, by=A, now=NOW)
    with pytest.raises(answering.NothingAnswered):
        answering.answer(OUTPUT, "keep", why="x", links=ids, by=A, now=NOW)
    assert queues.sizes().challenges == 1
    decision = answering.answer(PAY, "keep", why="The survey covers them.", links=ids, by=A, now=NOW)
    assert (queues.sizes().challenges, point.links.get().decision) == (0, decision)
    assert ledger.of("pay").decisions[0].why == "The survey covers them."
    (kept,) = frozen.decided()["decisions"]
    assert (kept["decision"], kept["responses"]) == ("keep", [point.response.reference])


def test_signing_off_is_refused_until_the_account_balances_and_opens_with_what_comes_after(subjects):
    response = respond()
    with pytest.raises(answering.DoesNotBalance, match="1 have still to be read"):
        answering.sign_off(by=A, now=NOW)
    for point in points(response):
        link(point)
    answering.sign_off(by=A, now=NOW)
    assert accounts.signed_off() is not None
    linking.reopen(Point.objects.first(), version=1, by=A, now=NOW)
    assert accounts.signed_off() is None


def test_what_was_done_to_themes_can_be_taken_back_the_latest_first(subjects):
    ids = [point.pk for point in points(respond("One.\n\nTwo.\n\nThree."))]
    theme, other = (Theme.objects.create(key=key, name=key, terms=[key], found_at=NOW) for key in "ab")
    ThemePoint.objects.bulk_create([ThemePoint(theme=theme, point_id=pk) for pk in ids[:2]])
    ThemePoint.objects.create(theme=other, point_id=ids[2])
    grouping.merge(theme, other, by=A, now=NOW)
    made = grouping.split(other, [ids[0], ids[2]], "new", by=A, now=NOW)
    grouping.rename(Theme.objects.get(pk=other.pk), "Pay", by=A, now=NOW)
    merged, cut, renamed = ThemeChange.objects.order_by("pk")
    with pytest.raises(grouping.ChangedSince):
        grouping.take_back(merged, by=B, now=NOW)
    for change in (renamed, cut, merged):
        grouping.take_back(change, by=B, now=NOW)
    assert {row.name: (row.points, row.named, row.kept) for row in themes.listing()} == {
        "a": (2, False, False), "b": (1, False, False),
    }  # fmt: skip
    assert Theme.objects.get(pk=made.pk).ended_at == NOW
    assert {change.back_by for change in ThemeChange.objects.all()} == {B}
    with pytest.raises(grouping.ChangedSince):
        grouping.take_back(merged, by=B, now=NOW)


def test_the_points_of_a_theme_come_the_most_typical_first(subjects):
    first, second, other = points(respond("One.\n\nTwo.\n\nThree."))
    theme = Theme.objects.create(key="t", name="t", found_at=NOW)
    for point, place in ((first, 2), (second, 0), (other, 1)):
        ThemePoint.objects.create(theme=theme, point=point, representative=place)
    assert themes.points_of(theme) == [other, first, second]


def test_themes_are_traced_both_ways(subjects):
    ids = [point.pk for point in points(respond())]
    theme, other = (Theme.objects.create(key=key, name=key, found_at=NOW) for key in "ab")
    ThemePoint.objects.bulk_create([ThemePoint(theme=theme, point_id=pk) for pk in ids])
    with pytest.raises(grouping.NothingToSplit):
        grouping.split(theme, ids, "all", by=A, now=NOW)
    new = grouping.split(theme, ids[:1], "pay", by=A, now=NOW)
    grouping.merge(new, other, by=A, now=NOW)
    grouping.rename(other, "pay and hours", by=A, now=NOW)
    assert [(c.kind, c.before.name, c.after.name) for c in themes.history(new)] == [
        ("merged", "pay", "pay and hours"), ("split", "a", "pay"),
    ]  # fmt: skip
    assert {row.name: row.points for row in themes.listing()} == {"pay and hours": 1, "a": 1}


def test_a_blind_sample_is_the_same_for_the_same_seed_and_coded_once_each(subjects):
    respond(), respond()
    first, second = (coding.draw(3, seed=7, by=A, now=NOW) for _ in range(2))
    assert [p.point_id for p in first.points.order_by("position")] == [
        p.point_id for p in second.points.order_by("position")
    ]
    of = Sample.objects.first().points.first()
    coding.code(of, Linked(PAY, Says.SUPPORTS), by=A, now=NOW)
    with pytest.raises(coding.AlreadyCoded):
        coding.code(of, NOTHING, by=A, now=NOW)


class Consultation(RuleBasedStateMachine):
    """Whatever is received, decided, set aside, taken back and erased, in any order: the account balances."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(text=st.sampled_from([TEXT, "One point.", "   .", "A\n\nB\n\nC"]), tick=st.booleans())
    def receive(self, text: str, tick: bool) -> None:
        respond(text, answers=[("pay", Opinion.AGREE, "")] if tick else [])

    @precondition(lambda _: Response.objects.exists())
    @rule(data=st.data(), which=st.integers(0, 5))
    def do(self, data: st.DataObject, which: int) -> None:
        there = list(Response.objects.order_by("pk"))
        response = there[which % len(there)]
        steps: dict[str, Callable[[], object]] = {
            "withhold": lambda: aside.withhold(response, reason="x", version=response.version, by=A, now=NOW),
            "restore": lambda: aside.restore(response, version=response.version, by=A, now=NOW),
            "done": lambda: linking.done(response, version=response.version, by=A, now=NOW),
            "erase": lambda: privacy.erase(response, by=A, now=NOW, why="x"),
            "decide": lambda: [link(p, (PAY, OUTPUT)[which % 2]) for p in points(response)[:2]],
            "nothing": lambda: [decide(p, {NOTHING}, version=p.version, by=A, now=NOW) for p in points(response)],
            "reopen": lambda: [linking.reopen(p, version=p.version, by=A, now=NOW) for p in points(response)[:1]],
        }
        step = data.draw(st.sampled_from(sorted(steps)), label="step")
        try:
            with transaction.atomic():
                steps[step]()
        except (linking.NotReadable, ValueError):
            return

    @invariant()
    def balances(self) -> None:
        found = accounts.account()
        assert found.received == found.accounted + found.unread == Response.objects.count()
        waits = Response.objects.filter(points__open=True).distinct()
        assert all(row.state == State.UNREAD for row in waits)
        assert found.balances == (not Response.objects.filter(state=State.UNREAD).exists())
        for row in Response.objects.filter(state=State.NO_CONCLUSION):
            assert not row.links.filter(ended_at=None, about=About.CONCLUSION).exists()


class TestTheAccount(TestCase):
    def test_it_balances_whatever_happens_in_whatever_order(self) -> None:
        know(SUBJECTS, now=NOW)
        run_state_machine_as_test(
            Consultation, settings=hypothesis_settings(max_examples=12, stateful_step_count=12, deadline=None)
        )
