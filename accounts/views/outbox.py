"""/account/outbox/: the mails of a site that has no mail server, for the person at its own machine.

Whoever reads it can take over every account here, by a reset link. So it exists only while mail goes to the folder and
the database is the embedded one, and only for a browser on this machine, or for staff; to everyone else it is a 404.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.delivery import folder

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def from_this_machine(request: HttpRequest) -> bool:
    """Whether a browser on this machine asks for this machine: not through a proxy, and not by a name from elsewhere.

    A proxy on the same machine connects from loopback too, on behalf of the whole world: it gives itself away by the
    header it adds, by TRUST_PROXY, or by the public name that it passes on.
    """
    if settings.TRUST_PROXY or any(name in request.META for name in FORWARDED):
        return False
    host, _ = split_domain_port(request.get_host())
    return (host == "localhost" or _is_loopback(host)) and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def may_read_outbox(request: HttpRequest) -> bool:
    if settings.MAIL_FOLDER is None or settings.DATABASE_URL:
        return False
    staff = request.user.is_authenticated and request.user.is_active and request.user.is_staff
    return staff or from_this_machine(request)


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    if not may_read_outbox(request):
        raise Http404
    mails = folder.messages(Path(str(settings.MAIL_FOLDER)))
    return render(request, "accounts/outbox.html", {"mails": mails, "folder": settings.MAIL_FOLDER})
