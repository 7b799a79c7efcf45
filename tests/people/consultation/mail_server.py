"""A real IMAP server for the tests of mail: Dovecot on a free port of this machine, with empty mailboxes."""

from __future__ import annotations

import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import skip_unless_ci

SECRET = "p%w:rd/1"  # what a password may hold


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def dovecot() -> Iterator[int]:
    """The port of a real IMAP server, in which every user has an empty mailbox and the same password."""
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None or os.geteuid() != 0:
        skip_unless_ci("no dovecot, or not root: on Debian, `apt-get install dovecot-imapd`")
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))  # pytest's own folders are closed to the server's users
    folder.chmod(0o755)
    port = free_port()
    mail = folder / "mail"
    mail.mkdir()
    shutil.chown(mail, "mail", "mail")
    (folder / "conf").write_text(
        f"""
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/log
mail_location = maildir:{mail}/%u
first_valid_uid = 1
default_login_user = dovenull
default_internal_user = dovecot
passdb {{
  driver = static
  args = password={{PLAIN}}{SECRET}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={mail}/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""".replace(SECRET, SECRET.replace("%", "%%"))
    )
    running = subprocess.Popen([program, "-c", str(folder / "conf"), "-F"])
    try:
        for _ in range(1200):  # a minute
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            pytest.fail((folder / "log").read_text())
        yield port
    finally:
        running.terminate()
        running.wait(timeout=60)
        shutil.rmtree(folder)


@dataclass
class Mailbox:
    """A user's mailbox on the server, filled and looked at with Python's own client."""

    port: int
    user: str

    def url(self, tail: str = "INBOX") -> str:
        return f"imap://{self.user}:p%25w%3Ard%2F1@127.0.0.1:{self.port}/{tail}"

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(self.user, SECRET)
        client.select("INBOX")
        return client

    def put(self, *messages: bytes) -> None:
        client = self.client()
        for raw in messages:
            assert client.append("INBOX", "", None, raw.replace(b"\n", b"\r\n"))[0] == "OK"
        client.logout()

    def flags(self) -> list[bool]:
        """Whether each message has been marked as read."""
        client = self.client()
        _, found = client.fetch("1:*", "(FLAGS)")
        client.logout()
        return [rb"\Seen" in flags for flags in found if isinstance(flags, bytes)]


@pytest.fixture
def mailbox(dovecot: int, request: pytest.FixtureRequest) -> Mailbox:
    return Mailbox(dovecot, f"u{abs(hash(request.node.name)) % 10**8}")
