"""Who answered, counted as organisations and people and not as messages; and what they said, theme by theme."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from wellfounded.people.consultation.models import OpinionGiven, Personal, Response, ThemePoint, Understood
from wellfounded.people.consultation.queries import themes
from wellfounded.people.consultation.queries.answers import Voice
from wellfounded.people.consultation.redacting import approved
from wellfounded.people.consultation.rules import READABLE
from wellfounded.people.consultation.types import Channel, Consent, Span
from wellfounded.people.consultation.understanding.themes import substance
from wellfounded.people.models import Done

QUOTES = 2  # of each theme
LOOKED_AT = 10  # of each theme, for words that tell something: of some no copy is approved
TELLING = 5  # fewest telling words of what stands for a theme that nobody has named


@dataclass(frozen=True)
class Asked:
    """How many answered. What is withheld or a duplicate is received, and not counted among who answered."""

    received: int
    parties: int  # different organisations and people
    as_one: int  # with each campaign counted once
    campaigns: int
    hands: int  # in the room
    types: tuple[tuple[str, int], ...]  # parties, most first; "" where they did not say
    places: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]  # responses
    demonstration: int  # responses

    @property
    def anything(self) -> bool:
        return bool(self.received)


@dataclass(frozen=True)
class ThemeSaid:
    """A theme: how many responses are on it, with each campaign counted once too, and words that may be published."""

    id: int
    name: str
    named: bool  # by a person; what has no name is told by its most typical words
    terms: tuple[str, ...]
    responses: int
    as_one: int
    types: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    voices: tuple[Voice, ...]


def asked() -> Asked:
    """How many answered, of which types, from where and by what way: a fixed number of queries."""
    read = Response.objects.filter(state__in=sorted(READABLE)).exclude(channel=Channel.ROOM_VOTE)
    alone = read.filter(Q(membership__isnull=True) | Q(membership__out_at__isnull=False))
    campaigns = read.filter(membership__out_at__isnull=True, membership__isnull=False)
    in_campaigns = campaigns.aggregate(n=Count("membership__campaign", distinct=True))["n"]
    hands = OpinionGiven.objects.filter(response__channel=Channel.ROOM_VOTE, response__state__in=sorted(READABLE))
    return Asked(
        received=Response.objects.count(),
        parties=_parties(read),
        as_one=_parties(alone) + in_campaigns,
        campaigns=in_campaigns,
        hands=sum(hands.values_list("n", flat=True)),
        types=_by(read, "respondent"),
        places=_by(read, "district"),
        channels=tuple(Response.objects.values_list("channel").annotate(k=Count("id")).order_by("-k", "channel")),
        demonstration=Response.objects.filter(demonstration=True).count(),
    )


def answered() -> tuple[int, int]:
    """How many responses were received, and how many of them are a demonstration: one query."""
    found = Response.objects.aggregate(n=Count("pk"), shown=Count("pk", filter=Q(demonstration=True)))
    return found["n"], found["shown"]


def said() -> tuple[ThemeSaid, ...]:
    """Themes with words of responses whose redacted copy a second person approved; those with a name first.

    The words that tell a theme from the others are no name: one that nobody has named is told by the most typical
    words that say something, and left out where none may be published.
    """
    voices = _voices()

    def quoted(theme: int, *, named: bool) -> tuple[Voice, ...]:
        if named:
            return tuple(voice for voice, _ in voices.get(theme, ())[:QUOTES])
        telling = (voice for voice, typical in voices.get(theme, ()) if typical and substance(voice.text) >= TELLING)
        return tuple(islice(telling, 1))

    found = [
        ThemeSaid(
            id=row.pk, name=row.name, named=row.named, terms=row.terms, responses=row.responses, as_one=row.as_one,
            types=row.types, places=row.districts,
            voices=quoted(row.pk, named=row.named),
        )
        for row in themes.listing()
    ]  # fmt: skip
    return tuple(sorted((each for each in found if each.named or each.voices), key=lambda each: not each.named))


def state() -> tuple[int, int]:
    """What moves whenever something is received, decided or understood anew."""
    done, understood = (model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in (Done, Understood))
    return done, understood


def _parties(responses: QuerySet[Response]) -> int:
    return int(responses.aggregate(n=Count("party", distinct=True))["n"])


def _by(responses: QuerySet[Response], name: str) -> tuple[tuple[str, int], ...]:
    return tuple(responses.values_list(name).annotate(k=Count("party", distinct=True)).order_by("-k", name))


def _voices() -> dict[int, list[tuple[Voice, bool]]]:
    """Words on each theme that may be published, the most typical first, and whether they are typical of it."""
    readable = ThemePoint.objects.filter(
        ~Q(point__response__redaction__approved_by=""), point__response__redaction__isnull=False,
        point__response__state__in=sorted(READABLE), point__response__erased_at=None,
        point__response__consent__in=[Consent.TEXT, Consent.NAME_AND_TEXT],
    )  # fmt: skip
    ranked = readable.annotate(
        place=Window(RowNumber(), partition_by=[F("theme")], order_by=list(themes.TYPICAL_FIRST)),
    )
    looked = ranked.filter(place__lte=LOOKED_AT).select_related("point__response__redaction")
    chosen = list(looked.order_by("theme", "place"))
    going: dict[int, list[Personal]] = {}
    for words in Personal.objects.filter(response__in={each.point.response_id for each in chosen}, remove=True):
        going.setdefault(words.response_id, []).append(words)
    found: dict[int, list[tuple[Voice, bool]]] = {}
    for each in chosen:
        response, span = each.point.response, Span(each.point.start, each.point.end)
        named = response.consent == Consent.NAME_AND_TEXT and response.organisation
        text = approved(response.text, span, going.get(response.pk, ()), copy=response.redaction.text)
        if text:
            by = response.organisation if named else response.respondent or "somebody"
            voice = Voice(text, by, "", response.reference, response.demonstration)
            found.setdefault(each.theme_id, []).append((voice, each.representative > 0))
    return found


__all__ = ["Asked", "ThemeSaid", "answered", "asked", "said", "state"]
