"""The outbox emptied: claimed, sent with no transaction open, settled.

Promises: what is written before a try is made is enough for somebody else to go on after `kill -9` at any moment; a
receiver that is slow, broken or hostile takes one of many places for at most 15 seconds. One thread talks to the
database, another keeps all requests going at once, two more hand mails to the mail server.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.delivery import chat, email, webhook
from accounts.delivery.outcome import Fault, Kind, Outcome
from accounts.delivery.plan import PACE, Pace
from accounts.models import ChannelKind
from accounts.sealing import Unsealable
from accounts.services import channels
from accounts.services.claiming import Held, begin, claim, database_clock, next_at, recover
from accounts.services.settling import SendReport, settle

log = logging.getLogger(__name__)

SECONDS = 20.0  # after which nothing new is begun; what is under way ends within the deadline of a try
PLACES = 32
TROUBLED = 16  # of the places, for channels that fail at present
MAILERS = 2
LOOK_AGAIN = 0.2
RECOVER_EVERY = 5.0

Work = Callable[[], Outcome] | Coroutine[Any, Any, Outcome]


def send_owed(
    *,
    seconds: float = SECONDS,
    places: int = PLACES,
    pace: Pace = PACE,
    now: datetime | None = None,
    until_empty: bool = False,
) -> SendReport:
    """Sends what is due until nothing is, or begins nothing more after `seconds`. Safe in many processes at once.

    `now` stands in for the clock, and then nothing that is due later is waited for. With `until_empty` False it also
    waits for what becomes due within `seconds`, so that a channel's pace does not leave it to the next ring.
    """
    report = SendReport()
    ends_at, recover_at = time.monotonic() + seconds, 0.0
    under_way: dict[Future[Outcome], Held] = {}
    with Senders() as senders:
        while True:
            open_for_more = time.monotonic() < ends_at
            if open_for_more and time.monotonic() >= recover_at:
                recover_at = time.monotonic() + RECOVER_EVERY
                report.recovered += recover(now=now)
            if open_for_more and (room := places - len(under_way)) > 0:
                troubled = sum(held.channel.failing_since is not None for held in under_way.values())
                room_for_troubled = max(min(TROUBLED, places) - troubled, 0)
                taken = claim(room=room, troubled_room=room_for_troubled, pace=pace, now=now)
                under_way |= _start(senders, taken, pace, report, now)
            if not under_way:
                if not open_for_more or now is not None or until_empty or not _worth_waiting(ends_at):
                    return report
                continue
            done, _ = wait(under_way, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
            for future in done:
                settle(under_way.pop(future), _result(future), pace=pace, report=report, now=now)


def _worth_waiting(ends_at: float) -> bool:
    """Sleeps until something can be begun, if that is soon enough to be begun here."""
    moment = next_at()
    if moment is None:
        return False
    pause = max((moment - database_clock()).total_seconds(), 0.01)
    if time.monotonic() + pause >= ends_at:
        return False
    time.sleep(min(pause, LOOK_AGAIN))
    return True


def _start(
    senders: Senders, taken: list[Held], pace: Pace, report: SendReport, now: datetime | None
) -> dict[Future[Outcome], Held]:
    """Puts together what was claimed, writes down that it is being sent, and hands it over."""
    ready: list[tuple[Held, Work | Outcome]] = [(held, _work(held)) for held in taken]
    begun = begin([held.token for held in taken], now=now) if taken else set()
    started: dict[Future[Outcome], Held] = {}
    for held, work in ready:
        if held.token not in begun:
            if asyncio.iscoroutine(work):
                work.close()
            report.late += 1
        elif isinstance(work, Outcome):
            settle(held, work, pace=pace, report=report, now=now)
        else:
            started[senders.start(work)] = held
    return started


def _work(held: Held) -> Work | Outcome:
    """The try to make, or what became of it already."""
    channel = held.channel
    try:
        if channel.kind == ChannelKind.EMAIL:
            if not channels.still_confirmed(channel):
                words = "The address is not a confirmed one of its owner any more."
                return Outcome(Kind.GONE, 0, fault=Fault.MAIL_REFUSED, words=words)
            mail = email.message(channel, held.deliveries)
            return lambda: email.send(mail)
        if channel.kind == ChannelKind.CHAT:
            return chat.deliver(chat.parcel(channel, held.delivery))
        return webhook.send(webhook.parcel(channel, held.delivery, timezone.now()))
    except Unsealable:
        log.error("The secret of channel %s was sealed with a key that is gone", channel.pk)
        return Outcome(Kind.OURS, 0, fault=Fault.OTHER, words="The secret of this channel cannot be read here.")
    except Exception:  # one delivery that cannot be put together must not stop the others
        log.exception("Delivery %s could not be put together", held.delivery.pk)
        return Outcome(Kind.HOPELESS, 0, fault=Fault.OTHER, words="This delivery could not be put together.")


def _result(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except Exception:
        log.exception("A try of a delivery broke")
        return Outcome(Kind.AGAIN, 0, fault=Fault.OTHER, words="The try broke off.")


def _finished(future: Future[Outcome]) -> Future[Outcome]:
    wait([future])
    return future


def send_now(held: Held, *, pace: Pace = PACE) -> Outcome | None:
    """One claimed delivery, tried at once, for whoever waits for it; None if the claim was lost meanwhile."""
    report = SendReport()
    work = _work(held)
    if held.token not in begin([held.token]):
        if asyncio.iscoroutine(work):
            work.close()
        return None
    if isinstance(work, Outcome):
        outcome = work
    else:
        with Senders() as senders:
            outcome = _result(_finished(senders.start(work)))
    settle(held, outcome, pace=pace, report=report)
    return outcome


@dataclass(slots=True)
class Senders:
    """The threads that send. None of them touches the database."""

    loop: asyncio.AbstractEventLoop
    thread: threading.Thread
    mailers: ThreadPoolExecutor

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="send", daemon=True)
        self.mailers = ThreadPoolExecutor(MAILERS, thread_name_prefix="mail")

    def __enter__(self) -> Senders:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
        self.mailers.shutdown()

    def start(self, work: Work) -> Future[Outcome]:
        if asyncio.iscoroutine(work):
            return asyncio.run_coroutine_threadsafe(work, self.loop)
        return self.mailers.submit(work)
