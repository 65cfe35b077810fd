"""Who is at the other end of a connection, as far as that can be told without believing what they write."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.http.request import split_domain_port

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
