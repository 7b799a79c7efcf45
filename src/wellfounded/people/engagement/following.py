"""“Tell me when”: people who want to hear of new sessions or editions, once they have confirmed their address."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from wellfounded.people import limits, mail
from wellfounded.people.engagement import letters, links
from wellfounded.people.engagement.claiming import one_transaction
from wellfounded.people.engagement.errors import EngagementError
from wellfounded.people.engagement.models import FOLLOWER, Follower, Session
from wellfounded.people.engagement.types import Site
from wellfounded.people.mail import Letter

EVERYWHERE = "all"
UNCONFIRMED_KEPT = timedelta(days=7)
MOST_AN_HOUR = 10  # of one network


class NoSuchFollower(EngagementError):
    """The link belongs to nobody who follows: they have stopped, or never confirmed."""


class NothingWanted(EngagementError):
    """Neither sessions nor editions were chosen."""


@one_transaction
def follow(
    email: str, *, districts: Collection[str] = (), editions: bool = False, network: str, site: Site, now: datetime
) -> None:
    """Nothing; sends a link that starts it, whoever it is: nobody learns here who follows already."""
    if not districts and not editions:
        raise NothingWanted("Choose new sessions, new editions, or both")
    limits.count("follow", network, most=MOST_AN_HOUR, per=timedelta(hours=1), now=now)
    hashed = links.person(email)
    key = links.new_key()
    follower, _ = Follower.objects.get_or_create(
        email_hash=hashed,
        defaults={"email": email.strip(), "key": key, "token_hash": links.hash_of(FOLLOWER, key), "asked_at": now},
    )
    follower.wanted = _both(follower.wanted, {"districts": list(districts), "editions": editions})
    follower.asked_at = now
    if follower.confirmed_at is None:
        follower.email = email.strip()  # of two that are one mailbox, the one that was typed in last
    follower.save(update_fields=["email", "wanted", "asked_at"])
    what = " and ".join(
        part
        for part in ("new sessions" if districts else "", "new editions of the evidence" if editions else "")
        if part
    )
    text = (
        f"You asked to be told of {what}. Open this link and press the button to start:\n\n"
        f"{site.to(f'/follow/{follower.token}')}\n\nIf you did not ask for this, do nothing: you will hear no more.\n\n"
        f"{site.title}\n"
    )
    key = f"follow {follower.pk} {int(now.timestamp() // 600)}"
    mail.ask(follower.email, f"Please confirm: {what}", text, key=key)


def of(token: str) -> Follower:
    """Whose link it is. Raises NoSuchFollower."""
    found = Follower.objects.filter(token_hash=links.hashed(token)).first()
    if found is None:
        raise NoSuchFollower("This link is over: nothing is sent to you")
    return found


def _both(had: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody follows who asks for more: a link in each e-mail ends all of it."""
    return {
        "districts": sorted({*had.get("districts", ()), *wanted["districts"]}),
        "editions": had.get("editions", False) or wanted["editions"],
    }


@one_transaction
def confirm(token: str, *, edition: int, now: datetime) -> Follower:
    """Who follows now what they asked for, and what they followed before.

    `edition` is the latest, of which they are not told any more.
    """
    follower = of(token)
    if follower.wanted:
        has = {"districts": follower.districts, "editions": follower.editions}
        wanted = _both(has, follower.wanted)
        follower.districts, follower.editions, follower.wanted = wanted["districts"], wanted["editions"], {}
    follower.confirmed_at = follower.confirmed_at or now
    follower.told_edition = max(follower.told_edition, edition)
    follower.save()
    return follower


@one_transaction
def stop(token: str) -> bool:
    """Whether anybody followed under that link: they and their address are deleted."""
    return bool(Follower.objects.filter(token_hash=links.hashed(token)).delete()[0])


def tell_of_session(session: Session, *, site: Site) -> int:
    """How many followers are told that a session can be booked."""
    confirmed = Follower.objects.filter(confirmed_at__isnull=False, demonstration=False)
    told = [one for one in confirmed if {EVERYWHERE, session.district} & set(one.districts)]
    said = f"{letters.about(session)}\n\nPlaces are free and limited. Book here:\n{site.to(f'/sessions/{session.pk}')}"
    _send(told, f"A new session: {session.title}", said, key=f"session {session.pk}", site=site)
    return len(told)


@one_transaction
def tell_of_edition(number: int, *, site: Site) -> int:
    """How many followers are told of an edition; each hears of it once."""
    told = list(
        Follower.objects.filter(confirmed_at__isnull=False, editions=True, told_edition__lt=number, demonstration=False)
    )
    said = f"Edition {number} of the evidence is published:\n{site.to(f'/editions/{number}')}"
    if number > 1:
        said += f"\n\nWhat changed since the one before:\n{site.to(f'/editions/{number}/changes')}"
    _send(told, f"Edition {number}: {site.title}", said, key=f"edition {number}", site=site)
    Follower.objects.filter(pk__in=[follower.pk for follower in told]).update(told_edition=number)
    return len(told)


def _send(followers: Iterable[Follower], subject: str, said: str, *, key: str, site: Site) -> None:
    """Asks for e-mails that can be stopped in one click, by the program that shows them too (RFC 8058)."""

    def letter(follower: Follower) -> Letter:
        stop_here = site.to(f"/follow/{follower.token}/stop")
        text = f"{said}\n\n{site.title}\n\nYou asked us to tell you. To hear no more:\n{stop_here}\n"
        return Letter(follower.email, subject, text, f"follower {follower.pk} {key}", letters.one_click(stop_here))

    mail.ask_all(map(letter, followers))


def forget(*, now: datetime) -> int:
    """How many were deleted who asked and never confirmed."""
    old = Follower.objects.filter(confirmed_at__isnull=True, asked_at__lt=now - UNCONFIRMED_KEPT, demonstration=False)
    return old.delete()[0]


__all__ = [
    "EVERYWHERE", "NoSuchFollower", "NothingWanted", "confirm", "follow", "forget", "of", "stop", "tell_of_edition",
    "tell_of_session",
]  # fmt: skip
