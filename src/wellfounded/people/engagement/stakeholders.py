"""The register of stakeholders: whom to ask about what, by what right, who has been asked and who has answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from django.db.models import Count, Max, Q

from wellfounded.people import mail, record
from wellfounded.people.engagement import letters, links, rules
from wellfounded.people.engagement.claiming import one_transaction
from wellfounded.people.engagement.errors import EngagementError, NotPossible
from wellfounded.people.engagement.models import INVITATION, Invitation, Session, Stakeholder
from wellfounded.people.engagement.types import BASES, KINDS, SECTORS, SessionState, Site
from wellfounded.people.mail import Letter

AT_ONCE = 500
BOOKED, RESPONDED, DECLINED = "booked", "responded", "declined"


class NoSuchStakeholder(EngagementError):
    """There is nobody of that number in the register."""


class NoSuchInvitation(EngagementError):
    """The link belongs to no invitation."""


@dataclass(frozen=True)
class Entry:
    """What the register says of a stakeholder."""

    organisation: str
    kind: str  # of KINDS
    basis: str  # of BASES
    name: str = ""
    email: str = ""
    district: str = ""
    sectors: tuple[str, ...] = ()  # of SECTORS
    interests: tuple[str, ...] = ()  # ids of chapters and Grand Challenges
    basis_note: str = ""
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class Listed(Entry):
    """A line of the register, with what was asked of them and what they answered."""

    id: int
    opted_out_at: datetime | None
    asked: int
    answered: int
    last_asked_at: datetime | None
    demonstration: bool


@one_transaction
def save(entry: Entry, *, by: str, now: datetime, stakeholder_id: int | None = None) -> Stakeholder:
    """The stakeholder, new or changed. Raises NotPossible where something is not of the lists, or twice."""
    entry = _checked(entry)
    same = Stakeholder.objects.filter(email=entry.email).exclude(pk=stakeholder_id or 0)
    if entry.email and (there := same.first()) is not None:
        raise NotPossible(f"{there.organisation} is in the register with that e-mail address already")
    found = _with(Stakeholder(added_at=now) if stakeholder_id is None else _of(stakeholder_id), entry)
    found.save()
    record.done(by, "stakeholder.saved", about=f"stakeholder {found.pk}", organisation=entry.organisation)
    return found


@one_transaction
def put_all(entries: Iterable[Entry], *, by: str, now: datetime) -> int:
    """How many stakeholders are as a table says: those with its e-mail addresses brought up to date, others new.

    Raises NotPossible where something is not of the lists.
    """
    wanted = [_checked(entry) for entry in entries]
    there: dict[str, Stakeholder] = {}
    for at in range(0, len(wanted), AT_ONCE):
        addresses = [entry.email for entry in wanted[at : at + AT_ONCE] if entry.email]
        there |= {one.email: one for one in Stakeholder.objects.filter(email__in=addresses)}
    changed = [_with(there[entry.email], entry) for entry in wanted if entry.email in there]
    new = [_with(Stakeholder(added_at=now), entry) for entry in wanted if entry.email not in there]
    Stakeholder.objects.bulk_update(changed, [field.name for field in fields(Entry)], batch_size=AT_ONCE)
    saved = [*changed, *Stakeholder.objects.bulk_create(new, batch_size=AT_ONCE)]
    record.each(by, "stakeholder.saved", {f"stakeholder {one.pk}": {"organisation": one.organisation} for one in saved})
    return len(saved)


def _checked(entry: Entry) -> Entry:
    """The entry with its address as addresses are compared. Raises NotPossible where something is not of the lists."""
    for value, known, what in ((entry.kind, KINDS, "kind"), (entry.basis, BASES, "lawful basis")):
        if value not in known:
            raise NotPossible(f"There is no {what} {value!r}: expected {', '.join(known)}")
    if unknown := [sector for sector in entry.sectors if sector not in SECTORS]:
        raise NotPossible(f"There is no sector {unknown[0]!r}: expected {', '.join(SECTORS)}")
    return replace(entry, email=entry.email.strip().lower())


def _with(stakeholder: Stakeholder, entry: Entry) -> Stakeholder:
    """The stakeholder as the entry says, to be saved."""
    values = asdict(entry) | {"sectors": list(entry.sectors), "interests": list(entry.interests)}
    for name, value in values.items():
        setattr(stakeholder, name, value)
    return stakeholder


@one_transaction
def remove(stakeholder_id: int, *, by: str) -> None:
    """Nothing; the stakeholder and what they were asked are deleted."""
    found = _of(stakeholder_id)
    mail.forget({found.email} - {""})
    found.delete()
    record.done(by, "stakeholder.removed", about=f"stakeholder {stakeholder_id}")


def entry_of(stakeholder: Stakeholder) -> Entry:
    """What the register says of somebody."""
    return Entry(
        stakeholder.organisation, stakeholder.kind, stakeholder.basis, stakeholder.name, stakeholder.email,
        stakeholder.district, tuple(stakeholder.sectors), tuple(stakeholder.interests), stakeholder.basis_note,
        stakeholder.notes,
    )  # fmt: skip


def listed(*, kind: str = "", sector: str = "", interest: str = "", district: str = "") -> tuple[Listed, ...]:
    """The register, or the part of it that was asked for, by name of organisation."""
    found = Stakeholder.objects.annotate(
        asked=Count("invitations"), answered=Count("invitations", filter=Q(invitations__answered_at__isnull=False)),
        last_asked_at=Max("invitations__asked_at"),
    )  # fmt: skip
    if kind:
        found = found.filter(kind=kind)
    if district:
        found = found.filter(district=district)
    return tuple(
        Listed(
            **asdict(entry_of(s)), id=s.pk, opted_out_at=s.opted_out_at, asked=s.asked, answered=s.answered,
            last_asked_at=s.last_asked_at, demonstration=s.demonstration,
        )
        for s in found.order_by("organisation", "id")
        if (not sector or sector in s.sectors) and (not interest or interest in s.interests)
    )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One asking: of whom, about what, and what came of it."""

    id: int
    stakeholder_id: int
    organisation: str
    session_id: int | None
    about: str
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    answer: str
    demonstration: bool  # the session or the stakeholder is one


def asked(stakeholder_id: int | None = None, *, session_id: int | None = None) -> tuple[Asked, ...]:
    """Who was asked what and who has answered, the latest first."""
    found = Invitation.objects.select_related("stakeholder", "session").order_by("-asked_at", "-id")
    if session_id is not None:
        found = found.filter(session=session_id)
    if stakeholder_id is not None:
        found = found.filter(stakeholder=stakeholder_id)
    return tuple(
        Asked(
            i.pk, i.stakeholder_id, i.stakeholder.organisation, i.session_id, i.session.title if i.session else i.call,
            i.asked_at, i.asked_by, i.answered_at, i.answer,
            i.stakeholder.demonstration or bool(i.session and i.session.demonstration),
        )
        for i in found
    )  # fmt: skip


@one_transaction
def invite(session_id: int, stakeholder_ids: Collection[int], *, by: str, now: datetime, site: Site) -> int:
    """To how many a session was offered by e-mail; nobody is asked twice to the same, nor who has opted out.

    For a stakeholder of the demonstration it is noted, and nobody is written to.
    """
    session = Session.objects.filter(pk=session_id).first()
    if session is None or session.state != SessionState.OPEN or now >= session.starts_at:
        raise NotPossible("Open booking first: invitations lead to the form")
    there = set(Invitation.objects.filter(session=session).values_list("stakeholder_id", flat=True))
    said = f"We invite you to this session.\n\n{letters.about(session)}"
    return _ask(
        stakeholder_ids, subject=f"Invitation: {session.title}", said=said, by=by, now=now, site=site, there=there,
        answer=f"Book up to {rules.LARGEST_PARTY} places for your organisation, or tell us that you can't come:",
        session=session,
    )  # fmt: skip


@one_transaction
def call_for_evidence(
    stakeholder_ids: Collection[int], *, subject: str, text: str, by: str, now: datetime, site: Site
) -> int:
    """How many were asked for evidence by e-mail."""
    return _ask(
        stakeholder_ids,
        subject=subject,
        said=text.strip(),
        answer="Answer here:",
        by=by,
        now=now,
        site=site,
        there=set(),
    )


def _ask(
    stakeholder_ids: Collection[int], *, subject: str, said: str, answer: str, by: str, now: datetime, site: Site,
    there: set[int], session: Session | None = None,
) -> int:  # fmt: skip
    every = list(Stakeholder.objects.filter(pk__in=stakeholder_ids).order_by("organisation"))
    asked = [who for who in every if who.opted_out_at is None and who.email and who.pk not in there]
    made = Invitation.objects.bulk_create(
        [
            Invitation(
                stakeholder=who, session=session, call="" if session else subject[:200], key=key,
                token_hash=links.hash_of(INVITATION, key), asked_at=now, asked_by=by,
            )
            for who in asked
            for key in (links.new_key(),)
        ]
    )  # fmt: skip

    def letter(invitation: Invitation) -> Letter:
        who, link = invitation.stakeholder, site.to(f"/invitations/{invitation.token}")
        greeting = f"Dear {who.name},\n\n" if who.name else ""
        text = f"{greeting}{said}\n\n{answer}\n{link}\n\n{site.title}\n{site.contact}\n\n"
        text += f"To hear no more from us:\n{link}/stop\n"
        return Letter(who.email, subject, text, f"invitation {invitation.pk}", letters.one_click(f"{link}/stop"))

    real = [invitation for invitation in made if not invitation.stakeholder.demonstration]
    mail.ask_all(map(letter, real))
    about = f"session {session.pk}" if session else "call for evidence"
    left_out = len(every) - len(asked)
    record.done(by, "stakeholders.asked", about=about, asked=len(asked), left_out=left_out, subject=subject)
    return len(real)


def invitation(token: str) -> Invitation:
    """The invitation of a link, with its session and stakeholder. Raises NoSuchInvitation."""
    found = Invitation.objects.select_related("session", "stakeholder").filter(token_hash=links.hashed(token)).first()
    if found is None:
        raise NoSuchInvitation("This link belongs to no invitation")
    return found


@one_transaction
def answered(invitation_id: int, *, answer: str, now: datetime, by: str = "") -> None:
    """Nothing; an invitation was answered. The first answer stays, but for a booking, which counts more."""
    if answer not in (BOOKED, RESPONDED, DECLINED):
        raise NotPossible(f"There is no answer {answer!r}: expected booked, responded or declined")
    open_ = Invitation.objects.filter(pk=invitation_id)
    if answer != BOOKED:
        open_ = open_.filter(answered_at__isnull=True)
    if open_.update(answered_at=now, answer=answer) and by:
        record.done(by, "invitation.answered", about=f"invitation {invitation_id}", answer=answer)


@one_transaction
def opt_out(stakeholder_id: int, *, by: str, now: datetime) -> None:
    """Nothing; they hear no more from us. Doing it twice changes nothing."""
    if Stakeholder.objects.filter(pk=stakeholder_id, opted_out_at__isnull=True).update(opted_out_at=now):
        record.done(by or "the stakeholder", "stakeholder.opted-out", about=f"stakeholder {stakeholder_id}")


def _of(stakeholder_id: int) -> Stakeholder:
    found = Stakeholder.objects.filter(pk=stakeholder_id).first()
    if found is None:
        raise NoSuchStakeholder(f"There is no stakeholder {stakeholder_id}")
    return found


__all__ = [
    "BOOKED", "DECLINED", "RESPONDED", "Asked", "Entry", "Listed", "NoSuchInvitation", "NoSuchStakeholder", "answered",
    "asked", "call_for_evidence", "entry_of", "invitation", "invite", "listed", "opt_out", "put_all", "remove", "save",
]  # fmt: skip
