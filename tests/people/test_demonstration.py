"""The demonstration responses are many, of all kinds, marked as invented, and hold nobody's real details."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from html import unescape
from pathlib import Path

from wellfounded.conclusions.read import read_all
from wellfounded.conclusions.types import State
from wellfounded.evidence.catalogue import load
from wellfounded.people.consultation import demonstration
from wellfounded.people.consultation.demonstration import FOLDER, Demonstration, responses
from wellfounded.people.consultation.types import About, Channel

EXAMPLE = r"(?:[a-z0-9-]+\.)*example\.(?:com|org|net)"
DRAMA = (  # telephone numbers that Ofcom keeps for film and radio
    r"01632960\d{3}|07700900\d{3}|0114496\d{4}|0115496\d{4}|0116496\d{4}|0117496\d{4}|0118496\d{4}|0121496\d{4}"
    r"|0131496\d{4}|0141496\d{4}|0151496\d{4}|0161496\d{4}|0191498\d{4}|02079460\d{3}|03069990\d{3}|08081570\d{3}"
)
POSTCODE = re.compile(r"\b([A-Z]{1,2})\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b")
NO_POSTCODE_AREAS = {"QX", "XX", "ZZ"}  # the Royal Mail has none of these


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
        for area in POSTCODE.findall(text):
            assert area in NO_POSTCODE_AREAS, (response.id, area)
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
