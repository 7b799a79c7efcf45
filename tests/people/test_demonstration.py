"""The demonstration responses are many, of all kinds, marked as invented, and hold nobody's real details."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from email.message import EmailMessage
from html import unescape
from pathlib import Path

from wellfounded.conclusions.read import read_all
from wellfounded.conclusions.types import State
from wellfounded.evidence.catalogue import load
from wellfounded.people.consultation import demonstration
from wellfounded.people.consultation.demonstration import FOLDER, Demonstration, responses
from wellfounded.people.consultation.types import CHALLENGES, About, Channel, Consent, Opinion, Respondent, Says

EXAMPLE = r"(?:[a-z0-9-]+\.)*example\.(?:com|org|net)"
DRAMA = (  # telephone numbers that Ofcom keeps for film and radio
    r"01632960\d{3}|07700900\d{3}|0114496\d{4}|0115496\d{4}|0116496\d{4}|0117496\d{4}|0118496\d{4}|0121496\d{4}"
    r"|0131496\d{4}|0141496\d{4}|0151496\d{4}|0161496\d{4}|0191498\d{4}|02079460\d{3}|03069990\d{3}|08081570\d{3}"
)
POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) \d[ABD-HJLNP-UW-Z]{2}\b")
MEMBERS = ("E06000049", "E06000050", "E06000007")
NO_SUCH_DISTRICTS = {"CW97", "SK97", "WA97"}  # the areas are real, and have no district of that number


def words_of(response: Demonstration) -> str:
    """All that somebody wrote; of an e-mail the text of its message."""
    if not response.mail:
        return "\n\n".join(response.passages)
    message = email.message_from_bytes(response.message, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    assert body is not None
    text = body.get_content()
    if body.get_content_subtype() == "html":
        text = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style.*?</style>", "", text)))
    return text


def everything(response: Demonstration) -> str:
    """All that could hold a detail of somebody: words, names, addresses, headers, files."""
    files = [demonstration.file(name).decode() for name in response.files]
    return "\n".join([words_of(response), response.name, response.email, response.message.decode(), *files])


def test_every_id_is_used_once_and_every_file_belongs_to_a_response() -> None:
    ids = [response.id for response in responses()]
    assert len(ids) == len(set(ids))
    assert {response.mail for response in responses()} - {""} == {path.name for path in (FOLDER / "mail").iterdir()}
    assert {name for response in responses() for name in response.files} == {
        path.name for path in (FOLDER / "files").iterdir()
    }


def test_they_are_many_and_of_all_kinds() -> None:
    given = responses()
    distinct = [response for response in given if not response.duplicate_of]
    assert len(distinct) >= 180
    by_channel = Counter(response.channel for response in distinct)
    assert by_channel[Channel.WEB] >= 100
    assert by_channel[Channel.EMAIL] >= 30
    assert by_channel[Channel.ROOM_NOTE] >= 20
    assert by_channel[Channel.ROOM_VOTE] >= 6
    assert {response.session for response in given} == {"", "Macclesfield", "Chester", "Warrington"}
    assert {response.respondent for response in given} == {None, *Respondent}
    assert {response.consent for response in given} == set(Consent)
    assert {answer.opinion for response in given for answer in response.answers} == set(Opinion)
    assert {link.says for response in given for point in response.points for link in point.links} == {None, *Says}
    assert set(MEMBERS) < {response.district for response in given}
    outside = {response.district for response in given} - set(MEMBERS) - {""}
    assert len(outside) >= 5
    lengths = [len(words_of(response).split()) for response in given if words_of(response)]
    assert min(lengths) <= 4
    assert max(lengths) >= 600  # about two pages


def test_there_are_campaigns_duplicates_abuse_welsh_evidence_and_what_nobody_concluded() -> None:
    given = responses()
    assert Counter(response.campaign for response in given if response.campaign) == {
        "evening-bus": 14, "no-more-sheds": 9,
    }  # fmt: skip
    assert sum(bool(response.duplicate_of) for response in given) >= 5
    assert sum(bool(response.withheld) for response in given) >= 4
    assert sum(bool(response.files) for response in given) >= 8
    kinds = {item.kind for response in given for item in response.personal}
    assert kinds == {"name", "e-mail", "phone", "postcode", "NI number", "NHS number"}
    rare = {response.rare for response in given} - {""}
    assert len(rare) >= 8
    for response in given:
        abouts = {link.about for point in response.points for link in point.links}
        assert not response.rare or About.MISSING in abouts, response.id
        assert not response.withheld or About.NOT_EVIDENCE in abouts, response.id


def test_every_published_conclusion_is_spoken_of_and_many_are_challenged(shipped_base: Path) -> None:
    _, conclusions = read_all(shipped_base)
    said: dict[str, set[Says | None]] = {}
    for response in responses():
        for point in response.points:
            for link in point.links:
                said.setdefault(link.id, set()).add(link.says)
    published = {conclusion.id for conclusion in conclusions if conclusion.state is State.PUBLISHED}
    assert published - set(said) == set()
    assert sum(bool(said[conclusion] & CHALLENGES) for conclusion in published) >= 30
    assert sum(Says.SUPPORTS in said[conclusion] for conclusion in published) >= 40
    assert {"ai-and-data", "ageing-society", "clean-growth", "future-of-mobility"} <= set(said)


def test_those_in_welsh_are_flagged_and_no_others() -> None:
    common = re.compile(r"\b(?:mae|mae'r|nid|yn|ydy|rydym|gyfer)\b", re.I)
    for response in responses():
        welsh = len(common.findall(words_of(response)))
        assert (response.language == "cy") == (welsh >= 3), (response.id, welsh)
    assert sum(response.language == "cy" for response in responses()) >= 6


def test_all_that_they_are_linked_to_exists(shipped_base: Path) -> None:
    base, conclusions = read_all(shipped_base)
    there = {
        About.CONCLUSION: {conclusion.id for conclusion in conclusions},
        About.CHAPTER: {chapter.id for chapter in base.chapters},
        About.CHALLENGE: {challenge.id for challenge in base.challenges},
        About.INDICATOR: set(load().indicators),
        About.MISSING: {""},
        About.NOT_EVIDENCE: {""},
    }
    links = [link for response in responses() for point in response.points for link in point.links]
    links += [response.opened_on for response in responses() if response.opened_on]
    assert [link for link in links if link.id not in there[link.target.about]] == []
    published = {conclusion.id for conclusion in conclusions if conclusion.state is State.PUBLISHED}
    answered = {answer.conclusion for response in responses() for answer in response.answers}
    voted = {response.vote.conclusion for response in responses() if response.vote}
    assert (answered | voted) - published == set()
    areas = load().areas
    assert [response.district for response in responses() if response.district and response.district not in areas] == []


def test_every_response_is_marked_and_every_name_says_that_it_is_invented() -> None:
    for response in responses():
        assert response.demonstration is True
        assert re.search(r"\b(Demonstration|Example)\b", response.organisation or "Example")
        assert re.search(r"\b(Demonstration|Example)$", response.name or "Example")
        if response.mail:
            message = email.message_from_bytes(response.message, policy=email.policy.default)
            assert message["X-Demonstration"] == "invented for demonstration"
        for name in response.files:
            assert "invented" in name
            assert "invented for demonstration" in demonstration.file(name).decode()


def test_every_address_number_and_code_is_one_that_nobody_holds() -> None:
    for response in responses():
        text = everything(response)
        for domain in re.findall(r"[\w.+-]+@([\w.-]*\w)", text):
            assert re.fullmatch(EXAMPLE, domain.lower()), (response.id, domain)
        for address in re.findall(r"https?://([\w.-]*\w)", text):
            assert re.fullmatch(EXAMPLE, address.lower()), (response.id, address)
        for number in re.findall(r"(?<![\w£,.])(?:\+44 ?|0)(?:\d[ -]?){9}\d(?!\d)", text):
            digits = re.sub(r"^\+44", "0", number.replace(" ", "").replace("-", ""))
            assert re.fullmatch(DRAMA, digits), (response.id, number)
        for district in POSTCODE.findall(text):
            assert district in NO_SUCH_DISTRICTS, (response.id, district)
        for prefix in re.findall(r"\b([A-Z]{2}) ?\d\d ?\d\d ?\d\d ?[A-D]\b", text):
            assert prefix == "QQ", "HMRC gives nobody a number that begins with QQ"
        for number in re.findall(r"(?<![\d+])\d{3} \d{3} \d{4}\b", text):
            digits = number.replace(" ", "")
            assert digits.startswith("999"), "NHS numbers from 999 are kept for tests"
            check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
            assert int(digits[9]) == check % 11, (response.id, number)


def test_the_words_of_every_point_and_of_all_that_is_personal_are_in_what_was_said() -> None:
    for response in responses():
        text = words_of(response)
        for words in (*(point.words for point in response.points), *(item.words for item in response.personal)):
            span = demonstration.find(words, text)
            assert span is not None, (response.id, words)
            assert span.of(text).split() == words.split()
        assert all(point.links for point in response.points)


def test_every_link_says_something_but_of_what_is_missing_or_beside_the_point() -> None:
    silent = [link for response in responses() for point in response.points for link in point.links if not link.says]
    assert {link.about for link in silent} == {About.MISSING, About.NOT_EVIDENCE}


def test_what_came_how_is_where_it_belongs() -> None:
    for response in responses():
        by_web = response.channel is Channel.WEB
        assert bool(response.mail) == (response.channel is Channel.EMAIL)
        assert bool(response.text) == (response.channel in (Channel.ROOM_NOTE, Channel.PAPER))
        assert bool(response.vote) == (response.channel is Channel.ROOM_VOTE)
        assert bool(response.session) == (response.channel in (Channel.ROOM_NOTE, Channel.ROOM_VOTE))
        assert by_web == bool(any(response.questions) or response.answers)


def test_a_duplicate_says_what_its_original_says() -> None:
    by_id = {response.id: response for response in responses()}
    copies = [response for response in responses() if response.duplicate_of]
    for copy in copies:
        original = by_id[copy.duplicate_of]
        assert words_of(copy).split() == words_of(original).split()
        assert copy.received_at > original.received_at
