"""Mail by IMAP from a real Dovecot, by LMTP and SMTP on loopback, and from files: kept once, or tried again."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.people.consultation.corpus import CASES, OURS, ordinary, plain
from tests.people.consultation.mail_server import SECRET, dovecot, free_port, mailbox
from wellfounded.people.consultation.receiving.imap import MailboxUnreachable, Seen, WrongMailbox, mailplace, poll
from wellfounded.people.consultation.receiving.lmtp import NotThisMachine, Rates, listening
from wellfounded.people.consultation.receiving.mbox import NoMailThere, each
from wellfounded.people.consultation.receiving.message import read_message
from wellfounded.people.consultation.receiving.store import Store
from wellfounded.people.consultation.receiving.types import Arrival, Outcome

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@dataclass
class Kept:
    """Keeps what is delivered as the product does, known again by its content; fails where told to."""

    store: Store
    fails: set[bytes] = field(default_factory=set)
    arrivals: list[Arrival] = field(default_factory=list)
    contents: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def __call__(self, raw: bytes, arrival: Arrival) -> Outcome:
        if raw.replace(b"\r\n", b"\n") in self.fails:
            raise OSError("the disk is full")
        self.store.keep(raw)
        self.arrivals.append(arrival)
        message = read_message(raw, own={OURS})
        if message.content_hash in self.contents:
            return Outcome.KNOWN
        changed = message.message_id in self.ids
        self.contents.add(message.content_hash)
        self.ids.add(message.message_id)
        return Outcome.CHANGED if changed else Outcome.NEW

    def originals(self) -> list[bytes]:
        return sorted(self.store.read(name).replace(b"\r\n", b"\n") for name in self.store.names())


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(Store(tmp_path / "uploads"))


MESSAGES = [ordinary(number, f"Point {number}.") for number in range(3)]


def test_a_mailbox_is_read_once_and_only_what_is_new_after_that(mailbox, kept):
    mailbox.put(*MESSAGES)
    place = mailplace(mailbox.url())
    first = poll(place, kept, seen=Seen(), now=clock)
    assert (first.new, first.known, first.failed, first.seen.last) == (3, 0, (), 3)
    assert kept.originals() == sorted(MESSAGES)
    assert mailbox.flags() == [True] * 3
    again = poll(place, kept, seen=first.seen, now=clock)
    assert (again.new, again.known) == (0, 0)
    mailbox.put(ordinary(9, "Late."), MESSAGES[0])
    later = poll(place, kept, seen=again.seen, now=clock)
    assert (later.new, later.known, later.seen.last) == (1, 1, 5)
    assert kept.arrivals[0].how == "imap"
    assert SECRET not in kept.arrivals[0].source + repr(place) + str(place)


def test_reading_a_mailbox_anew_brings_nothing_twice(mailbox, kept):
    mailbox.put(*MESSAGES)
    poll(mailplace(mailbox.url()), kept, seen=Seen(), now=clock)
    # As when the server has numbered everything anew, or our own note of how far we were is lost.
    anew = poll(mailplace(mailbox.url()), kept, seen=Seen(numbering=1, last=99), now=clock)
    assert (anew.new, anew.known) == (0, 3)
    assert len(kept.originals()) == 3


def test_a_message_that_can_not_be_kept_is_tried_again_and_stays_unread(mailbox, kept):
    mailbox.put(*MESSAGES)
    kept.fails = {MESSAGES[1]}
    polled = poll(mailplace(mailbox.url()), kept, seen=Seen(), now=clock)
    assert (polled.new, polled.seen.last, polled.seen.again) == (2, 3, (2,))
    assert "tried again" in polled.failed[0]
    assert mailbox.flags() == [True, False, True]
    kept.fails = set()
    polled = poll(mailplace(mailbox.url()), kept, seen=polled.seen, now=clock)
    assert (polled.new, polled.seen.again, polled.failed) == (1, (), ())
    assert kept.originals() == sorted(MESSAGES)


def test_what_can_never_be_kept_keeps_back_nothing_that_comes(mailbox, kept):
    never = [ordinary(number, "x") for number in range(6)]
    mailbox.put(*never)
    kept.fails = set(never)
    seen = poll(mailplace(mailbox.url()), kept, seen=Seen(), now=clock).seen
    for number in range(10, 13):
        mailbox.put(ordinary(number, "New."))
        polled = poll(mailplace(mailbox.url()), kept, seen=seen, now=clock)
        assert polled.new == 1
        seen = polled.seen


def test_when_nothing_can_be_kept_the_rest_is_left_for_later(mailbox, kept):
    many = [ordinary(number, "x") for number in range(8)]
    mailbox.put(*many)
    kept.fails = set(many)
    polled = poll(mailplace(mailbox.url()), kept, seen=Seen(), now=clock)
    assert len(polled.failed) == 5
    assert polled.seen.last == 5
    kept.fails = set()
    assert poll(mailplace(mailbox.url()), kept, seen=polled.seen, now=clock).new == 8


def test_messages_can_be_moved_once_they_are_kept(mailbox, kept):
    mailbox.put(*MESSAGES)
    polled = poll(mailplace(mailbox.url("INBOX?move=Kept")), kept, seen=Seen(), now=clock)
    assert polled.new == 3
    client = mailbox.client()
    assert client.select("INBOX")[1] == [b"0"]
    assert client.select("Kept")[1] == [b"3"]
    client.logout()


def test_so_many_are_fetched_at_once_and_the_others_next(mailbox, kept):
    mailbox.put(*MESSAGES)
    polled = poll(mailplace(mailbox.url()), kept, seen=Seen(), now=clock, most=2)
    assert (polled.new, polled.more) == (2, True)
    polled = poll(mailplace(mailbox.url()), kept, seen=polled.seen, now=clock, most=2)
    assert (polled.new, polled.more) == (1, False)


def test_every_awkward_message_comes_through_the_server(mailbox, kept):
    raws = [case.raw for case in CASES if case.raw.startswith(b"From: ") and b"\x00" not in case.raw]
    mailbox.put(*raws)
    polled = poll(mailplace(mailbox.url()), kept, seen=Seen(), now=clock)
    assert polled.failed == ()
    assert polled.new + polled.known + polled.changed == len(raws)
    assert kept.originals() == sorted(set(raws))


def test_a_wrong_password_is_told_without_the_password(mailbox, kept):
    url = mailbox.url().replace("p%25w", "wrong%25secret")
    with pytest.raises(MailboxUnreachable) as told:
        poll(mailplace(url), kept, seen=Seen(), now=clock)
    assert mailbox.user in str(told.value)
    assert "neither this user nor this password" in str(told.value)
    assert "wrong%secret" not in str(told.value)


def test_a_server_that_is_not_there_is_told(kept):
    with pytest.raises(MailboxUnreachable, match="refused"):
        poll(mailplace(f"imap://u:secret1@127.0.0.1:{free_port()}/INBOX"), kept, seen=Seen(), now=clock)


@pytest.mark.parametrize(
    "url",
    ["", "imaps://mail.example/INBOX", "imaps://u@mail.example", "https://u:secret1@mail.example", "imap://u:secret1@mail.example/INBOX",
     "imaps://u:secret1@[/INBOX", "imaps://u:secret1@h:x/INBOX"],
)  # fmt: skip
def test_the_address_of_a_mailbox_is_checked_and_never_repeated(url):
    with pytest.raises(WrongMailbox) as told:
        mailplace(url)
    assert "secret1" not in str(told.value)


# --- delivery --------------------------------------------------------------------------------


def deliver(
    port: int, raw: bytes, *to: str, sender: str = "jane@firm.example", kind: type[smtplib.SMTP] = smtplib.LMTP
) -> dict:
    with kind("127.0.0.1", port) as client:
        return client.sendmail(sender, to or (OURS,), raw.replace(b"\n", b"\r\n"))


def test_what_a_mail_server_delivers_is_kept_as_it_came(kept):
    with listening(kept, addresses={OURS}, now=clock) as port:
        for raw in MESSAGES:
            assert deliver(port, raw) == {}
        assert kept.originals() == sorted(MESSAGES)
    assert kept.arrivals[0].envelope_from == "jane@firm.example"
    assert kept.arrivals[0].how == "lmtp"


def test_smtp_is_taken_as_well(kept):
    with listening(kept, addresses={OURS}, now=clock, protocol="smtp") as port:
        assert deliver(port, MESSAGES[0], kind=smtplib.SMTP) == {}
    assert kept.originals() == MESSAGES[:1]


def test_lines_that_begin_with_a_dot_and_bytes_beyond_ascii_come_through(kept):
    raw = plain("..hidden\n.\nIt costs £5.\n")
    with listening(kept, addresses={OURS}, now=clock) as port:
        deliver(port, raw)
    assert kept.originals() == [raw]


def test_only_our_address_is_taken_in_any_case_and_with_a_tag(kept):
    with listening(kept, addresses={OURS}, now=clock) as port:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            deliver(port, MESSAGES[0], "somebody@else.example")
        assert deliver(port, MESSAGES[0], OURS.upper()) == {}
        refused = deliver(port, MESSAGES[1], OURS.replace("@", "+lis@"), "somebody@else.example")
        assert [code for code, _ in refused.values()] == [550]
    assert kept.originals() == sorted(MESSAGES[:2])


def test_what_can_not_be_kept_is_not_acknowledged(kept):
    kept.fails = {MESSAGES[0]}
    with listening(kept, addresses={OURS}, now=clock) as port:
        with pytest.raises(smtplib.SMTPResponseException) as told:
            deliver(port, MESSAGES[0])
        assert told.value.smtp_code == 451
        kept.fails = set()
        assert deliver(port, MESSAGES[0]) == {}


def test_a_message_beyond_the_largest_is_refused(kept):
    with (
        listening(kept, addresses={OURS}, now=clock, largest=5_000) as port,
        pytest.raises(smtplib.SMTPException, match="552"),
    ):
        deliver(port, plain("word " * 2_000))
    assert kept.originals() == []


def test_a_flood_from_one_sender_has_to_wait_and_others_do_not(kept):
    with listening(kept, addresses={OURS}, now=clock, rates=Rates(one=2)) as port:
        for raw in MESSAGES[:2]:
            deliver(port, raw)
        with pytest.raises(smtplib.SMTPResponseException) as told:
            deliver(port, MESSAGES[2])
        assert told.value.smtp_code == 450
        assert deliver(port, MESSAGES[2], sender="bob@shop.example") == {}


def test_a_rate_counts_an_hour_and_forgets_it():
    rates = Rates(one=2, all=3)
    assert [rates.allows(who, now=NOW) for who in "AaABB"] == [True, True, False, True, False]
    assert rates.allows("a", now=NOW + timedelta(hours=1))


def test_mail_is_taken_from_this_machine_only(kept):
    with pytest.raises(NotThisMachine), listening(kept, addresses={OURS}, now=clock, host="0.0.0.0"):
        pass


# --- files --------------------------------------------------------------------------------


def test_a_mailbox_of_messages_is_split_where_they_begin(tmp_path):
    tricky = plain("One.\nFrom here on it is wrong.\n\nFrom the start, too.\n\n>From a quote\n")
    path = tmp_path / "all.mbox"
    escaped = tricky.replace(b"\n>From", b"\n>>From").replace(b"\nFrom here", b"\n>From here")
    path.write_bytes(
        b"From jane@firm.example Tue Mar  3 10:00:00 2026\n"
        + escaped
        + b"\nFrom bob@shop.example Tue Mar  3 10:01:00 2026\n"
        + MESSAGES[1]
        + b"\n"
    )
    first, second = each(path)
    assert first.raw == tricky
    assert second.raw == MESSAGES[1]
    assert (first.source, second.source) == ("all.mbox 1", "all.mbox 2")


def test_a_folder_gives_its_messages_and_says_which_files_are_none(tmp_path):
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1700000000.M1P1.host:2,S").write_bytes(MESSAGES[0])
    (tmp_path / "letter.eml").write_bytes(MESSAGES[1].replace(b"\n", b"\r\n"))
    (tmp_path / "broken.eml").write_bytes(b"\xff\xfe")
    (tmp_path / "notes.txt").write_text("From me: buy milk\n")
    (tmp_path / "outside").symlink_to("/etc/hostname")
    found = {each.source: each for each in each(tmp_path)}
    assert {name: bool(each.refused) for name, each in found.items()} == {
        "broken.eml": False, "cur/1700000000.M1P1.host:2,S": False, "letter.eml": False, "notes.txt": True,
    }  # fmt: skip
    assert "no message" in found["notes.txt"].refused


@pytest.mark.parametrize("name", ["nothing", "missing.eml"])
def test_where_there_is_no_mail_it_says_what_was_expected(tmp_path, name):
    (tmp_path / "nothing").mkdir()
    with pytest.raises(NoMailThere, match="expected"):
        list(each(tmp_path / name))


__all__ = ["dovecot", "mailbox"]
