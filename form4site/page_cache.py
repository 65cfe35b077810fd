"""Public answers, kept so that a page that many ask for is made once.

Promises: only public pages of `signals` are kept, made for nobody in particular: asked by GET without credentials,
answered 200 with no cookie set, without looking at the session (which Django says in `Vary`) and by nothing that only
one reader has. What belongs to a reader comes in parts from `accounts`, so whoever is logged in gets the same page,
marked as private. A hard reload (`Cache-Control: no-cache`) has the page made anew. A kept answer is
given for exactly its address, host and HTMX headers, in the state of the archive in which it was made: whatever is
committed to what pages show (`signals.models.data_version`) is seen a second later at most. What a page says of the
time of day, as how fresh the archive is, is half a minute old at most. Where the version cannot be asked for, pages are
made as without this. Public answers bear an ETag, and who has it already gets 304.
Refuses: to keep more than its bytes, in each process; what was used longest ago goes first.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from signals.selectors.data_version import data_version

SECONDS = 30.0  # how long an answer is kept while the archive stays as it is
VERSION_SECONDS = 1.0  # how often the version is asked for
LARGEST = 1_000_000  # bytes of an answer that is kept
# Of the headers that a page may vary by, those that are part of the key. What varies by another is not kept.
KEYED = ("HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request")
_KEYED = tuple("HTTP_" + name.upper().replace("-", "_") for name in KEYED)
_VARIES = frozenset(name.lower() for name in KEYED)
# A shared cache may answer for five seconds. That it may answer with an older copy while it fetches the next is said to
# it alone: a browser that heeded it would show its reader a page from before the last reload.
WHOLE = {
    "Cache-Control": "public, max-age=0, s-maxage=5",
    "CDN-Cache-Control": "public, max-age=5, stale-while-revalidate=30",
}
# Some shared caches do not heed Vary, and would give a part of a page for the page.
PART = {"Cache-Control": "private, max-age=0"}

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    content: bytes
    headers: tuple[tuple[str, str], ...]
    made_at: float

    @property
    def size(self) -> int:
        return len(self.content) + sum(len(name) + len(value) for name, value in self.headers) + 1_000


class Store:
    """Kept answers of one version, within so many bytes. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._version: str | None = None
        self._asked_at = float("-inf")
        self._lock = threading.Lock()

    def version(self, now: float) -> str | None:
        """The version that answers are given for; None where it cannot be told."""
        with self._lock:
            if now - self._asked_at < VERSION_SECONDS:
                return self._version
        try:
            found: str | None = data_version()
        except (DatabaseError, InterfaceError):
            found = None
        with self._lock:
            if found != self._version:
                self._kept.clear()
                self._bytes = 0
            self._version, self._asked_at = found, now
        return found

    def get(self, key: Key, version: str, now: float) -> Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None or version != self._version or now - found.made_at > SECONDS:
                return None
            self._kept.move_to_end(key)
            return found

    def put(self, key: Key, version: str, kept: Kept) -> None:
        """Keeps it, unless the archive has changed since its version was asked for."""
        with self._lock:
            if version != self._version or kept.size > self._most:
                return
            if (before := self._kept.pop(key, None)) is not None:
                self._bytes -= before.size
            self._kept[key] = kept
            self._bytes += kept.size
            while self._bytes > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.size


class PageCacheMiddleware:
    """Stands within what writes security headers, and around sessions and all that follows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.PAGE_CACHE_BYTES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.store = Store(settings.PAGE_CACHE_BYTES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _may_be_kept(request):
            return self.get_response(request)
        now = time.monotonic()
        version = self.store.version(now)
        if version is None:
            return self.get_response(request)
        key = _key(request)
        kept = self.store.get(key, version, now)
        if kept is not None:
            response = HttpResponse(kept.content, headers=dict(kept.headers))
            response["Cache-Status"] = "form4site; hit"
            return _answer(request, response)
        made = self.get_response(request)
        if not _public(request, made):
            return made
        assert isinstance(made, HttpResponse)
        made["ETag"] = f'"{blake2b(made.content, digest_size=16).hexdigest()}"'
        for name, value in (PART if "HTTP_HX_REQUEST" in request.META else WHOLE).items():
            made[name] = value
        if request.method == "GET" and len(made.content) <= LARGEST:
            self.store.put(key, version, Kept(made.content, tuple(made.items()), now))
        return _answer(request, made)


def _may_be_kept(request: HttpRequest) -> bool:
    meta = request.META
    return (
        request.method in ("GET", "HEAD")
        and "HTTP_AUTHORIZATION" not in meta
        and "no-cache" not in meta.get("HTTP_CACHE_CONTROL", "")
    )


def _key(request: HttpRequest) -> Key:
    """What decides the answer. Raises `DisallowedHost` as any page would."""
    meta = request.META
    return (
        request.scheme or "", request.get_host(), request.path, meta.get("QUERY_STRING", ""),
        *(meta.get(name, "") for name in _KEYED),
    )  # fmt: skip


def _public(request: HttpRequest, made: HttpResponseBase) -> bool:
    """Whether this answer is for everybody: by the route that made it, never by how the address looks."""
    match = request.resolver_match
    varies = {name.strip().lower() for name in made.get("Vary", "").split(",") if name.strip()}
    return (
        match is not None
        and match.app_names == ["signals"]
        and made.status_code == 200
        and not made.streaming
        and not made.cookies
        and not made.has_header("Cache-Control")
        and not made.has_header("ETag")
        and varies <= _VARIES
    )


def _answer(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response, or 304 where the reader has it. What a reader with a session gets is for no shared cache."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response["Cache-Control"] = PART["Cache-Control"]
        del response["CDN-Cache-Control"]
    found = get_conditional_response(request, etag=response["ETag"], response=response)
    assert found is not None
    return found
