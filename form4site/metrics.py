"""/metrics: how the archive stands, in Prometheus' text format, for staff and for programs on this machine.

Promises: every figure comes from the database and so is the same from every web process; what is not known is left out,
never 0. Written by hand, because a client library counts inside one process, and nothing here is known to one process.
For everybody else there is no such page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.common import no_append_slash
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.models import Channel, ChannelState
from accounts.selectors.backlog import outbox
from filings.models import Difference, EdgarBudget, EdgarRefusal, FeedLook, IngestStage, Stage
from form4site.backlog import evaluation_queues
from form4site.kit.visitors import connects_from_here, is_loopback, staff_only
from signals.selectors.freshness import freshness
from signals.selectors.operations import hearts, open_days, queues

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with its samples: the labels of each as (name, value), and its number."""

    name: str
    kind: str
    help: str
    samples: tuple[tuple[tuple[tuple[str, str], ...], float], ...]


def is_program_here(request: HttpRequest) -> bool:
    """Programs on this machine that ask the web server itself and not a proxy before it.

    A site with a public address has a proxy. Only one that was declared (TRUST_PROXY) is known to mark what it passes
    on; any other could pass on the whole world without a mark, so then there is staff only.
    """
    base = urlsplit(settings.BASE_URL).hostname or ""
    marked = settings.TRUST_PROXY or base == "localhost" or is_loopback(base)
    return marked and connects_from_here(request)


@no_append_slash
@csrf_exempt  # asked before the method and the token are: both would tell that it is here
def metrics(request: HttpRequest) -> HttpResponse:
    return _answer(request) if is_program_here(request) else _answer_to_staff(request)


@never_cache
@require_safe
def _answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(_lines(_all(timezone.now()))), content_type=CONTENT_TYPE)


_answer_to_staff = staff_only(_answer)


def _all(now: datetime) -> Iterator[Metric]:
    yield from _ledger(now)
    yield from _feeds(now)
    yield from _requests(now)
    yield from _outbox(now)
    fresh = freshness(now=now)
    beats = [(heart.name, _age(heart.at, now)) for heart in hearts(now=now) if heart.at]
    yield _by("heartbeat_age_seconds", "gauge", "Since the last sign of life.", "name", beats)
    yield _one("live", "gauge", "1 where the site follows the SEC by itself.", fresh.live)
    yield _one("stale", "gauge", "1 where pages say that they are not up to date.", fresh.trouble is not None)


def _ledger(now: datetime) -> Iterator[Metric]:
    stages = dict(IngestStage.objects.order_by().values_list("stage").annotate(Count("pk")))
    counts = [(stage.value, float(stages.get(stage.value, 0))) for stage in Stage]
    yield _by("filings", "gauge", "Filings in the ledger by the stage they have come to.", "stage", counts)
    found = queues(now=now) + evaluation_queues(now=now)
    waiting = [(queue.key, float(queue.count)) for queue in found]
    yield _by("backlog", "gauge", "Filings owed a stage, and signals owed an evaluation.", "queue", waiting)
    late = [(queue.key, float(queue.late)) for queue in found if queue.late is not None]
    yield _by("backlog_late", "gauge", "Of these, due for over two minutes and not begun.", "queue", late)
    oldest = [(queue.key, _age(queue.oldest, now)) for queue in found if queue.oldest]
    yield _by("backlog_oldest_seconds", "gauge", "Since the longest waiting one was seen.", "queue", oldest)
    unconfirmed = Difference.objects.filter(settled_at=None).count()
    yield _one("differences_unconfirmed", "gauge", "Differences from the SEC's lists not settled yet.", unconfirmed)
    yield _one("index_days_open", "gauge", "Days whose index should be there and is not.", open_days(now=now))


def _feeds(now: datetime) -> Iterator[Metric]:
    looks = list(FeedLook.objects.order_by("form"))
    ages = [(look.form, _age(look.read_at, now)) for look in looks if look.read_at]
    yield _by("feed_age_seconds", "gauge", "Since the feed of this form was last read whole.", "form", ages)
    lags = [(look.form, look.lag.total_seconds()) for look in looks if look.lag is not None]
    yield _by("feed_lag_seconds", "gauge", "From acceptance to here, of the newest filing.", "form", lags)


def _requests(now: datetime) -> Iterator[Metric]:
    budget = EdgarBudget.objects.first()
    if budget is not None:
        lanes = [("live", float(budget.live_requests)), ("historic", float(budget.historic_requests))]
        yield _by("edgar_requests_total", "counter", "Requests let through to the SEC.", "lane", lanes)
        yield _one("edgar_failures_in_a_row", "gauge", "Answers of no use since the last good one.", budget.failures)
        yield _one("edgar_refused", "gauge", "1 during a penalty and until a probe is back.", budget.is_refused)
        left = (budget.refused_until - now).total_seconds() if budget.refused_until else 0.0
        yield _one("edgar_penalty_seconds", "gauge", "What is left of the penalty.", max(left, 0.0))
    yield _one("edgar_refusals_total", "counter", "Refusals by the SEC.", EdgarRefusal.objects.count())


def _outbox(now: datetime) -> Iterator[Metric]:
    found = outbox(now=now)
    states = [("waiting", found.waiting), ("under_way", found.under_way), ("unknown", found.unknown)]
    yield _by("deliveries", "gauge", "Alerts and webhooks that are not settled.", "state", states)
    yield _one("deliveries_late", "gauge", "Of those waiting, due for over two minutes and not begun.", found.late)
    if found.oldest_at:
        yield _one("deliveries_oldest_seconds", "gauge", "Since the longest waiting one.", _age(found.oldest_at, now))
    stopped = Channel.objects.filter(state=ChannelState.STOPPED, stopped_reason="delivery_failures").count()
    yield _one("channels_stopped", "gauge", "Channels that were stopped because they failed for days.", stopped)


def _age(moment: datetime | None, now: datetime) -> float:
    """Seconds since then; 0 where clocks of two machines differ."""
    return max((now - moment).total_seconds(), 0.0) if moment else 0.0


def _one(name: str, kind: str, text: str, value: float) -> Metric:
    return Metric(name, kind, text, (((), float(value)),))


def _by(name: str, kind: str, text: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    return Metric(name, kind, text, tuple((((label, key),), float(value)) for key, value in values))


def _lines(metrics: Iterable[Metric]) -> Iterator[str]:
    """The text format, version 0.0.4. Label values are words of ours and need no escapes."""
    for metric in metrics:
        if metric.samples:
            yield f"# HELP form4site_{metric.name} {metric.help}\n# TYPE form4site_{metric.name} {metric.kind}\n"
        for labels, value in metric.samples:
            inside = ",".join(f'{name}="{word}"' for name, word in labels)
            yield f"form4site_{metric.name}{f'{{{inside}}}' if inside else ''} {value:.15g}\n"
