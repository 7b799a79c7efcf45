"""Pages of priorities: the ranking, what if, weights of one's own, workshops."""

from __future__ import annotations

import re

import msgspec
import pytest
from django.test import Client

from tests.web.html import Read
from tests.web.sample_priorities import priorities
from wellfounded.people import accounts, keyed
from wellfounded.people.deciding import actions, queries
from wellfounded.people.deciding.models import Stated, Workshop
from wellfounded.priorities.types import ShownSuccess
from wellfounded.web import picturing

EVEN = {"productivity": 5, "earning-power": 5, "resilience": 5} | dict.fromkeys(
    ("prize", "evidence", "said", "works", "time"), 5
)


def order(page: str) -> list[str]:
    return re.findall(r'<h3 class="wf-ranking__title"><a href="/priorities/([a-z0-9-]+)', page)


@pytest.fixture
def staff(shown_publication) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(accounts.add("somebody@example.org")[0])
    return client


@pytest.fixture
def workshop(staff) -> Workshop:
    staff.post("/staff/priorities", {"do": "open", "title": "Board"})
    return Workshop.objects.get()


def test_the_ranking_shows_how_sure_it_is_and_what_to_beware_of(site):
    page = site.get("/priorities").content.decode()
    assert order(page) == ["policy-0", "policy-1", "policy-2"]
    words = " ".join(Read(page).words.split())
    assert "First for 62% of weightings" in words
    assert "Beware: The conclusion beneath it is fragile, which draws it down." in words


def test_a_scenario_moves_the_prizes_and_has_an_address_of_its_own(site):
    page = " ".join(Read(site.get("/priorities?share=50&year=2030").content.decode()).words.split())
    assert "/priorities?share=50&year=2030" in page
    assert "£600m" in page, "half of £1.2bn"
    one = " ".join(Read(site.get("/priorities/policy-0?share=50").content.decode()).words.split())
    assert "50% of the gap" in one


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("share=0", "whole number from 1 to 100"),
        ("share=x", "whole number from 1 to 100"),
        ("year=1999", "The year is one from"),
        ("comparator=nowhere", "Choose one of the comparators"),
    ],
)
def test_what_a_scenario_can_not_be_is_said_beside_the_ranking_as_stated(site, query, words):
    page = site.get(f"/priorities?{query}").content.decode()
    assert "There is a problem" in page
    assert words in page
    assert order(page) == ["policy-0", "policy-1", "policy-2"]


def test_own_weights_rank_without_scripts_and_bad_ones_are_refused(site):
    page = site.get("/priorities/weights", {"productivity": "10", "earning-power": "0", "resilience": "0"})
    assert "The ranking with your weights" in page.content.decode()
    assert len(order(page.content.decode())) == 3
    nothing = dict.fromkeys(EVEN, "0")
    assert "at least one of the impact areas" in site.get("/priorities/weights", nothing).content.decode()
    assert "from 0 to 10" in site.get("/priorities/weights", {"prize": "11"}).content.decode()


def test_a_scorecard_leads_to_what_would_move_it(site):
    page = Read(site.get("/impact/productivity").content.decode())
    assert ("a href", "/priorities/policy-0") in page.addresses
    assert site.get("/impact/happiness").status_code == 404


def test_a_challenge_shows_its_evidence_and_the_policies_that_serve_it(site):
    page = Read(site.get("/grand-challenges/clean-growth").content.decode())
    assert ("a href", "/priorities/policy-1") in page.addresses
    assert ("a href", "/conclusions/pharmaceuticals") in page.addresses


def test_members_weights_stand_side_by_side_and_only_their_holder_changes_them(staff, workshop):
    first, second = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    address = f"/workshops/{workshop.token}"
    assert first.get(address).status_code == 200
    assert not Stated.objects.exists(), "looking changes nothing"
    first.post(address, {**EVEN, "name": "A", "resilience": 0})
    second.post(address, {**EVEN, "name": "B", "productivity": 0})
    first.post(address, {**EVEN, "name": "A", "resilience": 1})
    assert {one.name: one.points["resilience"] for one in Stated.objects.all()} == {"A": 1, "B": 5}
    taken = second.post(address, {**EVEN, "name": "A"})
    assert taken.status_code == 422
    assert "is called" in taken.content.decode()
    page = Read(first.get(address).content.decode())
    words = " ".join(page.words.split())
    assert "2 members have" in words
    where = words.split("Where we disagree")[1]
    assert re.search(r"[a-z]+: \d+\w\w under the weights of [AB], \d+\w\w under those of [AB]", where), where


def test_a_closed_workshop_takes_no_more_weights_and_keeps_what_it_has(staff, workshop):
    address = f"/workshops/{workshop.token}"
    Client(SERVER_NAME="localhost").post(address, {**EVEN, "name": "A"})
    staff.post("/staff/priorities", {"do": "close", "workshop": workshop.pk})
    late = Client(SERVER_NAME="localhost").post(address, {**EVEN, "name": "B"})
    assert late.status_code == 422
    assert [one.name for one in queries.stated(workshop)] == ["A"]


def test_weights_that_say_nothing_of_what_is_asked_now_are_left_out(site, workshop):
    for name, points in (("Gone", {"growth": 5}), ("Naught", dict.fromkeys(EVEN, 0)), ("Here", EVEN)):
        Stated.objects.create(workshop=workshop, name=name, points=points, holder=name)
    words = " ".join(Read(site.get(f"/workshops/{workshop.token}").content.decode()).words.split())
    assert "1 member has stated weights" in words


def test_a_workshop_is_found_by_its_link_only(site, db):
    assert site.get(f"/workshops/{keyed.token()}").status_code == 404


def test_a_workshop_takes_only_so_many(workshop, monkeypatch, django_user_model):
    from django.utils import timezone

    monkeypatch.setattr(actions, "MOST", 1)
    actions.state(workshop, name="A", points=EVEN, holder="a", now=timezone.now())
    with pytest.raises(actions.WorkshopFull):
        actions.state(workshop, name="B", points=EVEN, holder="b", now=timezone.now())


def test_the_picture_of_a_chain_joins_what_its_links_join():
    policy = priorities().policies[0]
    picture = picturing.chain(policy)
    assert picture is not None
    at = {box.node.id: box for box in picture.boxes}
    for thread in picture.threads:
        x, y = (float(n) for n in re.match(r"M([\d.]+) ([\d.]+)", thread.path).groups())
        start = at[thread.link.start]
        assert x == start.x + picturing.WIDTH
        assert y == pytest.approx(start.y + start.height / 2, abs=0.1)
    assert len(picture.threads) == len(policy.links)
    assert picturing.chain(msgspec.structs.replace(policy, nodes=(), links=())) is None


def test_a_track_is_marked_where_it_starts_and_where_it_is_to_lead_in_their_own_words():
    success = ShownSuccess(
        "x", "X", "-", "-", "on track", "", baseline="£29.66 in 2015", target="£40.00 by 2017",
        path=((2015, 29.66, 29.66, 29.66), (2016, 34.83, 34.0, 36.0), (2017, 40.0, 38.0, 42.0)),
        seen=((2015, 29.66, None, None),),
    )  # fmt: skip
    track = picturing.track(success)
    assert track is not None
    assert [text for _, text in track.levels] == ["£40.00", "£29.66"]
    assert track.levels[1][0] == track.seen[0][1]
    level = msgspec.structs.replace(success, path=tuple((year, 29.7, 20.0, 40.0) for year in (2015, 2016, 2017)))
    assert [text for _, text in picturing.track(level).levels] == ["£40.00"]  # two labels would lie on each other


def test_bars_of_ranks_fill_their_width_and_darken_towards_the_first():
    parts = picturing.rank_parts((0.5, 0.0, 0.3, 0.2))
    assert sum(part.width for part in parts) == pytest.approx(100)
    assert [part.rank for part in parts] == [1, 3, 4]
    assert [part.dark for part in parts] == sorted((part.dark for part in parts), reverse=True)
