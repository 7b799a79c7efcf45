"""Campaigns are grouped, their common text is read once, and whatever anybody adds is read."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellfounded.people.consultation.understanding.campaigns import campaigns_in

BUSES = (
    "I am writing about the evidence for the local industrial strategy and how it treats the buses. "
    "The evidence does not mention that the last bus to the business park leaves before the late shift ends. "
    "Please put the times of buses beside the figures on commuting before any conclusion is drawn."
)
FARMS = (
    "Farming is missing from every chapter of the evidence base although it shapes most of the land here. "
    "Please add what farms produce, whom they employ and how many of them have broadband that works."
)
OWN = [
    "Rents in the town centre have doubled and two makers on our street have left for Stoke.",
    "The figures on research look right to me, as far as a layman can tell.",
    "Skills are our trouble: nobody local can programme a lathe any more.",
    "Why is tourism counted with retail?",
]


def read(texts: list[str]) -> tuple[list[tuple[int, ...]], list[list[str]]]:
    found = campaigns_in(texts)
    added = [[span.of(text) for span in one.added] for text, one in zip(texts, found.readings, strict=True)]
    return [campaign.members for campaign in found.campaigns], added


def test_a_campaign_is_one_group_and_every_personal_addition_is_read():
    texts = [
        BUSES,
        OWN[0],
        BUSES.upper(),
        "My son cannot take the job he was offered. " + BUSES,
        BUSES + "\n\nI would add that the 38 never comes on Sundays.",
        OWN[1],
        FARMS,
        FARMS + " We farm 200 acres near Nantwich ourselves.",
        FARMS.replace(". ", ".\n\n"),
    ]
    members, added = read(texts)
    assert members == [(0, 2, 3, 4), (6, 7, 8)]
    assert added == [
        [], [OWN[0]], [], ["My son cannot take the job he was offered."],
        ["I would add that the 38 never comes on Sundays."], [OWN[1]], [],
        ["We farm 200 acres near Nantwich ourselves."], [],
    ]  # fmt: skip


def test_an_addition_longer_than_the_common_text_does_not_hide_the_campaign():
    long = " ".join(f"Our plant number {n} has waited {n + 3} months for a grid connection." for n in range(30))
    texts = [BUSES, BUSES, BUSES, f"{long} {BUSES}", OWN[0]]
    members, added = read(texts)
    assert members == [(0, 1, 2, 3)]
    assert added[3] == [long]


def test_a_campaign_in_which_everybody_adds_more_than_they_share_is_found_by_its_sentences():
    long = [
        " ".join(f"In {town} firm {n} tells us {n * 7} things of its own kind." for n in range(25))
        for town in ("Crewe", "Chester", "Lymm")
    ]
    texts = [f"{long[0]} {FARMS}", f"{FARMS} {long[1]}", f"{long[2]}\n{FARMS}", *OWN]
    members, added = read(texts)
    assert members == [(0, 1, 2)]
    assert added[:3] == [[long[0]], [long[1]], [long[2]]]


def test_an_edited_sentence_is_an_addition():
    edited = BUSES.replace("does not mention", "does mention")
    members, added = read([BUSES, BUSES, BUSES, edited])
    assert members == [(0, 1, 2, 3)]
    assert added[3] == [edited.split(". ")[1] + "."]


def test_two_people_who_say_the_same_are_no_campaign_and_a_phrase_of_thanks_makes_none():
    thanks = "Thank you for the opportunity to comment."
    assert read([f"{thanks} {own}" for own in OWN])[0] == []
    assert read([BUSES, BUSES, OWN[0]])[0] == []
    assert read(["", " ", "\n"])[0] == []
    assert read([])[0] == []


def test_people_who_quote_the_same_sentence_are_no_campaign():
    quoted = "An hour of work in the area produced more than it did in the rest of the country in every year so far."
    further = "The gap to the country is smaller than it was, as others grew faster in most of the years since."
    texts = [f"{quoted} {own} {OWN[place - 1]}" for place, own in enumerate(OWN)]
    assert read(texts)[0] == []
    more = [" ".join(f"Firm {n} of town {place} tells {n * 7 + place} things." for n in range(9)) for place in range(4)]
    both = [f"{quoted} {further} {own}" for own in more]
    assert len(campaigns_in(both).campaigns) == 1
    assert campaigns_in(both, known=[quoted]).campaigns == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_responses_changes_nothing_but_numbers(seed):
    texts = [BUSES, FARMS + " Mine too.", BUSES + " Me too.", FARMS, BUSES, FARMS, *OWN, BUSES + " " + OWN[3]]
    order = np.random.default_rng(seed).permutation(len(texts))
    there, here = campaigns_in(texts), campaigns_in([texts[place] for place in order])
    assert sorted(sorted(int(order[member]) for member in one.members) for one in here.campaigns) == sorted(
        sorted(one.members) for one in there.campaigns
    )
    assert [here.readings[place].added for place in np.argsort(order)] == [one.added for one in there.readings]


@given(
    st.lists(st.one_of(st.sampled_from([BUSES, FARMS, *OWN, f"{OWN[0]} {BUSES}"]), st.text(max_size=60)), max_size=12)
)
def test_what_is_common_and_what_is_added_are_all_of_a_text(texts):
    found = campaigns_in(texts)
    for text, one in zip(texts, found.readings, strict=True):
        spans = sorted([*one.common, *one.added], key=lambda span: span.start)
        assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
        assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
        assert one.campaign is not None or not one.common
