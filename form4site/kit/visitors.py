"""Who is at the other end of a connection, as far as that can be told without believing what they write."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.common import no_append_slash
from django.views.decorators.csrf import csrf_exempt, csrf_protect

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def connects_from_here(request: HttpRequest) -> bool:
    """Whether a program on this machine asks for this machine: not through a proxy, and not by a name from elsewhere.

    A proxy on the same machine connects from loopback too, on behalf of the whole world: it gives itself away by the
    header that it adds, or by the public name that it passes on.
    """
    if any(name in request.META for name in FORWARDED):
        return False
    host, _ = split_domain_port(request.get_host())
    return (host == "localhost" or is_loopback(host)) and is_loopback(request.META.get("REMOTE_ADDR", ""))


def sent_by_another_site(request: HttpRequest) -> bool:
    """Whether the browser says that another site had it send this form. One that says nothing has its token to show."""
    unsafe = request.method not in ("GET", "HEAD", "OPTIONS", "TRACE")
    return unsafe and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")


View = Callable[..., HttpResponse]


def at_own_machine(request: HttpRequest) -> bool:
    """Whether somebody at this very machine uses the embedded site, as after `make run`; never behind a proxy."""
    return not (settings.DATABASE_URL or settings.TRUST_PROXY) and connects_from_here(request)


def is_proven_staff(request: HttpRequest) -> bool:
    """Whether it is staff who log in with more than a password. At one's own machine the password is enough: whoever
    sits there reads every mail and the database as well."""
    user: Any = request.user
    return user.is_staff and (user.has_second_factor or at_own_machine(request))


def staff_only(view: View) -> View:
    """Asks who it is before anything else, method and token of a form included: those would tell that it is here.

    Staff without a second factor are sent to set one up; for everybody else there is no such page.
    """
    guarded = csrf_protect(never_cache(view))

    @no_append_slash
    @csrf_exempt
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        if not is_proven_staff(request):
            return redirect(settings.SECOND_FACTOR_URL)
        if sent_by_another_site(request):
            raise PermissionDenied
        return guarded(request, *args, **named)

    return asked
