"""What all staff pages share: who may see them, and what the frame shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from wellfounded.people.models import Staff
from wellfounded.web.publication import Opened
from wellfounded.web.rendering import Page, made_anew, staff_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Opened, P], Page | HttpResponseBase]


def for_staff(*roles: str) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """A page that only staff see, and only those with one of `roles` where any are named."""

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        rendered = made_anew(view)

        @wraps(view)
        def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            staff = staff_of(request)
            if staff is None:
                return HttpResponseRedirect(f"/staff/sign-in?{urlencode({'next': request.path_info})}")
            if roles and not any(staff.may(role) for role in roles):
                raise PermissionDenied(f"needs the role {' or '.join(roles)}")
            return rendered(request, *args, **kwargs)

        return respond

    return decorate


def signed_in(request: HttpRequest) -> Staff:
    """The staff member who is signed in, in a view that `for_staff` guards."""
    staff = staff_of(request)
    assert staff is not None
    return staff
