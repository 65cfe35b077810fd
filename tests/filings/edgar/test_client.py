"""The one door: what is sent, what counts as an answer, and what every kind of bad answer becomes."""

from __future__ import annotations

import functools
import gzip
import subprocess
import sys
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.db import transaction
from django.utils import timezone

from filings.edgar import budget, client
from filings.edgar.client import Kind, Lane, fetch
from filings.errors import EdgarError, EdgarOff, EdgarRefused, EdgarUnavailable, NotThere
from filings.models import EdgarBudget, EdgarRefusal
from tests.conftest import ROOT
from tests.filings.edgar import pages
from tests.filings.edgar.conftest import AGENT, PATH
from tests.filings.edgar.server import (
    Handler,
    chunked,
    dripping,
    dropped,
    flooding,
    head,
    in_turn,
    raw,
    silent,
    whole,
    zipped,
)  # fmt: skip
from tests.filings.services.papers import site_environment

pytestmark = [pytest.mark.django_db(transaction=True)]

MB = 1024 * 1024
BODY = pages.SUBMISSION


@pytest.fixture(autouse=True)
def quick_returns(monkeypatch):
    """The waits between requests are the budget's affair, and tested there."""
    monkeypatch.setattr(client.random, "uniform", lambda low, high: 0.0)
    monkeypatch.setattr(budget, "SPACING", timedelta(0))


# --- what is sent ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agent", ["", "   ", "Me\r\nX-More: yes me@example.com", "Mé me@example.com"])
def test_without_a_declared_agent_not_even_a_connection_is_opened(edgar, ask, settings, agent):
    settings.EDGAR_USER_AGENT = agent

    with pytest.raises(EdgarOff) as refusal:
        ask()

    assert edgar.connections == 0
    assert not refusal.value.transient
    assert "EDGAR_USER_AGENT" in str(refusal.value)


def test_every_request_says_who_asks_and_what_it_can_read(edgar, ask):
    edgar.answers[PATH] = zipped(BODY)

    ask()

    said = edgar.seen[0][2].lower()
    assert f"user-agent: {AGENT}\r\n" in said
    assert "accept-encoding: gzip, deflate\r\n" in said
    assert f"host: {edgar.url.removeprefix('http://')}\r\n" in said


def test_no_other_host_is_ever_asked(edgar):
    for url in ("http://127.0.0.1:1/asked", f"{edgar.url}.example/asked", edgar.url.replace("http:", "https:") + PATH):
        with pytest.raises(ValueError, match="EDGAR_BASE_URL"):
            fetch(url, lane=Lane.LIVE, kind=Kind.FEED)
    assert edgar.connections == 0


def test_inside_a_transaction_nothing_is_asked(edgar, ask):
    with transaction.atomic(), pytest.raises(RuntimeError, match="transaction"):
        ask()
    assert edgar.connections == 0


# --- what counts as an answer ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        whole(BODY),
        zipped(BODY),
        whole(zlib.compress(BODY), Content_Encoding="deflate"),
        chunked(BODY),
        raw(head(Content_Encoding="gzip") + gzip.compress(BODY)),
        raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" + head(Content_Length=str(len(BODY))) + BODY),
    ],
    ids=["plain", "gzip", "deflate", "chunked", "gzip-to-the-end-of-the-connection", "after-an-early-hint"],
)
def test_a_whole_answer_is_given_as_it_was_sent(edgar, ask, answer):
    edgar.answers[PATH] = answer

    before = timezone.now()
    given = ask()

    assert given.content == BODY
    assert before <= given.fetched_at <= timezone.now()


def test_an_answer_carries_its_date_and_tag(edgar, ask):
    edgar.answers[PATH] = zipped(BODY, ETag='"abc"', Last_Modified="Mon, 05 Jan 2026 23:00:00 GMT")

    given = ask()

    assert given.etag == '"abc"'
    assert given.last_modified == datetime(2026, 1, 5, 23, tzinfo=UTC)


def test_a_filing_that_quotes_a_refusal_is_a_filing(edgar, ask):
    assert b"Undeclared Automated Tool" in BODY
    edgar.answers[PATH] = whole(BODY)

    assert ask().content == BODY
    assert not EdgarRefusal.objects.exists()


# --- refused, not there, unavailable ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["403 Forbidden", "200 OK", "429 Too Many Requests", "503 Unavailable"])
@pytest.mark.parametrize("page", [pages.RATE, pages.UNDECLARED], ids=["rate", "undeclared"])
def test_a_refusal_is_known_by_its_body_at_any_status_and_stops_everything(edgar, ask, page, status):
    edgar.answers[PATH] = zipped(page, status)
    edgar.answers["/other"] = whole(BODY)

    before = timezone.now()
    with pytest.raises(EdgarRefused) as refusal:
        ask()
    with pytest.raises(EdgarRefused):
        ask("/other")
    with pytest.raises(EdgarRefused):
        ask("/other", lane=Lane.HISTORIC)

    assert len(edgar.seen) == 1
    assert refusal.value.transient
    assert refusal.value.until >= before + timedelta(seconds=599)
    assert EdgarBudget.objects.get().refused_until == refusal.value.until
    kept = EdgarRefusal.objects.get()
    assert (kept.until, kept.address) == (refusal.value.until, edgar.url + PATH)


@pytest.mark.parametrize(
    "answer",
    [
        raw(head("403 Forbidden", Content_Length="9999") + pages.RATE),
        raw(head("403 Forbidden", Content_Encoding="gzip") + gzip.compress(pages.RATE + bytes(9999))[:-9]),
        dropped(head("403 Forbidden", Content_Length="9999") + pages.RATE),
    ],
    ids=["short", "cut-gzip", "reset"],
)
def test_a_refusal_that_is_cut_short_is_a_refusal(edgar, ask, answer):
    edgar.answers[PATH] = answer

    with pytest.raises(EdgarRefused):
        ask()
    assert len(edgar.seen) == 1


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "200 OK"])
@pytest.mark.parametrize("message", [pages.DENIED, pages.NO_KEY], ids=["AccessDenied", "NoSuchKey"])
def test_the_archives_message_means_not_there_yet(edgar, ask, message, status):
    edgar.answers[PATH] = zipped(message, status)

    with pytest.raises(NotThere) as absence:
        ask()

    assert absence.value.transient
    assert EdgarBudget.objects.get().refused_until is None
    assert EdgarBudget.objects.get().failures == 0


USELESS = {
    "503": zipped(pages.OUTAGE, "503 Service Unavailable"),
    "429": zipped(b"slow down", "429 Too Many Requests"),
    "403 with other words": zipped(pages.OUTAGE, "403 Forbidden"),
    "404 of HTML": zipped(pages.OUTAGE, "404 Not Found"),
    "404 of nothing": whole(b"", "404 Not Found"),
    "500": whole(b"oops", "500 Internal Server Error"),
    "html with status 200": zipped(pages.OUTAGE),
    "html after a declaration": whole(b"<?xml version='1.0'?>\n<!-- x -->\n" + pages.OUTAGE),
    "empty": whole(b""),
    "only blanks": whole(b"  \r\n \n"),
    "no content": raw(head("204 No Content")),
    "part of it": whole(BODY, "206 Partial Content"),
    "not modified": raw(head("304 Not Modified")),
    "garbage": whole(bytes(range(256)) * 8),
    "zipped garbage": zipped(bytes(range(256)) * 8),
    "garbage that says gzip": whole(bytes(range(256)) * 8, Content_Encoding="gzip"),
    "not even HTTP": raw(bytes(range(256)) * 8),
    "a coding nobody asked for": whole(BODY, Content_Encoding="br"),
    "twice zipped": whole(gzip.compress(gzip.compress(BODY)), Content_Encoding="gzip, gzip"),
    "a prefix of the right length": whole(BODY[:1000]),
    "the wrong kind of file": whole(pages.LISTING),
    "two lengths": raw(head(Content_Length=f"{len(BODY)}\r\nContent-Length: 7") + BODY),
    "shorter than its length": raw(head(Content_Length=str(len(BODY) + 1)) + BODY),
    "longer than its length": raw(head(Content_Length=str(len(BODY))) + BODY + b"HTTP/1.1 200 OK\r\n\r\n"),
    "of no known length": raw(head() + BODY),
    "gzip cut short": raw(head(Content_Encoding="gzip") + gzip.compress(BODY)[:-1]),
    "gzip longer than its length": whole(gzip.compress(BODY) + b"x", Content_Encoding="gzip"),
    "gzip with a wrong sum": whole(gzip.compress(BODY)[:-8] + bytes(8), Content_Encoding="gzip"),
    "chunks without an end": chunked(BODY, end=b""),
    "a chunk cut short": raw(head(Transfer_Encoding="chunked") + b"fff\r\nabc"),
    "dropped at once": dropped(),
    "dropped within the headers": dropped(head()[:-5]),
    "dropped within the body": dropped(head(Content_Length=str(len(BODY))) + BODY[:1000]),
}


@pytest.mark.parametrize("answer", USELESS.values(), ids=USELESS)
def test_what_is_no_whole_answer_is_unavailable_and_never_an_answer(edgar, ask, answer):
    edgar.answers[PATH] = answer

    with pytest.raises(EdgarUnavailable) as problem:
        ask()

    assert problem.value.transient
    assert PATH in str(problem.value)
    assert not problem.value.past_the_end
    assert EdgarBudget.objects.get().failures == len(edgar.seen) >= 1
    assert not EdgarRefusal.objects.exists()


LISTS = {
    Kind.FEED: pages.feed(pages.entry("4", 1214156, "0009999999-26-000001")),
    Kind.LISTING: pages.LISTING,
    Kind.DAILY_INDEX: pages.form_index(pages.form_row("4", "Doe Jane", 1214156, "0009999999-26-000001")),
    Kind.QUARTERLY_INDEX: gzip.compress(pages.master_index((1214156, "Doe Jane", "4", "0009999999-26-000001"))),
    Kind.SUBMISSION: BODY,
    Kind.COMPANY: b'{"cik": "1", "name": "X"}',
    Kind.TICKERS: b'{"fields": ["cik"], "data": []}',
}


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_every_kind_takes_its_own_file_and_neither_html_nor_nothing_nor_garbage(edgar, ask, kind):
    edgar.answers[PATH] = whole(LISTS[kind])
    assert ask(kind=kind).content == LISTS[kind]

    for wrong in (pages.OUTAGE, b"", b"\n", bytes(range(256)), b"No filings today."):
        edgar.answers[PATH] = whole(wrong)
        with pytest.raises(EdgarUnavailable):
            ask(kind=kind)
    edgar.answers[PATH] = whole(pages.RATE)
    with pytest.raises(EdgarRefused):
        ask(kind=kind)


def test_an_answer_cut_anywhere_is_never_taken(edgar, ask, monkeypatch):
    monkeypatch.setattr(client, "CHEAP_RETRIES", 0)
    monkeypatch.setattr(budget, "FAILING_AFTER", 10_000)
    index = pages.form_index(*(pages.form_row("4", f"Doe {n}", n, f"0009999999-26-{n:06}") for n in range(1, 60)))
    packed = gzip.compress(index)
    cuts = {
        "plain": [raw(head(Content_Length=str(len(index))) + index[:at]) for at in range(0, len(index), 1024)],
        "no length": [raw(head() + index[:at]) for at in range(0, len(index), 1024)],
        "gzip": [raw(head(Content_Encoding="gzip") + packed[:at]) for at in range(0, len(packed), 64)],
        "chunks": [chunked(index[:at], end=b"") for at in range(0, len(index), 1024)],
    }

    for way, answers in cuts.items():
        for answer in answers:
            edgar.answers[PATH] = answer
            with pytest.raises(EdgarUnavailable):
                pytest.fail(f"{way}: {len(ask(kind=Kind.DAILY_INDEX).content)} bytes were taken")


def test_a_redirect_is_not_followed(edgar, ask):
    edgar.answers[PATH] = whole(b"", "302 Found", Location=f"{edgar.url}/elsewhere")
    edgar.answers["/elsewhere"] = whole(BODY)

    with pytest.raises(EdgarUnavailable, match="elsewhere") as problem:
        ask()

    assert [path for _, path, _ in edgar.seen] == [PATH]
    assert problem.value.status == 302


def test_a_page_of_the_feed_past_its_end_can_be_told_from_its_first_page(edgar, ask):
    for path in ("/feed?start=0", "/feed?start=100"):
        edgar.answers[path] = zipped(pages.OUTAGE, "503 Service Unavailable")

    with pytest.raises(EdgarUnavailable) as first:
        ask("/feed?start=0", kind=Kind.FEED)
    with pytest.raises(EdgarUnavailable) as later:
        ask("/feed?start=100", kind=Kind.FEED)

    assert not first.value.past_the_end
    assert later.value.past_the_end
    assert EdgarBudget.objects.get().failures == 1  # the end of the feed is no sign of an outage


# --- asked again -------------------------------------------------------------------------------------------------


def test_a_dropped_connection_is_tried_again_at_once(edgar, ask):
    edgar.answers[PATH] = in_turn(dropped(), raw(head(Content_Length="9999") + BODY), whole(BODY))

    assert ask().content == BODY
    assert len(edgar.seen) == 3
    assert EdgarBudget.objects.get().failures == 0


def test_a_dead_server_is_tried_three_times_and_no_more(edgar, ask):
    edgar.close()

    with pytest.raises(EdgarUnavailable):
        ask()
    assert EdgarBudget.objects.get().failures == 3


def test_an_outage_is_left_to_the_caller(edgar, ask):
    edgar.answers[PATH] = in_turn(USELESS["503"], whole(BODY))

    with pytest.raises(EdgarUnavailable) as problem:
        ask()
    assert problem.value.status == 503
    assert len(edgar.seen) == 1


NOON = datetime.now(UTC)


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("5", 5, 5),
        ("0", 1, 1),
        ("-1", 1, 1),
        ("soon", 1, 1),
        ("1e9", 1, 1),
        ("²", 1, 1),
        ("1000000000", 3600, 3600),
        ("9" * 400, 3600, 3600),
        (timedelta(minutes=10), 595, 600),
        (-timedelta(days=10), 1, 1),
        ("Mon, 99 Foo 2026 25:61:00 GMT", 1, 1),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_wait_that_the_sec_asks_for_is_everybodys_within_a_second_and_an_hour(edgar, ask, status, asked, least, most):
    if isinstance(asked, timedelta):
        asked = format_datetime(datetime.now(UTC) + asked, usegmt=True)
    edgar.answers[PATH] = zipped(pages.OUTAGE, status, Retry_After=asked)
    edgar.answers["/other"] = whole(BODY)

    before = timezone.now()
    with pytest.raises(EdgarUnavailable) as problem:
        ask()
    after = timezone.now()

    slack = timedelta(seconds=1)
    assert (
        before + timedelta(seconds=least) - slack <= problem.value.retry_at <= after + timedelta(seconds=most) + slack
    )
    for lane in Lane:
        with pytest.raises(EdgarUnavailable) as waiting:
            ask("/other", lane=lane, patience=0.1)
        assert waiting.value.retry_at == problem.value.retry_at
    assert len(edgar.seen) == 1


def test_after_the_wait_the_next_request_goes(edgar, ask):
    edgar.answers[PATH] = zipped(b"", "503 Service Unavailable", Retry_After="1")
    edgar.answers["/other"] = whole(BODY)

    with pytest.raises(EdgarUnavailable):
        ask()
    assert ask("/other").content == BODY

    first, second = edgar.times()
    assert second - first >= 1.0


# --- time and memory ---------------------------------------------------------------------------------------------


SLOW = {
    "silent": silent,
    "a dripping body": dripping(head(Content_Length="100000"), b"x", 0.05),
    "dripping headers": dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", 0.05),
    "ever more headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n", 0.05),
    "ever more early hints": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05),
    "dripping chunks": dripping(head(Transfer_Encoding="chunked"), b"1\r\nx\r\n", 0.05),
    "a dripping gzip": dripping(head(Content_Encoding="gzip") + gzip.compress(BODY)[:12], b"", 0.05),
}


@pytest.mark.slow
@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
def test_no_answer_takes_longer_than_its_limit_however_it_drips(edgar, ask, limit, answer):
    limit(seconds=1.0)
    edgar.answers[PATH] = answer

    began = time.monotonic()
    with pytest.raises(EdgarUnavailable, match="within 1 s"):
        ask()

    assert time.monotonic() - began < 10  # not a speed: without the limit these never end
    assert len(edgar.seen) == 1


@functools.cache
def bomb(wbits: int, megabytes: int = 150, first: bytes = b"") -> bytes:
    """Nothing but zeros, packed, more than twice what may be taken; this process never holds them unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return packer.compress(first) + b"".join(packer.compress(bytes(MB)) for _ in range(megabytes)) + packer.flush()


GZIP, ZLIB = zlib.MAX_WBITS | 16, zlib.MAX_WBITS


def floods() -> dict[str, Handler]:
    return {
        "a gzip bomb": whole(bomb(GZIP), Content_Encoding="gzip"),
        "a zlib bomb": whole(bomb(ZLIB), Content_Encoding="deflate"),
        "a bomb in a bomb": whole(gzip.compress(bomb(GZIP)), Content_Encoding="gzip"),
        "a bomb behind html": whole(bomb(GZIP, first=pages.OUTAGE), Content_Encoding="gzip"),
        "a body without end": flooding(head(), b"x" * MB),
        "a body as long as it says": flooding(head(Content_Length=str(10**12)), b"x" * MB),
        "chunks without end": flooding(head(Transfer_Encoding="chunked"), b"10000\r\n" + b"x" * 65536 + b"\r\n"),
        "headers without end": flooding(b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n" * 5000),
        "one header without end": flooding(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 65536),
        "early hints without end": flooding(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000),
    }


# Asks for each path on stdin and says what came of it, and how much the most memory it ever had has grown by.
ASKING = """
import resource, sys
import django
django.setup()
from django.conf import settings
from filings.edgar.client import Kind, Lane, fetch
from filings.errors import EdgarError
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
for path in sys.stdin:
    before = peak()
    try:
        fetch(settings.EDGAR_BASE_URL + path.strip(), lane=Lane.LIVE, kind=Kind.SUBMISSION)
        said = "Answer"
    except EdgarError as error:
        said = type(error).__name__
    print(said, peak() - before, flush=True)
"""


@pytest.mark.slow
@pytest.mark.processes
def test_no_answer_takes_more_memory_than_its_limit_however_it_swells(edgar):
    """In a process of its own: a process that had much memory once cannot show that it takes more."""
    swelling = floods()
    edgar.answers = {"/warm": whole(BODY)} | {f"/{n}": answer for n, answer in enumerate(swelling.values())}
    environment = site_environment() | {
        "EDGAR_USER_AGENT": AGENT, "EDGAR_BASE_URL": edgar.url, "EDGAR_DATA_URL": edgar.url,
    }  # fmt: skip

    asked = "\n".join(edgar.answers)
    told = subprocess.run(
        [sys.executable, "-c", ASKING], input=asked, cwd=ROOT, env=environment, text=True,
        capture_output=True, timeout=120, check=True,
    ).stdout.split("\n")  # fmt: skip

    warm, *rest = [line.split() for line in told if line]
    assert warm[0] == "Answer"
    for name, (said, growth) in zip(swelling, rest, strict=True):
        assert said == "EdgarUnavailable", name
        assert int(growth) <= 64 * MB, name


def test_every_error_of_the_door_says_one_sentence_and_whether_to_come_again():
    errors: list[EdgarError] = [
        EdgarOff("off"), EdgarRefused("no", None), EdgarRefused("no", NOON), NotThere("x"), EdgarUnavailable("y"),
    ]  # fmt: skip
    assert all(str(error) and "\n" not in str(error) for error in errors)
    assert [error.transient for error in errors] == [False, True, True, True, True]
