"""Mail taken from a mail server on this machine, by LMTP or SMTP. What is answered with 250 is kept on the disk."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from wellfounded.people.consultation.receiving.types import Arrival, Deliver

_log = logging.getLogger(__name__)
LARGEST = 60_000_000  # bytes of a message
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MOST_RECIPIENTS = 10


class NotThisMachine(ValueError):
    """It listens to this machine only."""


@dataclass
class Rates:
    """How many messages are taken in an hour, from one sender and from all; senders are told to try again later."""

    one: int = 60
    all: int = 6_000
    span: timedelta = timedelta(hours=1)
    _times: dict[str, deque[datetime]] = field(default_factory=dict)

    def allows(self, sender: str, *, now: datetime) -> bool:
        """Whether one more message from `sender` may be taken now; it counts if so."""
        if len(self._times) > 20_000:
            self._times = {who: times for who, times in self._times.items() if times and times[-1] > now - self.span}
        counted = [(f"<{sender.lower()}>", self.one), ("", self.all)]
        for who, most in counted:
            times = self._times.setdefault(who, deque())
            while times and times[0] <= now - self.span:
                times.popleft()
            if len(times) >= most:
                return False
        for who, _ in counted:
            self._times[who].append(now)
        return True


@dataclass
class _Handler:
    deliver: Deliver
    addresses: frozenset[str]
    now: Callable[[], datetime]
    rates: Rates
    each: bool  # LMTP answers once for each recipient
    keeping: ThreadPoolExecutor

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local, _, domain = address.lower().rpartition("@")
        if f"{local.split('+')[0]}@{domain}" not in self.addresses:
            return "550 5.1.1 no such address here"
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await self._kept(envelope)
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.each else answer

    async def _kept(self, envelope: Envelope) -> str:
        sender = envelope.mail_from or ""
        if not self.rates.allows(sender, now=self.now()):
            return "450 4.7.1 too many messages, try again later"
        content = envelope.content
        assert isinstance(content, bytes)
        arrival = Arrival(
            "lmtp" if self.each else "smtp", "delivered", self.now(), sender, tuple(envelope.rcpt_tos)
        )  # fmt: skip
        try:
            await asyncio.get_running_loop().run_in_executor(self.keeping, self.deliver, content, arrival)
        except Exception as error:  # whatever keeps it from being kept: the sender's server has to keep it for now
            _log.error(
                "a message could not be kept (%s); its sender's server was told to try again", type(error).__name__
            )
            return "451 4.3.0 it could not be kept, try again later"
        return "250 2.0.0 kept"


@contextmanager
def listening(
    deliver: Deliver,
    *,
    addresses: Collection[str],
    now: Callable[[], datetime],
    host: str = "127.0.0.1",
    port: int = 0,
    protocol: str = "lmtp",
    largest: int = LARGEST,
    rates: Rates | None = None,
) -> Iterator[int]:
    """The port at which mail to `addresses` is taken until the block ends. Raises NotThisMachine, and OSError."""
    if host not in _LOOPBACK:
        raise NotThisMachine(f"{host}: mail is taken from this machine only: expected 127.0.0.1, localhost or ::1")
    keeping = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")  # one at a time, in the order it came
    handler = _Handler(
        deliver, frozenset(address.lower() for address in addresses), now, rates or Rates(), protocol == "lmtp", keeping
    )
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # below that it logs who writes
    kind = LMTP if protocol == "lmtp" else SMTP
    loop = asyncio.new_event_loop()

    def session() -> SMTP:
        return kind(
            handler, data_size_limit=largest, enable_SMTPUTF8=True, hostname="localhost", ident="Wellfounded",
            timeout=120, command_call_limit={"*": 200, "RCPT": 200}, loop=loop,
        )  # fmt: skip

    thread = threading.Thread(target=loop.run_forever, name="mail", daemon=True)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(_server(loop, session, host, port), loop).result()
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            asyncio.run_coroutine_threadsafe(_closed(server), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        keeping.shutdown()


async def _server(loop: asyncio.AbstractEventLoop, session: Callable[[], SMTP], host: str, port: int) -> asyncio.Server:
    return await loop.create_server(session, host, port)


async def _closed(server: asyncio.Server) -> None:
    """Ends what is open; a message that is being kept is kept, and its sender hears nothing and sends it again."""
    server.close()
    mine = asyncio.current_task()
    others: list[asyncio.Task[Any]] = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)
