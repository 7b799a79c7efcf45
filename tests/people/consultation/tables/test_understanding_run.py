"""The software reads what came: it suggests, groups and finds themes, does nothing twice, and undoes no decision."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wellfounded.people.consultation.actions import arrivals, grouping
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.actions.linking import Linked, decide
from wellfounded.people.consultation.models import (
    CampaignMember,
    Link,
    Missed,
    Point,
    Response,
    Suggestion,
    Theme,
    ThemePoint,
    Understood,
)
from wellfounded.people.consultation.preparing import splitting
from wellfounded.people.consultation.preparing.run import understand
from wellfounded.people.consultation.preparing.subjects import Known
from wellfounded.people.consultation.queries import themes
from wellfounded.people.consultation.types import About, Opinion, Says, Target
from wellfounded.people.models import Job
from wellfounded.web import consulting

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
BUSES = Target(About.CONCLUSION, "buses")
SUBJECTS = (
    Known(BUSES, "Buses take longer to reach work from villages than in the county.", "", "h"),
    Known(Target(About.CONCLUSION, "pay"), "Median weekly pay of residents is higher than in England.", "", "h"),
)
CAMPAIGN = (
    "We ask the councils to run the last bus from the hospital until midnight on every day of the week. "
    "People who work late shifts can't get home to the villages without a car, and the evidence says nothing of them. "
)

BUS = (
    "The bus to the works takes an hour and the car takes twenty minutes.",
    "Nobody in our village can reach a job by bus before nine.",
    "Bus fares went up and the bus still comes late.",
    "I walk to the station because no bus meets the train.",
    "Ask the depot why buses from villages take so long.",
    "Two buses and a wait, every day, to get to work.",
)


def run(**more) -> dict[str, int]:
    return understand(SUBJECTS, now=NOW, embeddings=False, **more)


@pytest.fixture
def there() -> None:
    for n in range(5):
        own = f"My own shift in ward {n} ends at eleven and I pay for a taxi." if n % 2 else ""
        arrivals.receive_web(Sent(text=CAMPAIGN + own, organisation=f"Ward {n}"), key=f"c{n}", now=NOW)
    for n, text in enumerate(BUS):
        arrivals.receive_web(Sent(text=text), key=f"b{n}", now=NOW)
    sent = Sent(answers=[("pay", Opinion.DISAGREE, "Nobody here earns that.")])
    arrivals.receive_web(sent, key="t", now=NOW)


def test_it_suggests_what_the_form_says_and_what_words_say(there):
    done = run()
    assert (done["responses split"], done["campaigns"]) == (12, 1)
    told = Suggestion.objects.get(point__response__key__startswith="web t ", made_with="the form")
    assert (told.target, told.confidence) == ("pay", 1.0)
    assert not Link.objects.exists(), "nothing is decided by a program"


def test_the_common_text_waits_once_and_what_is_decided_there_holds_for_all(there):
    run()
    members = CampaignMember.objects.all()
    assert members.count() == 5
    model = members[0].campaign.model
    others = Point.objects.filter(response__membership__isnull=False).exclude(response=model)
    assert others.filter(read_as__isnull=False).exists()
    for point in Point.objects.filter(response=model, open=True):
        decide(point, {Linked(BUSES, Says.SUPPORTS)}, version=point.version, by="a@example.org", now=NOW)
    plain = Response.objects.filter(membership__isnull=False).exclude(points__open=True)
    assert {response.state for response in plain} == {"linked"}


def test_with_nothing_new_it_does_nothing_and_with_something_new_it_leaves_decisions(there):
    run()
    point = Point.objects.filter(response__key__startswith="web b0 ").first()
    decide(point, {Linked(BUSES, Says.QUALIFIES)}, version=0, by="a@example.org", now=NOW)
    before = list(Link.objects.values())
    suggested = list(Suggestion.objects.filter(point=point).values())
    run()
    runs = Understood.objects.count()
    assert run() == {"links to check again": 0}
    assert run(everything=False) == {"links to check again": 0}
    arrivals.receive_web(Sent(text="One more about the bus."), key="new", now=NOW + timedelta(days=1))
    assert run(everything=False)["responses split"] == 1
    assert Understood.objects.count() == runs + 1
    assert list(Link.objects.values()) == before
    assert list(Suggestion.objects.filter(point=point).values()) == suggested


def test_what_is_said_anew_is_compared_anew_with_all_that_was_said(there):
    run()
    buses, pay = SUBJECTS
    anew = (replace(buses, title="Late buses keep people from work.", hash="anew"), pay)
    assert "themes" in understand(anew, now=NOW, embeddings=False)
    assert "themes" not in understand(anew, now=NOW, embeddings=False)


def test_between_full_runs_only_what_came_since_is_read_and_a_run_that_stopped_is_made_up_for(there):
    run()
    sent = Sent(answers=[("pay", Opinion.DISAGREE, "Pay is lower at the port.")])
    arrivals.receive_web(sent, key="new", now=NOW)
    splitting.split(now=NOW + timedelta(hours=1))  # a run that got no further
    arrivals.receive_web(Sent(text="One more about the bus."), key="newer", now=NOW)
    done = understand(SUBJECTS, now=NOW + timedelta(hours=2), embeddings=False, everything=False)
    assert (done["responses split"], done["points read for suggestions"]) == (1, 2)
    assert Suggestion.objects.get(point__response__key__startswith="web new ").target == "pay"


def test_a_theme_that_people_named_stays_as_they_left_it(there):
    run()
    theme = Theme.objects.filter(ended_at=None).first()
    assert theme is not None
    grouping.rename(theme, "Buses at night", by="a@example.org", now=NOW)
    before = set(theme.members.values_list("point", flat=True))
    arrivals.receive_web(Sent(text="Gigabit broadband stops at the canal."), key="new", now=NOW)
    run()
    assert before <= set(Theme.objects.get(name="Buses at night").members.values_list("point", flat=True))
    assert {row.name for row in themes.listing()} >= {"Buses at night"}


def test_what_says_nothing_of_its_own_makes_no_theme_and_is_not_missed(there):
    bare = ("Yes, broadly.", "I don't agree.", "See above", "OK", "Mostly right, I think.")
    for n in range(20):
        arrivals.receive_web(Sent(text=bare[n % len(bare)]), key=f"bare{n}", now=NOW)
    run()
    assert Theme.objects.exists()
    said_little = ThemePoint.objects.filter(point__response__text__in=bare)
    assert not said_little.exists()
    assert not Missed.objects.filter(point__response__text__in=bare).exists()
    theme = Theme.objects.filter(ended_at=None).first()
    grouping.rename(theme, "They agree", by="a@example.org", now=NOW)
    point = Point.objects.filter(response__text="OK").first()
    ThemePoint.objects.create(theme=theme, point=point)
    arrivals.receive_web(Sent(text="Gigabit broadband stops at the canal."), key="new", now=NOW)
    run()
    assert ThemePoint.objects.get(point=point).theme == theme, "what a person put there stays"


@pytest.mark.parametrize("many", [0, themes.MANY])
def test_sizes_that_are_kept_move_when_themes_or_campaigns_change(there, monkeypatch, many):
    monkeypatch.setattr(themes, "MANY", many)
    monkeypatch.setattr(themes, "_latest", {})
    run()
    with CaptureQueriesContext(connection) as asked:
        first = themes.listing()
    assert not [query for query in asked if query["sql"].startswith("UPDATE")], "a run counts what it found"
    assert [row.points for row in first] == [row.points for row in themes.listing()]
    theme = Theme.objects.filter(ended_at=None).order_by("pk")[0]
    ThemePoint.objects.filter(theme=theme).first().delete()
    counted = {row.pk: row.points for row in themes.listing()}
    before = {row.pk: row.points for row in first}
    assert counted[theme.pk] == before[theme.pk] - 1
    member = CampaignMember.objects.first()
    alike = {row.pk: row.as_one for row in themes.listing()}
    CampaignMember.objects.filter(pk=member.pk).update(out_at=NOW)
    assert {row.pk: row.as_one for row in themes.listing()} != alike


@pytest.mark.parametrize("many", [0, themes.MANY])
def test_sizes_that_are_kept_move_when_a_merge_is_taken_back(there, monkeypatch, many):
    monkeypatch.setattr(themes, "MANY", many)
    monkeypatch.setattr(themes, "_latest", {})
    run()
    one, other = Theme.objects.filter(ended_at=None).order_by("pk")[:2]
    before = {row.pk: row.points for row in themes.listing()}
    grouping.merge(one, other, by="a@example.org", now=NOW)
    assert {row.pk: row.points for row in themes.listing()} != before
    grouping.take_back(themes.history(one)[0], by="a@example.org", now=NOW)
    assert {row.pk: row.points for row in themes.listing()} == before


def test_what_a_build_changed_is_compared_with_links_at_once_and_once_a_build(db, tmp_path):
    consulting.ask_when_built(tmp_path, now=NOW)
    assert not Job.objects.exists(), "nothing is built"
    built = tmp_path / consulting.BUILT / "publication.json"
    built.parent.mkdir(parents=True)
    built.write_text("{}")
    for made, asked in ((1, 1), (1, 1), (2, 2)):
        os.utime(built, ns=(made, made))
        consulting.ask_when_built(tmp_path, now=NOW)
        assert Job.objects.filter(kind=arrivals.UNDERSTAND, due_at=NOW, payload={"only": "new"}).count() == asked
