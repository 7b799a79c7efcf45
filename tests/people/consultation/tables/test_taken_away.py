"""A demonstration, or a spreadsheet taken by mistake, goes as if it had never been: what others said and did stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wellfounded.people.consultation.actions import answering, arrivals, aside, demonstrating, grouping, importing
from wellfounded.people.consultation.actions.arrivals import Sent, Uploaded
from wellfounded.people.consultation.actions.linking import Linked, decide
from wellfounded.people.consultation.models import Campaign, Party, Point, Response, Theme, ThemeChange, ThemePoint
from wellfounded.people.consultation.preparing import campaigning, splitting
from wellfounded.people.consultation.queries import accounts
from wellfounded.people.consultation.rules import State
from wellfounded.people.consultation.types import About, Target
from wellfounded.people.models import Done

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
BY = "a@example.org"
COMMON = (
    "We ask the councils to run the last bus from the hospital until midnight on every day of the week. "
    "People who work late shifts can't get home to the villages without a car, and the evidence says nothing of them. "
)


@pytest.fixture(params=["a demonstration", "a spreadsheet"])
def put_in(request):
    """Puts a response in that `gone` takes away again."""

    def received(n: int) -> Response:
        sent = Sent(text=COMMON, organisation=f"Firm {n}", demonstration_id=f"d{n}" if by_demonstration else "")
        if by_demonstration:
            return arrivals.receive_web(sent, key=f"in {n}", now=NOW).response
        importing.take([Uploaded(sent, key=f"in {n}")], file="rows.csv", by=BY, now=NOW)
        return Response.objects.latest("pk")

    by_demonstration = request.param == "a demonstration"
    return received


def gone() -> None:
    demonstrating.remove(now=NOW)
    for taken in Done.objects.filter(what=importing.TAKEN):
        importing.take_back(taken.pk, by=BY, now=NOW)


def respond(n: int, text: str = COMMON) -> Response:
    return arrivals.receive_web(Sent(text=text, organisation=f"Ward {n}"), key=f"real {n}", now=NOW).response


def test_whoever_was_read_in_them_waits_to_be_read(put_in):
    put_in(1)
    others = [respond(n) for n in range(3)]
    splitting.split(now=NOW)
    campaigning.find(now=NOW)
    assert Campaign.objects.get().model not in others
    gone()
    assert set(Response.objects.all()) == set(others)
    assert not Point.objects.filter(open=False).exists()
    assert not Party.objects.filter(responses=None).exists()


def test_a_theme_that_somebody_merged_keeps_its_points_and_its_history(put_in):
    put_in(1)
    for n, text in enumerate(("Pay is low in the shops.", "Rents rise faster than pay.")):
        respond(n, text)
    splitting.split(now=NOW)
    ours, theirs = (Theme.objects.create(key=key, name=key, found_at=NOW) for key in ("pay", "buses"))
    real = list(Point.objects.filter(response__key__startswith="web real").order_by("pk"))
    taken = Point.objects.exclude(pk__in=[point.pk for point in real])
    first, second = Theme.objects.create(key="rents", name="rents", found_at=NOW), ours
    ThemePoint.objects.create(theme=first, point=real[0])
    ThemePoint.objects.create(theme=second, point=real[1])
    ThemePoint.objects.bulk_create([ThemePoint(theme=theirs, point=point) for point in taken])
    grouping.merge(first, second, by=BY, now=NOW)
    gone()
    assert set(Theme.objects.values_list("name", flat=True)) == {"rents", "pay"}
    assert ThemeChange.objects.get().moved == [real[0].pk]


def test_what_repeats_one_of_a_demonstration_is_read_by_itself_and_what_was_signed_off_is_open():
    shown = arrivals.receive_web(Sent(text=COMMON, demonstration_id="d"), key="d", now=NOW).response
    ours = respond(1)
    splitting.split(now=NOW)
    aside.duplicate(ours, of=shown, version=0, by=BY, now=NOW)
    for point in Point.objects.filter(response=shown):
        decide(point, {Linked(Target(About.NOT_EVIDENCE))}, version=0, by=BY, now=NOW)
    answering.sign_off(by=BY, now=NOW)
    demonstrating.remove(now=NOW)
    assert Response.objects.get().state == State.UNREAD
    assert not Point.objects.filter(open=False).exists()
    assert accounts.signed_off() is None


def test_what_came_of_a_spreadsheet_that_broke_off_is_taken_back_too(monkeypatch):
    monkeypatch.setattr(arrivals, "AT_ONCE", 2)

    def rows():
        for n in range(3):
            yield Uploaded(Sent(text=COMMON, organisation=f"Firm {n}"), key=f"in {n}")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        importing.take(rows(), file="rows.csv", by=BY, now=NOW)
    (taken,) = importing.latest(now=NOW)
    assert (taken.new, taken.untouched) == (2, True)
    assert importing.take_back(taken.pk, by=BY, now=NOW) == (2, 0)
    assert importing.latest(now=NOW) == []


def test_themes_of_a_demonstration_go_with_all_that_was_done_to_them():
    for n in range(2):
        arrivals.receive_web(Sent(text=f"{COMMON} {n}", demonstration_id=f"d{n}"), key=f"d{n}", now=NOW)
    splitting.split(now=NOW)
    first, second = (Theme.objects.create(key=key, name=key, found_at=NOW) for key in "ab")
    points = list(Point.objects.all())
    ThemePoint.objects.create(theme=first, point=points[0])
    ThemePoint.objects.bulk_create([ThemePoint(theme=second, point=point) for point in points[1:]])
    grouping.merge(first, second, by=BY, now=NOW)
    grouping.rename(second, "Late buses", by=BY, now=NOW)
    demonstrating.remove(now=NOW)
    assert not Theme.objects.exists()
