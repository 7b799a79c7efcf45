"""Who counts once: an organisation however it writes its name, or a person for themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from wellfounded.people import keyed
from wellfounded.people.consultation.models import Party

_LEGAL = re.compile(
    r"\b(limited|ltd|plc|llp|llc|inc|cic|cio|company|co|cyf|cyfyngedig|ccc|the|group holdings|holdings)\b"
)
AT_ONCE = 500
SHORTEST = 4  # letters of a name that is looked for in a text


def key_of(*, organisation: str, email: str, otherwise: str) -> str:
    """The key of the party that an organisation and an address name; `otherwise` (the response's own) where none is."""
    if name := _plain(organisation):
        return f"organisation {name}"[:200]
    if address := email.strip().lower():
        return f"person {keyed.of('party', address)}"
    return f"response {otherwise}"


def written(organisation: str, text: str) -> list[tuple[int, int]]:
    """Where a text names an organisation: by its name as it was given, or without its legal form."""
    whole = " ".join(organisation.split())
    shorter = re.sub(rf"[\s,]+{_LEGAL.pattern}\.?$", "", whole, flags=re.IGNORECASE)
    names = sorted({name for name in (whole, shorter) if len(name) >= SHORTEST}, key=len, reverse=True)
    if not names:
        return []
    wanted = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
    return [found.span() for found in re.finditer(rf"(?<!\w)(?:{wanted})(?!\w)", text, re.IGNORECASE)]


def found_or_made(names: Mapping[str, str]) -> dict[str, int]:
    """The numbers of parties by their keys; `names` gives each key's organisation, for those that are new."""
    keys = list(names)
    known = _known(keys)
    if missing := [key for key in keys if key not in known]:
        Party.objects.bulk_create(
            [Party(key=key, organisation=names[key][:200]) for key in missing],
            ignore_conflicts=True,
            batch_size=AT_ONCE,
        )
        known |= _known(missing)
    return known


def _known(keys: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(keys), AT_ONCE):
        found |= dict(Party.objects.filter(key__in=keys[at : at + AT_ONCE]).values_list("key", "pk"))
    return found


def _plain(organisation: str) -> str:
    text = unicodedata.normalize("NFKC", organisation).casefold().replace("&", " and ")
    text = re.sub(r"[^\w\s]", " ", text)
    shorter = " ".join(_LEGAL.sub(" ", text).split())
    return shorter or " ".join(text.split())


__all__ = ["found_or_made", "key_of", "written"]
