"""The Jinja environment of the pages: escaping always on, and nothing undefined can be printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn

from django.templatetags.static import static
from django.utils import timezone
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined
from markupsafe import Markup, escape

from wellfounded.publishing import sureness
from wellfounded.publishing.naming import day_at
from wellfounded.publishing.words import short_reason
from wellfounded.web import addresses
from wellfounded.web.downloads import size
from wellfounded.web.security import JS_ENABLED

# Entries of the staff's menu: key, address, words, and whose it is (empty: everybody's).
STAFF_MENU = (
    ("home", "/staff", "Today", ""),
    ("freezing", "/staff/editions", "Editions", "publisher"),
    ("triage", "/staff/responses", "Responses", "analyst"),
    ("workshops", "/staff/priorities", "Workshops", "analyst"),
    ("sessions-staff", "/staff/sessions", "Sessions", "organiser"),
    ("stakeholders", "/staff/stakeholders", "Stakeholders", "organiser"),
    ("jobs", "/staff/jobs", "Jobs", ""),
    ("mail", "/staff/mail", "E-mails", "organiser"),
    ("record", "/staff/record", "Record", ""),
)
_NUMBER = re.compile(r"[−+-]?[£$€]?\s?[−+-]?\d[\d,.]*\s?(%|bn|m|k|[a-z ]{0,20})?")


class Unprintable(Undefined):
    """Something that a template asks for and nobody gave: it may be tested for, but not printed or walked through."""

    def _refuse(self, *_: object) -> NoReturn:
        self._fail_with_undefined_error()

    __str__ = _refuse
    __iter__ = _refuse
    __len__ = _refuse


def environment(**options: object) -> Environment:
    """The environment that Django's Jinja backend uses, given its options."""
    options.pop("loader", None)
    options["autoescape"] = True
    options["undefined"] = Unprintable
    loader = ChoiceLoader(
        [
            PackageLoader("wellfounded.web", "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    made = Environment(loader=loader, trim_blocks=True, lstrip_blocks=True, **options)  # type: ignore[arg-type] # noqa: S701
    made.globals |= {
        "static": static,
        "to": addresses,
        "sureness": sureness,
        "staff_menu": STAFF_MENU,
        "js_enabled": Markup(JS_ENABLED),  # noqa: S704  (a constant of ours)
    }
    made.filters |= {
        "count": count,
        "upper_first": upper_first,
        "estimate": estimate,
        "breakable": breakable,
        "coded": coded,
        "moment": moment,
        "clock": clock,
        "listed": listed,
        "octets": size,
        "short_reason": short_reason,
    }
    made.tests |= {"numeric": numeric}
    return made


def numeric(text: str) -> bool:
    """Whether a cell of a table holds a number, which is then set to the right."""
    return bool(_NUMBER.fullmatch(text.strip()))


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 conclusion, 43 conclusions."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def upper_first(text: str) -> str:
    """`text` with its first letter in upper case and all others as they are."""
    return text[:1].upper() + text[1:]


def estimate(number: float | None) -> str:
    """An estimate of a variant to three significant figures, with a true minus sign."""
    if number is None:
        return ""
    return f"{number:,.3g}".replace("-", "−") if abs(number) < 1000 else f"{number:,.0f}".replace("-", "−")


def moment(text: str) -> str:
    """A date or a date and time as ISO writes it, as people read it: 12 November 2025. Other text stays as it is."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return text
    here = day_at(day)
    return f"{here.day} {here:%B %Y}"


def clock(at: datetime) -> str:
    """A moment as people here read it: Tuesday 12 January 2027, 9:30am."""
    here = timezone.localtime(at)
    hour = f"{here:%I:%M}".lstrip("0").removesuffix(":00")
    return f"{here:%A} {here.day} {here:%B %Y}, {hour}{here:%p}".replace("AM", "am").replace("PM", "pm")


def listed(value: object) -> str:
    """A value of the record in a line: what a list or a table holds, one after the other."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {listed(of)}" for name, of in value.items())
    return ", ".join(map(listed, value)) if isinstance(value, list) else str(value)


def coded(text: str) -> Markup:
    """`text` whose parts in backticks are set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  (escaped just before)


def breakable(text: str) -> Markup:
    """`text` that may be broken after an @, a hyphen or an underscore, for long identifiers."""
    return Markup(re.sub(r"([@_/-])", r"\1<wbr>", str(escape(text))))  # noqa: S704  (escaped just before)
