"""News for programs: the events that webhooks subscribe to, written into the outbox.

Promises: an event about a subject is owed to a webhook once, whatever runs again: a filing by its accession, an
amendment by both accessions, a signal by its key and revision, a cluster by issuer and day. The payload refers, as
things stood when it was owed.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.urls import reverse

from accounts.models import Channel, ChannelKind
from accounts.news import OLD_AFTER, FilingNews, News, SignalNews
from accounts.services import outbox
from accounts.services.references import address, filing_page, filing_reference, signal_page
from signals.api.clusters import clusters_of_filings
from signals.models import LineReading, Reading

TRANSACTION_FILED, FILING_AMENDED, SIGNAL_RAISED = "TransactionFiled", "FilingAmended", "SignalRaised"
# The peer's clusters, by the preset of its endpoint; those of this site's own rules are signals.
CLUSTERS = {"ClusterBuy": ("isClusterBuy", "bought"), "ClusterSell": ("isClusterSell", "sold")}
EVENTS = (TRANSACTION_FILED, FILING_AMENDED, SIGNAL_RAISED, *CLUSTERS)

_STATES = {"raised": "Signal", "changed": "Signal changed", "gone": "Signal undone"}


def news_from(now: datetime) -> datetime | None:
    """Three days ago, if a webhook asked for any of these. One that is paused or stopped is owed its replay."""
    hooks = Channel.objects.filter(kind=ChannelKind.WEBHOOK, event_types__overlap=list(EVENTS), user__is_active=True)
    return now - OLD_AFTER if hooks.exists() else None


def tell(news: News) -> None:
    if news.filings:
        fresh = [one for one in news.filings if one.is_first and not one.is_old]
        _new_filings(fresh, news)
        _clusters(fresh, news)
        _amended_filings([one for one in news.filings if one.amended_by], news)
    if news.signals and (hooks := _hooks(SIGNAL_RAISED)):
        for signal in (one for one in news.signals if not one.is_old):
            _signal(signal, hooks, news)


def _hooks(event: str) -> list[Channel]:
    return list(Channel.objects.told_of(event).filter(user__is_active=True).order_by("pk"))


def _readings(accessions: set[str]) -> dict[str, Reading]:
    """With what a reference needs. One whose filing has gone meanwhile is told of when it is there again."""
    found = Reading.objects.filter(filing__in=accessions).select_related("filing", "issuer")
    return {reading.filing_id: reading for reading in found}


def _new_filings(filings: list[FilingNews], news: News) -> None:
    if not filings or not (hooks := _hooks(TRANSACTION_FILED)):
        return
    readings = _readings({one.accession for one in filings})
    for one in sorted(filings, key=lambda one: (one.known_at, one.accession)):
        refers = filing_reference(readings[one.accession])
        outbox.owe_all(
            channels=hooks,
            event=TRANSACTION_FILED,
            subject_key=one.accession,
            payload=refers,
            title=f"Form {refers['Form']} filed: {refers['CompanyName'] or refers['IssuerCik']}",
            text=refers["Headline"],
            link=filing_page(one.accession),
            now=news.at,
        )


def _clusters(filings: list[FilingNews], news: News) -> None:
    """Once for an issuer and a day, whichever filing completes the cluster, and however it grows on that day."""
    hooks = {event: found for event in CLUSTERS if (found := _hooks(event))}
    if not filings or not hooks:
        return
    for issuer, row in clusters_of_filings(one.accession for one in filings):
        for event, (flag, word) in CLUSTERS.items():
            if not row[flag] or event not in hooks:
                continue
            subject = f"{issuer.cik} {row['signalDate']} {word}"
            page = reverse("signals:issuer", args=[issuer.cik])
            outbox.owe_all(
                channels=hooks[event],
                event=event,
                subject_key=subject,
                payload={
                    "SignalId": subject.replace(" ", ":"),
                    "Ticker": row["ticker"],
                    "CompanyName": row["companyName"],
                    "SignalDate": row["signalDate"],
                    "InsiderCount": row["insiderCount"],
                    "BuySellRatio": row["buySellRatio"],
                    "IssuerCik": issuer.cik,
                    "Url": address(page),
                },
                title=f"{row['insiderCount']} insiders of {row['companyName'] or issuer.cik} {word} within five days",
                text=f"By {row['signalDate']} {row['insiderCount']} insiders, counted by CIK, {word} within five days.",
                link=page,
                now=news.at,
            )


def _amended_filings(filings: list[FilingNews], news: News) -> None:
    if not filings or not (hooks := _hooks(FILING_AMENDED)):
        return
    readings = _readings({one.accession for one in filings} | {by for one in filings for by in one.amended_by})
    withdrawn: dict[str, list[LineReading]] = {}
    lines = LineReading.objects.filter(filing__in=[one.accession for one in filings], withdrawn_by__isnull=False)
    for line in lines.order_by("filing", "table", "row"):
        withdrawn.setdefault(line.filing_id, []).append(line)
    for one in sorted(filings, key=lambda one: (one.known_at, one.accession)):
        reading = readings[one.accession]
        for by in one.amended_by:
            refers: dict[str, Any] = {
                "AmendedBy": by,
                "Revision": one.revision,
                "Superseded": [
                    {"Table": table, "Kind": kind, "Row": row}
                    for table, kind, row, amender in reading.superseded
                    if amender == by
                ],
                "Withdrawn": [
                    {"Table": line.table, "Kind": "transaction", "Row": line.row}
                    for line in withdrawn.get(one.accession, ())
                    if line.withdrawn_by == by
                ],
            }
            outbox.owe_all(
                channels=hooks,
                event=FILING_AMENDED,
                subject_key=f"{one.accession} by {by}",
                payload=filing_reference(reading) | refers,
                title=f"Amended: {one.accession}",
                text=f"{by} restates or takes back rows of {one.accession}. {readings[by].headline}",
                link=filing_page(one.accession),
                now=news.at,
            )


def _signal(one: SignalNews, hooks: list[Channel], news: News) -> None:
    refers = one.reference
    outbox.owe_all(
        channels=hooks,
        event=SIGNAL_RAISED,
        subject_key=signal_subject(one),
        payload=refers | {"State": one.state, "Revision": one.revision},
        title=f"{_STATES[one.state]}: {refers['Kind'].replace('_', ' ')}, {refers['CompanyName'] or one.issuer_cik}",
        text=refers["Sentence"],
        link=signal_page(one.key) if one.state != "gone" else None,
        now=news.at,
    )


def signal_subject(one: SignalNews) -> str:
    """The key and the revision; a key that is too long by its digest."""
    key = one.key if len(one.key) <= 160 else blake2b(one.key.encode(), digest_size=20).hexdigest()
    return f"{key} r{one.revision}"
