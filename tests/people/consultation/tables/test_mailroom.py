"""Mail and spreadsheets end in the tables: once, whole, with their originals on the disk, and by every way in."""

from __future__ import annotations

import os
import signal
import smtplib
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import TestCase, override_settings
from django.utils import timezone

from tests.cli.conftest import run
from tests.people.consultation.corpus import CASES, DOCX, OURS, PDF, SAID, file, ordinary, parts, plain, text
from tests.people.consultation.mail_server import dovecot, mailbox
from tests.people.consultation.test_attachments import made_docx
from tests.people.consultation.test_sheets import CITIZEN, as_csv
from wellfounded.people import jobs
from wellfounded.people.consultation import mailroom
from wellfounded.people.consultation.actions import files, importing, privacy
from wellfounded.people.consultation.mailroom import Mailroom
from wellfounded.people.consultation.models import Attachment, Contact, MailFolder, OpinionGiven, Original, Response
from wellfounded.people.consultation.preparing import splitting
from wellfounded.people.consultation.receipts import Receipt
from wellfounded.people.consultation.receiving.imap import MailboxUnreachable, Polled, Seen
from wellfounded.people.consultation.receiving.sheets import Row
from wellfounded.people.consultation.receiving.store import Store
from wellfounded.people.consultation.receiving.types import Arrival, Outcome
from wellfounded.people.consultation.rules import State
from wellfounded.people.models import Job

pytestmark = [pytest.mark.django_db]
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
SUBJECTS = ("LIS Evidence", "LIS Grand Challenges")


@pytest.fixture
def room(tmp_path: Path) -> Mailroom:
    return Mailroom(Store(tmp_path / "uploads"), frozenset({OURS}), SUBJECTS, Receipt("https://e.example", "Evidence"))


def came(how: str = "lmtp") -> Arrival:
    return Arrival(how, "delivered", NOW)


def test_every_awkward_message_is_recorded_once_with_its_original_on_the_disk(room):
    became = [room.deliver(case.raw, came()) for case in CASES]
    assert became.count(Outcome.KNOWN) + Original.objects.count() == len(CASES)
    for original in Original.objects.all():
        assert original.raw_hash in set(room.store.names())
    for attachment in Attachment.objects.all():
        assert room.store.path(attachment.hash).exists() != bool(attachment.refused)
    people = [original for original in Original.objects.all() if original.kind == "a person"]
    assert all(original.responses.exists() for original in people)
    assert not Response.objects.exclude(original__in=people).exists()
    assert [room.deliver(case.raw, came()) for case in CASES] == [Outcome.KNOWN] * len(CASES)
    assert {each.raw for each in CASES if not each.raw} == {b""}


def test_a_message_that_is_sent_again_leaves_nothing_more_on_the_disk(room):
    room.deliver(plain(SAID), came())
    before = list(room.store.names())
    assert room.deliver(b"Received: again\n" + plain(SAID), came()) is Outcome.KNOWN
    assert list(room.store.names()) == before


def test_a_receipt_goes_to_who_writes_now_and_to_nobody_for_a_letter_from_a_file(room):
    room.deliver(ordinary(1, SAID), came("file"))
    assert not Job.objects.filter(kind="mail").exists()
    room.deliver(ordinary(2, SAID), came())
    (mail,) = Job.objects.filter(kind="mail")
    assert mail.payload["to"] == "r2@people.example"


def test_a_message_from_a_file_is_of_the_day_that_it_bears_and_one_that_arrives_of_now(room):
    room.deliver(plain(SAID, "LIS Evidence"), came("file"))
    assert Response.objects.get().received_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
    room.deliver(plain(f"{SAID} Again.", "LIS Evidence"), came("lmtp"))
    assert Response.objects.latest("pk").received_at == NOW


def test_references_of_another_system_tell_rows_apart_however_long_they_are():
    rows = [Row(2, "r" * 199 + last, None, ("Said.", "", "")) for last in "ab"] + [Row(4, "", None, ("Said.", "", ""))]
    keys = {row.key for row in mailroom.uploaded(rows, system="s" * 60)}
    assert len(keys) == 3
    assert all(len(key) + len("upload ") <= 200 for key in keys)


def test_forms_of_the_same_words_and_no_name_are_each_received_once():
    rows = [Row(line, "", None, ("Yes, build more.", "", "")) for line in range(2, 42)]
    first = importing.take(mailroom.uploaded(rows[:30], system="paper"), file="paper.csv", by="a@b.example", now=NOW)
    again = importing.take(mailroom.uploaded(rows, system="paper"), file="paper.csv", by="a@b.example", now=NOW)
    assert (first.new, first.known, again.new, again.known) == (30, 0, 10, 30)
    assert Response.objects.count() == 40


def test_a_mailbox_with_more_than_one_look_takes_is_looked_into_again_after_what_waits(monkeypatch, small_base):
    looks = [Polled(Seen(1, 500), new=500, more=True), Polled(Seen(1, 900), new=400)]
    monkeypatch.setattr(mailroom, "look", lambda room, url: looks.pop(0))
    sent: list[str] = []

    def send(job: Job, say: object) -> None:
        sent.append(f"e-mail after {len(looks)}")

    does = mailroom.handlers(small_base) | {"mail": send}
    with override_settings(WELLFOUNDED_IMAP_URL="imaps://a:b@mail.example.org"):
        jobs.ask(mailroom.POLL, {})
        jobs.ask("mail", {})
        while jobs.work(does):
            pass
    assert (looks, sent) == ([], ["e-mail after 1"])


def test_what_answers_our_receipt_belongs_to_the_first_and_its_automatic_answer_ends_there(room):
    room.deliver(ordinary(1, SAID), came())
    first = Response.objects.get()
    receipt = Job.objects.get(kind="mail").payload["subject"]
    room.deliver(plain("One more thing.", f"Re: {receipt}", message_id="<7@people.example>"), came())
    assert Response.objects.get(text__startswith="One more").follows == first
    away = plain("Away.", f"Automatic reply: {receipt}", auto_submitted="auto-replied", message_id="<8@people.example>")
    room.deliver(away, came())
    assert Response.objects.count() == 2
    assert Original.objects.get(kind="an automatic reply").reason


def test_a_look_into_the_mailbox_keeps_how_far_it_has_read_and_what_failed(room, mailbox):
    mailbox.put(ordinary(1, "One."), ordinary(2, "Two."))
    polled = mailroom.look(room, mailbox.url(), now=lambda: NOW)
    folder = MailFolder.objects.get()
    assert (polled.new, folder.last, folder.again, folder.polled_at, folder.trouble) == (2, 2, [], NOW, "")
    assert "p%w" not in folder.name
    mailbox.put(ordinary(3, "Three."))
    assert mailroom.look(room, mailbox.url()).new == 1
    MailFolder.objects.update(last=0, numbering=1)
    assert mailroom.look(room, mailbox.url()).known == 3
    with pytest.raises(MailboxUnreachable):
        mailroom.look(room, mailbox.url().replace(f":{mailbox.port}/", ":1/"))
    assert MailFolder.objects.filter(trouble__contains="refused").count() == 1
    mailroom.look(room, mailbox.url())
    assert not MailFolder.objects.exclude(trouble="").exists(), "nobody looks there any more"


def test_a_worker_polls_the_mailbox_of_the_settings(mailbox, small_base, tmp_path):
    from wellfounded.web import working

    mailbox.put(ordinary(1, "One."))
    with override_settings(WELLFOUNDED_IMAP_URL=mailbox.url(), WELLFOUNDED_UPLOADS=tmp_path / "uploads"):
        job = jobs.ask(mailroom.POLL, {})
        assert jobs.work({mailroom.POLL: working.handlers(small_base)[mailroom.POLL]})
        job.refresh_from_db()
        assert job.result == {"new": 1, "known": 0}
        assert Response.objects.count() == 1
    with override_settings(WELLFOUNDED_IMAP_URL=mailbox.url().replace(f":{mailbox.port}/", ":1/")):
        job = jobs.ask(mailroom.POLL, {})
        assert jobs.work({mailroom.POLL: working.handlers(small_base)[mailroom.POLL]})
        job.refresh_from_db()
        assert "refused" in job.result["trouble"]
        assert job.done_at is not None


# --- files ----------------------------------------------------------------------------------------------------------


def test_the_words_of_a_file_become_a_passage_at_the_end_and_other_files_are_left_to_open(room):
    said = "The figure leaves out the self-employed."
    room.deliver(
        parts(
            "mixed",
            text(said),
            file("letter.docx", made_docx()),
            file("jobs.csv", b"a,b\n1,2\n", "text/csv"),
            file("broken.pdf", PDF),
        ),
        came(),
    )
    assert Job.objects.get(kind=files.READ).due_at == NOW + timedelta(minutes=1)
    before = Response.objects.get()
    assert files.read_files(room.store, now=NOW) == 3
    after = Response.objects.get()
    assert after.text.startswith(before.text)
    passage = after.passages[-1]
    assert (passage["kind"], passage["id"]) == ("file", "letter.docx")
    assert SAID.split()[0] in after.text[passage["start"] : passage["end"]]
    assert "".join(after.text[start:end] for _, start, end in after.segments) == after.text
    trouble = dict(Attachment.objects.values_list("name", "trouble"))
    assert trouble["letter.docx"] == ""
    assert "open it" in trouble["jobs.csv"]
    assert trouble["broken.pdf"]
    assert files.read_files(room.store, now=NOW) == 0


def test_a_file_that_is_no_longer_kept_says_so(room):
    room.deliver(parts("mixed", text(SAID), file("letter.docx", DOCX)), came())
    room.store.remove(Attachment.objects.get().hash)
    files.read_files(room.store, now=NOW)
    assert "is kept" in Attachment.objects.get().trouble


# --- commands -------------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path, monkeypatch, settings, small_base):
    """A folder of its own for people's data, and the base that is meant."""
    monkeypatch.setenv("WELLFOUNDED_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WELLFOUNDED_SECRET_KEY", settings.SECRET_KEY)
    settings.WELLFOUNDED_UPLOADS = tmp_path / "uploads"
    settings.WELLFOUNDED_IMAP_URL = ""
    toml = small_base / "base.toml"
    before, _, _ = toml.read_text().partition("[consultation]")
    toml.write_text(f"""{before}
[consultation]
address = "{OURS}"
subjects = ["LIS Evidence"]
questions = [
  "Does the evidence and our interpretation of it resonate with you?",
  "If not, why do you think we have got it wrong?",
  "What other local evidence should we consider?",
]
""")
    return small_base


def test_messages_are_imported_from_files_and_what_is_no_message_is_told(run, here, tmp_path):
    folder = tmp_path / "post"
    folder.mkdir()
    (folder / "one.eml").write_bytes(ordinary(1, "One."))
    (folder / "notes.txt").write_text("milk")
    checked = run("responses", "import", folder, "--check", "--base", here)
    assert (checked.out, Original.objects.count()) == ("1 a person\n", 0)
    ran = run("responses", "import", folder, "--base", here)
    assert (ran.code, ran.out) == (1, "1 new\n")
    assert "notes.txt: it is no message" in ran.err
    assert run("responses", "import", folder / "one.eml", "--base", here).out == "1 known already\n"
    assert Response.objects.get().channel == "e-mail"


def test_a_spreadsheet_is_proposed_checked_and_imported_and_a_second_time_changes_nothing(run, here, tmp_path):
    rows = [row[:9] + row[9:11] for row in CITIZEN]
    rows.append(["ANON-9", "soon", "", "", "", "A resident", "", "No", "Yes", "", ""])
    path = as_csv(tmp_path / "export.csv", rows)
    assert "--propose-mapping" in run("responses", "import", path, "--base", here).err
    proposed = run("responses", "import", path, "--propose-mapping", "--base", here).out
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(proposed.replace('= "?"', '= ""').replace("[districts]", "[districts]"))
    assert 'system = "Citizen Space"' in proposed
    asked = ["responses", "import", path, "--mapping", mapping, "--base", here, "--rejected", tmp_path / "rejected.csv"]
    checked = run(*asked, "--check")
    assert "2 rows would be taken" in checked.out
    assert Response.objects.count() == 0
    ran = run(*asked)
    assert (ran.code, ran.out) == (1, "export.csv: 2 new, 0 known already\n")
    assert "export.csv, row 4, Submitted Date: found 'soon', expected a date" in ran.err
    first = Response.objects.get(key="upload Citizen Space ANON-1A2B-3")
    assert (first.channel, first.respondent, first.organisation) == ("upload", "business", "Example Engines Ltd")
    assert first.state == State.UNREAD
    assert Contact.objects.get(response=first).email == "jane@firm.example"
    assert run(*asked).out == "export.csv: 0 new, 2 known already\n"
    mended = as_csv(
        tmp_path / "rejected.csv",
        [[cell.replace("soon", "2026-03-05") for cell in row] for row in _rows(tmp_path / "rejected.csv")],
    )
    assert (
        run("responses", "import", mended, "--mapping", mapping, "--base", here).out
        == "rejected.csv: 1 new, 0 known already\n"
    )
    assert not OpinionGiven.objects.exists()


def _rows(path: Path) -> list[list[str]]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def test_a_mapping_with_an_open_question_imports_nothing_and_names_its_line(run, here, tmp_path):
    path = as_csv(tmp_path / "a.csv", [["Ref", "Question 1", "Respondent type"], ["1", "Said", "Mystery"]])
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(run("responses", "import", path, "--propose-mapping", "--base", here).out)
    ran = run("responses", "import", path, "--mapping", mapping, "--base", here)
    assert ran.code == 2
    assert f"{mapping}:" in ran.err
    assert "nothing was imported" in ran.err
    assert Response.objects.count() == 0


def test_polling_from_the_command_line_says_what_came(run, here, mailbox, settings):
    assert "WELLFOUNDED_IMAP_URL is not set" in run("responses", "poll", "--base", here).err
    settings.WELLFOUNDED_IMAP_URL = mailbox.url()
    mailbox.put(ordinary(1, "One."), ordinary(2, "Two."))
    assert run("responses", "poll", "--base", here).out == "2 new, 0 known already\n"
    settings.WELLFOUNDED_IMAP_URL = mailbox.url().replace("p%25w", "wrong%25secret")
    ran = run("responses", "poll", "--base", here)
    assert ran.code == 2
    assert "secret" not in ran.err


def test_mail_that_was_answered_with_250_is_in_the_database_of_another_process(here, tmp_path):
    data = tmp_path / "data"
    environment = {**os.environ, "WELLFOUNDED_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    environment.pop("WELLFOUNDED_DATABASE", None)
    command = [sys.executable, "-m", "wellfounded.cli", "responses", "listen", "--port", "0", "--base", str(here)]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        told = running.stdout.readline()
        port = int(told.split(" at ")[1].split(" ")[0].rsplit(":", 1)[1])
        with smtplib.LMTP("127.0.0.1", port) as client:
            assert client.sendmail("r1@people.example", [OURS], ordinary(1, "One.").replace(b"\n", b"\r\n")) == {}
        running.kill()  # at once: what was acknowledged is kept all the same
    finally:
        running.send_signal(signal.SIGKILL)
        running.communicate()
    with sqlite3.connect(data / "people.sqlite3") as database:
        (found,) = database.execute("select raw_hash from consultation_original").fetchall()
    database.close()
    assert Store(data / "uploads").read(found[0]).endswith(b"One.\r\n")


__all__ = ["dovecot", "mailbox", "run", "timezone"]


def test_whoever_was_forwarded_is_erased_also_where_they_were_passed_on(room, settings):
    settings.WELLFOUNDED_UPLOADS = room.store.folder
    theirs = "The hours in Winsford are counted at the wrong plant."
    mine = "I pass this on, and I think that she is right about Winsford."
    body = (
        f"{mine}\n\n---------- Forwarded message ---------\nFrom: Ann Example <ann@example.com>\n"
        f"Date: Mon, 2 Mar 2026 at 09:00\nSubject: Hours\nTo: Ben Example <ben@example.com>\n\n{theirs}\n"
    )
    room.deliver(plain(body), came())
    outer, inner = Response.objects.order_by("voice")
    assert theirs in outer.text
    assert inner.text.strip() == theirs
    own = [(point.start, point.end) for point in outer.points.all()]
    raw = Original.objects.get().raw_hash
    with TestCase.captureOnCommitCallbacks(execute=True):
        privacy.erase(inner, by="respondent", now=NOW, why="")
    outer.refresh_from_db()
    assert mine in outer.text
    assert "[erased]" in outer.text
    assert not [word for word in (theirs, "Ann", "ann@example.com", "Winsford are") if word in outer.text]
    assert [(point.start, point.end) for point in outer.points.all()] == own
    assert raw not in set(room.store.names())


SAVED = "The hours in Winsford are counted at the wrong plant, and the night shift not at all."
FROM_HER = (
    "From: Ann Example <ann@example.com>\nSubject: Hours\nMessage-ID: <hers@example.com>\n"
    "Content-Type: text/plain; charset=utf-8\n\n" + SAVED + "\n"
)


@pytest.mark.parametrize(
    "attached",
    [
        "Content-Type: message/rfc822\n\n" + FROM_HER,
        "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=hours.eml\n\n" + FROM_HER,
        file("hours.eml", FROM_HER.encode()),
        file("hours.eml", FROM_HER.encode(), kind="application/octet-stream"),
    ],
)
def test_whoever_was_passed_on_as_an_attachment_is_erased_with_every_copy_of_it(room, settings, attached):
    settings.WELLFOUNDED_UPLOADS = room.store.folder
    copies = [file("saved.txt", SAVED.replace(", and", ",\nand").encode(), kind="text/plain"),
              file("mine.txt", b"My own figures of the plant are in here.", kind="text/plain")]  # fmt: skip
    room.deliver(parts("mixed", text("I pass this on, and she is right."), attached, *copies), came())
    files.read_files(room.store, now=NOW)
    splitting.split(now=NOW)
    outer, inner = Response.objects.order_by("voice")
    assert inner.text.strip() == SAVED
    assert {each.name for each in outer.attachments.all()} == {"saved.txt", "mine.txt"}
    own = [(point.start, point.end) for point in outer.points.all()]
    with TestCase.captureOnCommitCallbacks(execute=True):
        privacy.erase(inner, by="respondent", now=NOW, why="")
    outer.refresh_from_db()
    assert "she is right" in outer.text
    assert "My own figures" in outer.text
    assert [(point.start, point.end) for point in outer.points.all()] == own
    assert [each.name for each in outer.attachments.all()] == ["mine.txt"]
    assert "Winsford" not in str([list(rows.objects.values()) for rows in (Response, Original, Attachment)])
    left = [room.store.path(name).read_bytes() for name in room.store.names()]
    assert left == [b"My own figures of the plant are in here."]
