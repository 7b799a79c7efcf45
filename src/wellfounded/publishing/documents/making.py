"""What every document of a publication has in common: its cover, colours, edition and fixed strings."""

from __future__ import annotations

from collections.abc import Sequence

from wellfounded.publishing import colours, naming
from wellfounded.publishing.documents.document import Document, Section
from wellfounded.publishing.model import Publication
from wellfounded.publishing.strings import Strings


def document(publication: Publication, sections: Sequence[Section], *, kind: str, description: str) -> Document:
    """The document with these sections. `kind` and `description` are in the base's words already."""
    say = Strings.of(publication)
    when = naming.dated(publication)
    colour = colours.checked(publication.brand.get("colour") or colours.BRAND)
    return Document(
        title=publication.title,
        kind=kind,
        place=publication.name,
        sentence=publication.sentence,
        edition=naming.edition(publication),
        date=(when.year, when.month, when.day) if when else None,
        lang=publication.lang,
        colour=colour,
        on_colour=colours.on(colour),
        ink=colours.readable(colour),
        accent=colours.checked(publication.brand.get("accent") or colours.ACCENT),
        stripes=tuple(colours.checked(member.colour) for member in publication.members if member.colour),
        description=description,
        software=say(
            "Made with Wellfounded {version} from {base}, {digest}",
            version=publication.version,
            base=publication.base,
            digest=publication.digest[:12],
        ),
        notice=" ".join(part for part in (_preview(publication, say), naming.correction(publication)) if part),
        sections=tuple(sections),
        words=_words(say),
        preview=bool(publication.drafts),
        logo=publication.brand.get("logo", ""),
    )


def _preview(publication: Publication, say: Strings) -> str:
    drafts = len(publication.drafts)
    if not drafts:
        return ""
    return say.count(
        drafts,
        "Preview: {n} of these conclusions is a draft that nobody has published. Don’t quote it.",
        "Preview: {n} of these conclusions are drafts that nobody has published. Don’t quote them.",
    )


def _words(say: Strings) -> dict[str, str]:
    """The fixed strings of the templates."""
    return {
        "contents": say("Contents"),
        "figure": say("Figure"),
        "table": say("Table"),
        "appendix": say("Appendix"),
        "its working": say("its working"),
        "page": say("page"),
        "working, page": say("working, page"),
        "on the site": say("on the site"),
        "as a table": say("as a table"),
        "preview": say("Preview: not published"),
        "skip": say("Skip to the contents of the document"),
    }


__all__ = ["document"]
