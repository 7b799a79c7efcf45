"""Where a request comes from, as far as it can be known."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from wellfounded.people import limits


def client(request: HttpRequest) -> str:
    """The internet address of whoever asks: the last one in X-Forwarded-For that is none of our own proxies.

    The header is believed only where the request comes from a proxy that WELLFOUNDED_PROXIES names.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    for given in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not _trusted(address):
            break
        if given.strip():
            address = given.strip()
    return address


def site(request: HttpRequest, stated: str) -> str:
    """Where our links lead, without a slash at its end: WELLFOUNDED_SITE, what the base states, or our host."""
    return settings.WELLFOUNDED_SITE or stated.rstrip("/") or request.build_absolute_uri("/").rstrip("/")


def is_loopback(request: HttpRequest) -> bool:
    """Whether the request comes from this machine itself, without a proxy."""
    try:
        here = ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False
    return here and "X-Forwarded-For" not in request.headers


def _trusted(address: str) -> bool:
    found = limits.addressed(address)
    return found is not None and any(found in network for network in settings.WELLFOUNDED_PROXIES)
