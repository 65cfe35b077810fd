"""The one door to the SEC. Nothing else in this project opens a connection to it.

Promises: nothing is sent without EDGAR_USER_AGENT (`EdgarOff`), nor before the shared budget has given a slot; an
`Answer` is whole and inflated, within the limits of its kind; anything else is an error of `filings.errors`, judged by
the body of the answer and not by its status, and never an empty answer. No redirect is followed, no other host than the
two of the settings is spoken to, and no more memory is used than the limits allow.

How each is kept: every request has a connection of its own, so that bytes left over from one answer cannot begin the
next; the clock of the whole request stands at the socket, where no slow drip gets past it; the body is inflated here,
piece by piece; and an answer counts as whole only if gzip, its length or its chunks prove where it ends.
"""

from __future__ import annotations

import functools
import random
import ssl
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpcore
import httpx
from django.conf import settings
from django.utils import timezone

from filings.edgar import budget
from filings.edgar.budget import Lane, Slot
from filings.edgar.judge import Kind, Limits, is_html, is_not_there, refusal, strangeness, title_of
from filings.errors import EdgarError, EdgarOff, EdgarRefused, EdgarUnavailable, NotThere

__all__ = ["Answer", "Kind", "Lane", "fetch"]

CONNECT_SECONDS = 10.0
HEAD_ROOM = 128 * 1024  # headers, and what frames the chunks of a body
PIECE = 64 * 1024
# What came to nothing at once is asked again at once; everything else is for the caller, later and later.
CHEAP_RETRIES = 2
CHEAP_WITHIN = 5.0
RETRY_AFTER = (timedelta(seconds=1), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of the SEC: its bytes (inflated), and when they came (UTC)."""

    url: str
    content: bytes
    fetched_at: datetime
    etag: str | None
    last_modified: datetime | None


def fetch(url: str, *, lane: Lane, kind: Kind, patience: float = 15.0) -> Answer:
    """Asks the SEC for this address, once a slot is free; waits at most `patience` seconds for the slot.

    Not inside a transaction: it would hold the shared row for the length of the request (RuntimeError).
    Raises `EdgarOff`, `EdgarRefused`, `NotThere`, `EdgarUnavailable`; all but the first are `transient`.
    """
    agent = _declared_agent()
    _check_host(url)
    _certificates()  # slow the first time, and nothing slow may stand between the slot and the request
    began = time.monotonic()
    for attempt in range(CHEAP_RETRIES + 1):
        slot = budget.take(lane, patience)
        try:
            received = _exchange(url, agent, kind.limits)
        except _Cut as cut:
            if words := refusal(cut.status or 0, cut.body):
                raise _refused(words, url) from None
            budget.failed(slot)
            spent = time.monotonic() - began
            if not cut.cheap or attempt == CHEAP_RETRIES or spent > CHEAP_WITHIN:
                raise EdgarUnavailable(f"{url}: {cut.reason}", status=cut.status) from cut.__cause__
            time.sleep(random.uniform(0.1, 0.5) * 2**attempt)
            continue
        except BaseException:
            budget.released(slot)  # the process is being stopped: a probe must not stay out
            raise
        return _judged(received, slot, url, kind)
    raise AssertionError("the last attempt returns or raises")


def _declared_agent() -> str:
    agent: str = settings.EDGAR_USER_AGENT.strip()
    if not agent:
        raise EdgarOff("EDGAR_USER_AGENT is not set, so nothing is asked of the SEC")
    if not (agent.isascii() and agent.isprintable()):
        raise EdgarOff("EDGAR_USER_AGENT has characters that no header may have, so nothing is asked of the SEC")
    return agent


def _check_host(url: str) -> None:
    parts = urlsplit(url)
    own = [urlsplit(base) for base in (settings.EDGAR_BASE_URL, settings.EDGAR_DATA_URL)]
    if (parts.scheme, parts.netloc) not in {(base.scheme, base.netloc) for base in own}:
        raise ValueError(f"Not an address at EDGAR_BASE_URL or EDGAR_DATA_URL: {url}")


# --- what the answer means ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Received:
    status: int
    headers: httpx.Headers
    body: bytes


def _judged(received: _Received, slot: Slot, url: str, kind: Kind) -> Answer:
    """The answer, if it is what was asked for; else the error that it means, told to everybody whom it concerns."""
    status, body = received.status, received.body
    if words := refusal(status, body):
        raise _refused(words, url)
    if code := is_not_there(body):
        budget.answered(slot)
        raise NotThere(f"The SEC does not serve {url} ({code})")
    if status != 200:
        raise _unavailable(received, slot, url, kind)
    if strange := strangeness(kind, body):
        budget.failed(slot)
        raise EdgarUnavailable(f"{url}: {strange}", status=status)
    budget.answered(slot)
    headers = received.headers
    return Answer(url, body, timezone.now(), headers.get("etag"), _http_date(headers.get("last-modified")))


def _refused(words: str, url: str) -> EdgarRefused:
    return EdgarRefused(f"The SEC answered “{words}”", budget.refused(words, url))


def _unavailable(received: _Received, slot: Slot, url: str, kind: Kind) -> EdgarError:
    status, html = received.status, is_html(received.body)
    if status == 503 and html and kind is Kind.FEED and parse_qs(urlsplit(url).query).get("start", ["0"])[0] != "0":
        budget.released(slot)
        return EdgarUnavailable(f"{url}: past the end of the feed, or an outage", status=status, past_the_end=True)
    retry_at = budget.failed(slot, _retry_after(received) if status in (429, 503) else None)
    what = title_of(received.body) if html else received.headers.get("location", "")
    reason = f"{url}: status {status}{f' ({what})' if what else ''}"
    return EdgarUnavailable(reason, status=status, retry_at=retry_at)


def _retry_after(received: _Received) -> timedelta | None:
    """How long the SEC asks everybody to wait, from one second to one hour. Too many requests always want a wait."""
    asked = received.headers.get("retry-after")
    least, most = RETRY_AFTER
    if asked is None:
        return least if received.status == 429 else None
    at = _http_date(asked)
    if at is not None:
        return min(max(at - timezone.now(), least), most)
    digits = asked.strip()
    if not (digits.isascii() and digits.isdigit()):
        return least
    return most if len(digits) > 9 else min(max(timedelta(seconds=int(digits)), least), most)


def _http_date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


# --- the exchange on the wire ------------------------------------------------------------------------------------


class _Cut(Exception):
    """No whole answer came. `body` is what did come, for a refusal can be cut short too."""

    def __init__(self, reason: str, *, cheap: bool = False, status: int | None = None, body: bytes = b"") -> None:
        super().__init__(reason)
        self.reason = reason
        self.cheap = cheap
        self.status = status
        self.body = body


class _TooMuch(Exception):
    pass


def _exchange(url: str, agent: str, limits: Limits) -> _Received:
    wire = _Wire(limits)
    headers = {"User-Agent": agent, "Accept-Encoding": "gzip, deflate", "Accept": "*/*", "Connection": "close"}
    status: int | None = None
    body = bytearray()
    try:
        with (
            httpx.Client(
                transport=_Transport(wire), headers=headers, trust_env=False, timeout=limits.seconds
            ) as client,
            client.stream("GET", url, follow_redirects=False) as response,
        ):
            status = response.status_code
            wire.expect_body()
            _inflate(response, wire, limits, body)
            return _Received(status, response.headers, bytes(body))
    except _Cut as cut:
        raise _Cut(cut.reason, cheap=cut.cheap, status=status, body=bytes(body)) from None
    except _TooMuch:
        reason = "headers without end" if status is None else f"more than {limits.wire:,} bytes came"
        raise _Cut(reason, status=status, body=bytes(body)) from None
    except httpx.TimeoutException as error:
        reason = f"no whole answer within {limits.seconds:g} s"
        raise _Cut(reason, status=status, body=bytes(body)) from error
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
        reason = f"the connection failed ({error or type(error).__name__})"
        raise _Cut(reason, cheap=True, status=status, body=bytes(body)) from error
    finally:
        wire.close()


def _inflate(response: httpx.Response, wire: _Wire, limits: Limits, body: bytearray) -> None:
    """Fills `body` with the inflated bytes; raises `_Cut` unless the answer proves that they are all."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in ("gzip", "x-gzip", "deflate"):
        _inflate_zipped(response, limits, body)
        return
    if coding not in ("identity", ""):
        raise _Cut(f"the answer is coded as {coding[:40]!r}, which was not asked for")
    for piece in response.iter_raw():
        if len(body) + len(piece) > limits.inflated:
            raise _Cut(f"more than {limits.inflated:,} bytes")
        body += piece
    if response.headers.get("transfer-encoding", "").strip().lower() == "chunked":
        return
    length = response.headers.get("content-length", "")
    if not length.isdigit():
        raise _Cut("the answer does not say where it ends")
    if wire.has_more_than(int(length)):
        raise _Cut("the answer is longer than it says", cheap=True)


def _inflate_zipped(response: httpx.Response, limits: Limits, body: bytearray) -> None:
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)  # either header, gzip's or zlib's
    try:
        for piece in response.iter_raw():
            if inflater.eof:
                raise _Cut("more bytes follow after the end of the zipped answer")
            while piece and not inflater.eof:
                body += inflater.decompress(piece, PIECE)
                piece = inflater.unconsumed_tail
                if len(body) > limits.inflated:
                    raise _Cut(f"more than {limits.inflated:,} bytes after inflation")
    except zlib.error as error:
        raise _Cut("the zipped answer is damaged") from error
    if not inflater.eof:
        raise _Cut("the zipped answer is cut short", cheap=True)
    if inflater.unused_data:
        raise _Cut("more bytes follow after the end of the zipped answer")


class _Wire(httpcore.NetworkBackend):
    """TCP with one clock and one count of bytes for the whole request, headers and handshake included."""

    def __init__(self, limits: Limits) -> None:
        self._tcp = httpcore.SyncBackend()
        self._ends_at = time.monotonic() + limits.seconds
        self._limits = limits
        self._most = HEAD_ROOM
        self._stream: httpcore.NetworkStream | None = None
        self._received = 0
        self._head = bytearray()

    def left(self, most: float | None = None) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole answer is over")
        return left if most is None else min(left, most)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._tcp.connect_tcp(host, port, self.left(CONNECT_SECONDS), local_address, socket_options)
        return self.over(stream)

    def over(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        self._stream = stream
        return _WireStream(self, stream)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    def expect_body(self) -> None:
        self._most = HEAD_ROOM + self._limits.wire

    def count(self, data: bytes) -> None:
        self._received += len(data)
        if self._received > self._most:
            raise _TooMuch
        if b"\r\n\r\n" not in self._head:
            self._head += data

    def has_more_than(self, length: int) -> bool:
        """Whether more came than the head and this many bytes. The server was asked to close, so nothing should."""
        head, end, _ = bytes(self._head).partition(b"\r\n\r\n")
        if head[9:10] == b"1":  # an interim answer came first: what is head and what is body cannot be told here
            return False
        if self._received > len(head) + len(end) + length:
            return True
        try:
            return self._stream is not None and bool(self._stream.read(1, timeout=self.left(0.25)))
        except (httpcore.TimeoutException, httpcore.NetworkError):
            return False


class _WireStream(httpcore.NetworkStream):
    def __init__(self, wire: _Wire, stream: httpcore.NetworkStream) -> None:
        self._wire = wire
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._wire.left(timeout))
        self._wire.count(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._wire.left(timeout))

    def close(self) -> None:
        """Left to the wire, which still has to see that nothing comes after the end."""

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return self._wire.over(self._stream.start_tls(ssl_context, server_hostname, self._wire.left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Transport(httpx.HTTPTransport):
    """httpx's own transport, over the wire of one request."""

    def __init__(self, wire: _Wire) -> None:
        super().__init__(verify=_certificates(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_certificates(), max_connections=1, max_keepalive_connections=0, network_backend=wire
        )


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Whom to believe that they are the SEC: made once, for it is read from a file."""
    return httpx.create_ssl_context()
