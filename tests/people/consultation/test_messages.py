"""Awkward messages: read whole, never refused, never lost, and with what was odd about them said."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.people.consultation.corpus import CASES, CSV, OURS, SAID, SUBJECTS, file, headers, parts, plain, text
from wellfounded.people.consultation.receiving.message import read_message
from wellfounded.people.consultation.receiving.routing import route
from wellfounded.people.consultation.receiving.segments import said

BY_NAME = {case.name: case for case in CASES}


def test_the_corpus_has_at_least_sixty_messages_each_with_a_name_of_its_own():
    assert len(BY_NAME) == len(CASES) >= 60


@pytest.mark.parametrize("name", BY_NAME)
def test_a_message_comes_out_as_it_should(name):
    case = BY_NAME[name]
    message = read_message(case.raw, own={OURS})
    found = {
        "said": said(message.voice.text, message.voice.segments).strip(),
        "sender": message.sender.address,
        "kind": message.kind,
        "route": route(message.subject, SUBJECTS).subject,
        "forwards": tuple((each.author.address, said(each.text, each.segments).strip()) for each in message.voices[1:]),
        "files": tuple((each.name, "refused" if each.refused else each.kind) for each in message.voice.files),
        "troubles": {trouble.code for trouble in message.troubles},
        "signed": message.signed,
    }  # fmt: skip
    if name == "bytes of no meaning":
        assert found.pop("said")
        case_said = {}
    else:
        case_said = {"said": case.said}
    assert found == {
        **case_said, "sender": case.sender, "kind": case.kind, "route": case.route, "forwards": case.forwards,
        "files": case.files, "troubles": set(case.troubles), "signed": case.signed,
    }  # fmt: skip
    assert bool(message.reason) == (message.kind != "a person")
    for voice in message.voices:
        covers(voice.text, voice.segments)


def covers(whole, segments):
    assert "".join(whole[segment.start : segment.end] for segment in segments) == whole
    assert all(segment.start < segment.end for segment in segments)


def test_no_message_is_changed_by_how_it_travels():
    changed = []
    for case in CASES:
        if case.raw.startswith((b"From: ", b"Received: ")):
            hop = b"Received: from mx.example by place.example; Tue, 03 Mar 2026 10:00:02 +0000\nDKIM-Signature: v=1\n"
            one, other = read_message(case.raw), read_message(hop + case.raw)
            assert one.raw_hash != other.raw_hash
            changed += [case.name] if one.content_hash != other.content_hash else []
    assert changed == []


def test_line_ends_and_transfer_encoding_change_nothing_that_a_message_says():
    raw = plain(f"{SAID}\nIt costs £5.\nFrom here on it is wrong.\n")
    encoded = (
        plain("").replace(b"8bit", b"quoted-printable")
        + SAID.encode()
        + b"\nIt costs =C2=A35.\n>From here on it is wrong.  \n\n"
    )
    windows = raw.replace(b"\n", b"\r\n")
    assert len({read_message(each).content_hash for each in (raw, encoded, windows)}) == 1


@pytest.mark.parametrize(
    "other",
    [
        plain(f"{SAID} Not.\n"), plain(SAID, "LIS Grand Challenges"), plain(SAID, sender="bob@shop.example"),
        plain(SAID, date="Tue, 03 Mar 2026 10:00:01 +0000"), parts("mixed", text(SAID), file("c.csv", CSV)),
    ],
)  # fmt: skip
def test_whoever_says_something_else_is_told_apart_also_under_the_same_message_id(other):
    one, another = read_message(plain(SAID)), read_message(other)
    assert one.message_id == another.message_id
    assert one.content_hash != another.content_hash


def test_a_thread_is_joined_by_what_is_answered_and_never_by_the_subject():
    first = read_message(plain(SAID))
    same_subject = read_message(plain("Other words.", message_id="<9@shop.example>", sender="bob@shop.example"))
    assert same_subject.references == ()
    assert same_subject.token == ""
    reply = read_message(
        plain(
            "More.",
            "RE: LIS Evidence [ref ABCD-2345]",
            references="<0@x.example> <1@firm.example>",
            in_reply_to="<1@firm.example>",
        )
    )
    assert reply.references == (first.message_id, "0@x.example")
    assert reply.token == "ABCD-2345"


def test_what_is_passed_on_keeps_when_it_was_written():
    forward = read_message(BY_NAME["passed on in Gmail"].raw).voices[1]
    assert forward.written_at is not None
    assert forward.written_at.isoformat() == "2026-03-02T08:00:00+00:00"
    assert forward.within is not None
    attached = read_message(BY_NAME["passed on as an attachment"].raw).voices[1]
    assert (attached.within, attached.path, attached.subject) == (None, "1.1", "premises")


def test_a_message_of_fifty_megabytes_is_read():
    content = bytes(38_000_000)
    message = read_message(parts("mixed", text(SAID), file("big.csv", content)))
    assert message.size > 50_000_000
    assert message.voice.text == SAID
    assert "20 MB" in message.voice.files[0].refused


def test_a_text_beyond_what_is_shown_is_cut_and_says_so():
    message = read_message(plain("word " * 300_000))
    assert len(message.voice.text) <= 1_000_000
    assert [trouble.code for trouble in message.troubles] == ["long-text"]


@given(st.binary(max_size=400))
@example(b"Content-Type: multipart/mixed; boundary=\xff\n\n--\xff\n")
@example(b"Content-Type: text/plain; charset*=x''%ff\n\n\xff")
@example(b"Content-Disposition: attachment; filename*=nonsense''%ff%00\n\nx")
@example(b"Date: Mon, 99 Foo 99999 99:99:99 +9999\nFrom: =?x?b?/?=\n\n")
def test_no_bytes_are_refused(tail):
    for raw in (tail, headers().encode() + tail, plain("") + tail, parts("mixed", tail), b"Content-Type: " + tail):
        message = read_message(raw, own={OURS})
        assert all(trouble.code != "unreadable" for trouble in message.troubles)
        assert "\x00" not in message.subject + message.voice.text
        for voice in message.voices:
            covers(voice.text, voice.segments)


HEAD = headers()
HOSTILE = {
    "brackets in the sender": "From: " + "(" * 500_000 + "\n\nx",
    "commas among the receivers": HEAD + "Cc: " + "," * 500_000 + "\n\nx",
    "headers without end": HEAD + "X-A: b\n" * 50_000 + "\nx",
    "a header folded without end": HEAD + "X: a\n" + " a\n" * 100_000 + "\nx",
    "encoded words without end": headers("=?utf-8?q?a?= " * 50_000) + "\nx",
    "references without end": HEAD + "References: " + "<a@b> " * 100_000 + "\n\nx",
    "parameters without end": HEAD + "Content-Type: text/plain; " + "a=b; " * 200_000 + "\n\nx",
    "quotes in a parameter": HEAD + "Content-Type: text/plain; a=" + '"\\' * 200_000 + "\n\nx",
    "many short lines in many parts": HEAD
    + "Content-Type: multipart/mixed; boundary=x\n\n"
    + ("--x\n\n" + "a\n" * 800) * 60,
    "messages in messages": HEAD + "Content-Type: message/rfc822\n\n" * 3_000 + "x",
    "headers that introduce nothing": HEAD + "\n" + ("From: a\nTo: b@c; d\n" + "e@f;\n" * 50) * 400,
    "passed on without end": HEAD
    + "\n"
    + "---------- Forwarded message ---------\nFrom: a@b.example\n\nhello\n" * 3_000,
    "introductions without end": HEAD + "\n" + "On 1 Jan Ann <a@b.example> wrote:\n" * 30_000,
    "elements without end": HEAD + "Content-Type: text/html\n\n" + "<blockquote><td>a" * 50_000,
    "a blank style": HEAD + "Content-Type: text/html\n\n<p style='" + "display " * 100_000 + "'>x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_meant_to_exhaust_a_reader_is_read(name):
    message = read_message(HOSTILE[name].encode(), own={OURS})
    assert all(trouble.code != "unreadable" for trouble in message.troubles)
    assert len(message.voices) <= 200
    for voice in message.voices:
        covers(voice.text, voice.segments)


LINES = st.sampled_from(
    ["", " ", "> quoted", ">> deeper", "Dear all,", "Kind regards", "-- ", "--", "Jane", "On 3 March 2026 Bob wrote:",
     "wrote:",
     "From: Bob <b@x.example>", "Sent: 3 March 2026", "To: Jane", "Subject: LIS",
     "---------- Forwarded message ---------",
     "Sent from my iPhone", "This email is confidential.", "The figure is wrong because the survey is old.", "PS more",
     "_" * 32,
     "Begin forwarded message:", "-----BEGIN PGP SIGNED MESSAGE-----", "Annwyl bawb", "Cofion"]
)  # fmt: skip


@given(st.lists(LINES, max_size=25).map("\n".join), st.booleans())
def test_segments_cover_any_text_in_order(whole, forwarded):
    from wellfounded.people.consultation.receiving.segments import segments

    covers(whole, segments(whole, forwarded=forwarded))


SENTENCE = "The figure is wrong because the survey that it came from is old."


@given(st.lists(LINES, max_size=8), st.lists(LINES, max_size=3))
def test_a_sentence_is_never_taken_for_a_signature(above, below):
    from wellfounded.people.consultation.receiving.segments import segments
    from wellfounded.people.consultation.types import Part

    whole = "\n".join([*above, "", SENTENCE, "", *below])
    start = whole.index(SENTENCE)
    (holds,) = [part for part in segments(whole) if part.start <= start < part.end]
    assert holds.part not in (Part.SIGNATURE, Part.GREETING, Part.DISCLAIMER)
