"""What a publication is called: edition 2 of 12 November 2026, a correction, or a working version."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from wellfounded.publishing.model import Publication, ShownRelease
from wellfounded.publishing.strings import Strings

HERE = ZoneInfo("Europe/London")  # by whose clock a day begins, also on a server that keeps another
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def edition(publication: Publication) -> str:
    """The edition and its date; or that it is a working version, and of when."""
    say = Strings.of(publication)
    when = dated(publication)
    told = day(when, say) if when else publication.built_at
    if publication.edition is None:
        return say("Working version of {date}", date=told)
    return say("Edition {n}, {date}", n=publication.edition.number, date=told)


def correction(publication: Publication) -> str:
    """Which edition it corrects and how; empty where it corrects none."""
    if publication.edition is None or not publication.edition.corrects:
        return ""
    say = Strings.of(publication)
    return say(
        "This edition corrects edition {n}. {notice}",
        n=publication.edition.corrects,
        notice=publication.edition.notice,
    )


def dated(publication: Publication) -> date | None:
    """The day of an edition, or else on which the publication was built: ISO, or 12 November 2025, 09:40."""
    if publication.edition is not None:
        return date.fromisoformat(publication.edition.date)
    try:
        return day_at(datetime.fromisoformat(publication.built_at))
    except ValueError:
        pass
    try:
        return datetime.strptime(publication.built_at.split(",")[0], "%d %B %Y").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def day_at(moment: datetime) -> date:
    """The day that it is here at a moment, which in summer begins an hour before that of UTC."""
    return moment.astimezone(HERE).date() if moment.tzinfo else moment.date()


def day(when: date, say: Strings) -> str:
    """A day as people write it, the month in the base's words: 12 November 2026."""
    return f"{when.day} {say(MONTHS[when.month - 1])} {when.year}"


def released(release: ShownRelease, say: Strings) -> str:
    """The day of a release as people write it."""
    return day(date.fromisoformat(release.released_date), say) if release.released_date else release.released


__all__ = ["MONTHS", "correction", "dated", "day", "edition", "released"]
