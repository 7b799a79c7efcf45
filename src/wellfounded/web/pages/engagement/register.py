"""The register of stakeholders: whom to ask, by what right, who was asked and who has answered."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from wellfounded.people.engagement import queries, register_sheet, stakeholders
from wellfounded.people.engagement.errors import EngagementError
from wellfounded.people.engagement.stakeholders import Entry
from wellfounded.people.engagement.types import BASES, KINDS, SECTORS
from wellfounded.web.given import whole
from wellfounded.web.jinja import count
from wellfounded.web.pages.engagement import public, staff_forms
from wellfounded.web.pages.engagement.organising import ORGANISER
from wellfounded.web.pages.engagement.words import ELSEWHERE, card, districts_of, marked, site_of
from wellfounded.web.pages.staff.frame import for_staff, signed_in
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page

LARGEST_FILE = 2_000_000


def interests_of(opened: Opened) -> dict[str, str]:
    """What stakeholders can be interested in: chapters and Grand Challenges, names by id."""
    chapters = {one.id: one.title for one in opened.shown.chapters}
    return chapters | {one.id: one.title for one in opened.shown.challenges}


@for_staff(ORGANISER)
def listing(request: HttpRequest, opened: Opened) -> Page:
    """The register, narrowed, and whom of it to ask."""
    return _listing(request, opened)


def _listing(request: HttpRequest, opened: Opened, *, problem: str = "") -> Page:
    asked = {name: request.GET.get(name, "") for name in ("kind", "sector", "interest")}
    interests = interests_of(opened)
    options = {"kind": ("Kind", KINDS), "sector": ("Sector", SECTORS), "interest": ("Interest", interests)}
    sessions = queries.organised(now=timezone.now())
    context = {
        "found": stakeholders.listed(**asked),
        "filters": [(name, label, list(of.items()), asked[name]) for name, (label, of) in options.items()],
        "kinds": KINDS, "sectors": SECTORS, "bases": BASES, "interests": interests, "problem": problem,
        "to_what": [
            *((f"session-{one.session.id}",
               f"{marked(one.session)}{one.session.title}, {one.session.when}")
                for one in sessions if one.session.bookable),
            ("call", "A call for evidence"),
        ],
        "here": "stakeholders",
    }  # fmt: skip
    return Page("sessions/staff/stakeholders.html", context, status=409 if problem else 200)


@for_staff(ORGANISER)
def one(request: HttpRequest, opened: Opened, number: int = 0) -> Page | HttpResponseBase:
    """One stakeholder, or a new one."""
    now, by = timezone.now(), signed_in(request).email
    found = next((one for one in stakeholders.listed() if one.id == number), None) if number else None
    if number and found is None:
        raise Http404(f"there is no stakeholder {number}")
    do = request.POST.get("do", "")
    if found is not None and do == "opt-out":
        stakeholders.opt_out(found.id, by=by, now=now)
        return HttpResponseRedirect(f"/staff/stakeholders/{number}")
    if found is not None and do == "remove":
        stakeholders.remove(found.id, by=by)
        return HttpResponseRedirect("/staff/stakeholders")
    if found is not None and do in ("declined", "responded"):
        wanted = whole(request.POST.get("invitation", ""))
        if wanted not in {one.id for one in stakeholders.asked(number)}:
            raise Http404(f"stakeholder {number} was not asked that")
        stakeholders.answered(wanted, answer=do, by=by, now=now)
        return HttpResponseRedirect(f"/staff/stakeholders/{number}")
    initial = {name: getattr(found, name) for name in staff_forms.Stakeholder.base_fields} if found else {}
    form = staff_forms.Stakeholder(
        request.POST or None, initial=initial, districts=districts_of(opened), interests=interests_of(opened)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        entry = Entry(**given | {"sectors": tuple(given["sectors"]), "interests": tuple(given["interests"])})
        try:
            stakeholders.save(entry, by=by, now=now, stakeholder_id=number or None)
        except EngagementError as error:
            form.add_error("email", str(error))
        else:
            return HttpResponseRedirect("/staff/stakeholders")
    context = {
        "form": form, "one": found, "title": found.organisation if found else "Add a stakeholder",
        "asked": stakeholders.asked(number) if number else (), "here": "stakeholders",
    }  # fmt: skip
    return Page("sessions/staff/stakeholder.html", context, status=422 if form.errors else 200)


@for_staff(ORGANISER)
def from_sheet(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """Stakeholders from a CSV file: all of it, or nothing with the cells that can't be read."""
    now, districts = timezone.now(), districts_of(opened) | {ELSEWHERE: "Elsewhere"}
    form = staff_forms.Sheet(request.POST or None, request.FILES or None)
    refused: tuple[register_sheet.Refused, ...] = ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["sheet"]
        try:
            if file.size > LARGEST_FILE:
                raise register_sheet.NoSheet("the file is larger than 2 MB: split it")
            sheet = register_sheet.read(file.read(), districts=districts, interests=interests_of(opened))
            refused = sheet.refused
            if not refused:
                entries = [entry for _, entry in sheet.entries]
                stakeholders.put_all(entries, by=signed_in(request).email, now=now)
        except (register_sheet.NoSheet, EngagementError) as error:
            form.add_error("sheet", str(error)[:1].upper() + str(error)[1:])
        else:
            if not refused:
                said = (f"{count(len(sheet.entries), 'stakeholder')} added or brought up to date.",)
                done = {"heading": "The register is up to date", "said": said, "back": "/staff/stakeholders"}
                return Page("sessions/staff/said.html", done | {"here": "stakeholders"})
    context = {
        "form": form, "refused": refused, "columns": register_sheet.COLUMNS, "here": "stakeholders",
        "known": (
            ("Kind", KINDS), ("Basis", BASES), ("District", districts), ("Sectors", SECTORS),
            ("Interests", interests_of(opened)),
        ),
    }  # fmt: skip
    return Page("sessions/staff/import.html", context, status=422 if form.errors or refused else 200)


@for_staff(ORGANISER)
def ask(request: HttpRequest, opened: Opened) -> Page | HttpResponseBase:
    """Invites those that were ticked to a session, or asks them for evidence, once that is confirmed."""
    if request.method != "POST":
        return HttpResponseRedirect("/staff/stakeholders")
    wanted = {whole(value) for value in request.POST.getlist("stakeholder")}
    chosen = [one for one in stakeholders.listed() if one.id in wanted and one.email and not one.opted_out_at]
    if not chosen:
        return _listing(request, opened, problem="Tick whom you want to ask.")
    now, by, site, to = timezone.now(), signed_in(request).email, site_of(request, opened), request.POST.get("to", "")
    ids = [one.id for one in chosen]
    sure = request.POST.get("sure") == "yes"
    form = session = None
    if to == "call":
        form = staff_forms.Call(request.POST if sure else None)
        title = f"A call for evidence to {count(len(chosen), 'stakeholder')}"
    else:
        session = public.found(whole(to.removeprefix("session-")), now=now)
        title = f"Invite {count(len(chosen), 'stakeholder')}"
    if sure and (form is None or form.is_valid()):
        try:
            if form is not None:
                told = stakeholders.call_for_evidence(ids, **form.cleaned_data, by=by, now=now, site=site)
            else:
                told = stakeholders.invite(session.id if session else 0, ids, by=by, now=now, site=site)
        except EngagementError as error:
            return _listing(request, opened, problem=str(error))
        said = f"{count(told, 'e-mail goes', 'e-mails go')} out. Whoever was invited before is not asked again."
        if not told:
            said = (
                "No e-mail goes out: whoever was invited before is not asked again, and a demonstration reaches nobody."
            )
        done = {"heading": "Asked" if told else "Nobody was written to", "said": (said,), "told": told}
        done |= {"back": "/staff/stakeholders", "here": "stakeholders"}
        return Page("sessions/staff/said.html", done)
    context = {
        "form": form, "title": title, "chosen": chosen, "to_what": to, "here": "stakeholders",
        "card": card(session, districts=districts_of(opened), now=now) if session else None,
    }  # fmt: skip
    return Page("sessions/staff/ask.html", context, status=422 if form is not None and form.errors else 200)


__all__ = ["ask", "from_sheet", "interests_of", "listing", "one"]
