"""Is this what was asked for, or one of the SEC's ways of saying no? Judged by the body, never by the status. Pure.

The same refusal has been seen with status 403 and 200, a missing file answers 403 or 404 with XML, and an outage is an
HTML page. None of these may ever reach a reader of filings or lists.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from filings.ownership.wellformed import MAX_BYTES

_MB = 1024 * 1024


class Limits(NamedTuple):
    """The most that an answer may have: bytes on the wire, bytes after inflation, seconds from first to last."""

    wire: int
    inflated: int
    seconds: float


class Kind(Enum):
    """What is asked for, which decides how large and how slow the answer may be, and how it must begin and end."""

    FEED = "a page of the current feed"
    LISTING = "a listing of index files"
    DAILY_INDEX = "a daily index"
    QUARTERLY_INDEX = "a quarterly index"
    SUBMISSION = "a full submission"
    COMPANY = "a company record"
    TICKERS = "the file of tickers"

    @property
    def limits(self) -> Limits:
        return _LIMITS[self]


# A quarter's form.idx has 41 MB and its .gz 4 MB; the other figures leave ten times what has been seen.
_LIMITS = {
    Kind.FEED: Limits(2 * _MB, 8 * _MB, 20.0),
    Kind.LISTING: Limits(2 * _MB, 8 * _MB, 20.0),
    Kind.DAILY_INDEX: Limits(8 * _MB, 16 * _MB, 30.0),
    Kind.QUARTERLY_INDEX: Limits(64 * _MB, 64 * _MB, 45.0),
    Kind.SUBMISSION: Limits(MAX_BYTES, MAX_BYTES, 30.0),
    Kind.COMPANY: Limits(8 * _MB, 32 * _MB, 30.0),
    Kind.TICKERS: Limits(8 * _MB, 32 * _MB, 30.0),
}

_REFUSALS = ("Request Rate Threshold Exceeded", "Undeclared Automated Tool")
_REFUSED_WITHIN = 64 * 1024
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>)*(?:<!DOCTYPE\s+html|<html|<head|<body)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_THERE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>)?\s*<Error>\s*<Code>(AccessDenied|NoSuchKey)</Code>"
)
_TITLE = re.compile(rb"<(?:title|h1)[^>]{0,200}>([^<]{1,200})<", re.IGNORECASE)
_BEGINS = {
    Kind.FEED: re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>)?\s*<feed\b"),
    Kind.LISTING: re.compile(rb"\s*\{"),
    Kind.DAILY_INDEX: re.compile(rb"\x1f\x8b|\s*Description:"),
    Kind.QUARTERLY_INDEX: re.compile(rb"\x1f\x8b|\s*Description:"),
    Kind.SUBMISSION: re.compile(rb"\s*(?:<SEC-DOCUMENT>|<SUBMISSION>|-----BEGIN PRIVACY-ENHANCED MESSAGE-----)"),
    Kind.COMPANY: re.compile(rb"\s*\{"),
    Kind.TICKERS: re.compile(rb"\s*\{"),
}
_ENDS = {
    Kind.FEED: re.compile(rb"</feed>\s*\Z"),
    Kind.LISTING: re.compile(rb"\}\s*\Z"),
    Kind.DAILY_INDEX: re.compile(rb"\n\s*\Z"),
    Kind.QUARTERLY_INDEX: re.compile(rb"\n\s*\Z"),
    Kind.SUBMISSION: re.compile(rb"</(?:SEC-DOCUMENT|SUBMISSION)>\s*(?:-----END PRIVACY-ENHANCED MESSAGE-----\s*)?\Z"),
    Kind.COMPANY: re.compile(rb"\}\s*\Z"),
    Kind.TICKERS: re.compile(rb"\}\s*\Z"),
}
_TAIL = 512
_GZIP = b"\x1f\x8b"


def refusal(status: int, body: bytes) -> str | None:
    """The SEC's words, if this page refuses the site as a whole.

    Filings may quote the words, so they count in a page of HTML or an error only.
    """
    if status < 400 and not is_html(body):
        return None
    lowered = body[:_REFUSED_WITHIN].lower()
    return next((words for words in _REFUSALS if words.lower().encode() in lowered), None)


def is_not_there(body: bytes) -> str | None:
    """The archive's code for "no such file", if the body is that message."""
    found = _NOT_THERE.match(body)
    return found[1].decode() if found else None


def is_html(body: bytes) -> bool:
    return _HTML.match(body[:8192]) is not None


def title_of(body: bytes) -> str:
    """What a page of HTML calls itself, for a log line; "" where it has no title."""
    found = _TITLE.search(body[:8192])
    return " ".join(found[1].decode("utf-8", "replace").split()) if found else ""


def strangeness(kind: Kind, body: bytes) -> str | None:
    """Why these bytes of status 200 cannot be the kind of file that was asked for; None if they may be."""
    if not body.strip():
        return "an empty answer"
    if is_html(body):
        return f"a page of HTML ({title_of(body) or 'without a title'})"
    if not _BEGINS[kind].match(body[:_TAIL]):
        return f"not {kind.value}"
    if kind in _ENDS and not body.startswith(_GZIP) and not _ENDS[kind].search(body[-_TAIL:]):
        return f"{kind.value} without its end"
    return None
