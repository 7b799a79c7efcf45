"""What a local industrial strategy is, how the evidence is made, whom to ask; methods; statements."""

from __future__ import annotations

from django.http import HttpRequest

from wellfounded.people.consultation import rules
from wellfounded.publishing.words import count
from wellfounded.web import methods
from wellfounded.web.publication import NotInPublication, Opened
from wellfounded.web.rendering import Page, shown


@shown
def about(request: HttpRequest, opened: Opened) -> Page:
    """Background, how this is made, whom to ask."""
    return Page("about.html", {"here": "about", "methods": methods.everything()})


@shown
def method_list(request: HttpRequest, opened: Opened) -> Page:
    """Every method that the verdicts rest on."""
    return Page("methods.html", {"here": "about", "methods": methods.everything(), "used": _used(opened)})


@shown
def method(request: HttpRequest, opened: Opened, identifier: str) -> Page:
    """What one method measures, and when not to use it."""
    found = methods.everything().get(identifier)
    if found is None:
        raise NotInPublication(f"there is no page for the method {identifier!r}")
    used_by = [opened.conclusions[c] for c in _used(opened).get(identifier, ())]
    return Page("method.html", {"here": "about", "method": found, "html": methods.html(found), "used_by": used_by})


@shown
def accessibility(request: HttpRequest, opened: Opened) -> Page:
    """How accessible this site is, and what to do where it isn't."""
    return Page("accessibility.html", {"here": "about"})


@shown
def privacy(request: HttpRequest, opened: Opened) -> Page:
    """What this site keeps about whoever reads it: nothing; and about whoever fills in a form."""
    return Page("privacy.html", {"here": "about", "kept": _kept()})


def _kept() -> dict[str, str]:
    """How long what is kept of those who respond, in words."""
    years = {
        "contacts": rules.CONTACTS_KEPT, "attachments": rules.ATTACHMENTS_KEPT, "originals": rules.ORIGINALS_KEPT,
    }  # fmt: skip
    return {"drafts": str(rules.DRAFTS_KEPT.days)} | {
        name: count(round(span.days / 365), "year") for name, span in years.items()
    }


def _used(opened: Opened) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for conclusion in opened.shown.conclusions:
        if conclusion.state == "published":
            for method_id in dict.fromkeys(test.method for test in conclusion.tests):
                found.setdefault(method_id, []).append(conclusion.id)
    return found
