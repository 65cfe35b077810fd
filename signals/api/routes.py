"""The endpoints over the readings: which question, which answer. The peer's names first, then ours."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Query, Router

from form4site.kit.api import answer, bad_request, not_found
from signals.api import answers, clusters, native, parties, people, site
from signals.api.parameters import CRITERIA, OF_THE_FEED
from signals.api.questions import (
    Day,
    FilingQuestion,
    Flag,
    InsiderTransactionQuestion,
    Paged,
    TransactionQuestion,
    Whole,
)
from signals.api.transactions import cik_of, transactions

peer = Router(tags=["peer"])
ours = Router(tags=["form4site"])
open_to_all = Router(tags=["site"])

FAILURES = answers.FAILURES


def told(schema: Any) -> dict[int, Any]:
    return {200: schema, 304: None, **FAILURES}


# --- transactions and filings ---------------------------------------------------------------------------------------


@peer.get("/transactions", response=told(list[answers.Transaction]), summary="Transaction lines that stand")  # type: ignore[valid-type]
def list_transactions(request: HttpRequest, asked: Query[TransactionQuestion]) -> HttpResponse:
    return answer(request, transactions(asked))


@peer.get(
    "/transactions/export", response=told(None), summary="The same lines as CSV, streamed", include_in_schema=True
)
def export_transactions(request: HttpRequest, asked: Query[TransactionQuestion]) -> HttpResponse:
    from signals.api.export import transactions_csv

    response = StreamingHttpResponse(transactions_csv(asked), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="transactions.csv"'
    response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]


@peer.get("/filings", response=told(list[answers.Filing]), summary="Forms 4 and 4/A, newest first")  # type: ignore[valid-type]
def list_filings(request: HttpRequest, asked: Query[FilingQuestion]) -> HttpResponse:
    return answer(request, parties.filings(asked))


@peer.get("/filings/recent", response=told(list[answers.Filing]))  # type: ignore[valid-type]
def recent_filings(
    request: HttpRequest, ticker: str | None = None, per_page: Whole = None, limit: Whole = None
) -> HttpResponse:
    rows = max(1, min(per_page or limit or 20, 500))
    return answer(request, parties.filings(FilingQuestion.model_validate({"ticker": ticker}), slice(0, rows)))


@peer.get("/filings/{accession}", response=told(answers.Filing))
def one_filing(request: HttpRequest, accession: str) -> HttpResponse:
    from filings.models import Filing

    key = native.accession_of(accession)
    found = Filing.objects.filter(accession=key, form__in=parties.FORM_4)
    rows = parties.filings_of(found)
    if not rows:
        raise not_found(f"No Form 4 {key} is here.")
    return answer(request, rows[0], changed_at=native.changed_at(key))


# --- companies --------------------------------------------------------------------------------------------------------


@peer.get("/companies", response=told(list[answers.Company]))  # type: ignore[valid-type]
def list_companies(request: HttpRequest, sort: str | None = None, limit: Whole = None) -> HttpResponse:
    if limit is not None and limit < 1:
        raise bad_request("limit is 1 at least.")
    return answer(request, parties.companies(sort, limit))


@peer.get("/companies/{ticker}", response=told(answers.Company))
def one_company(request: HttpRequest, ticker: str) -> HttpResponse:
    from filings.models import Issuer

    found = parties.issuer_of(ticker)
    return answer(request, parties.companies_of(Issuer.objects.filter(cik=found.cik))[0])


@peer.get("/companies/{ticker}/insiders", response=told(list[answers.Insider]))  # type: ignore[valid-type]
def company_insiders(request: HttpRequest, ticker: str, asked: Query[Paged]) -> HttpResponse:
    rows = parties.insiders_at(parties.issuer_of(ticker))
    return answer(request, rows if asked.page is None and asked.per_page is None else rows[asked.window(500)])


@peer.get("/companies/{ticker}/peers", response=told(answers.Peers))
def company_peers(request: HttpRequest, ticker: str, limit: Whole = None) -> HttpResponse:
    return answer(request, parties.peers(parties.issuer_of(ticker), limit))


# --- insiders ---------------------------------------------------------------------------------------------------------


@peer.get("/insiders", response=told(list[answers.Insider]))  # type: ignore[valid-type]
def list_insiders(request: HttpRequest, asked: Query[Paged], name: str | None = None) -> HttpResponse:
    return answer(request, parties.search_insiders(name, asked))


@peer.get("/insiders/directory", response=told(answers.Anything))
def insiders_directory(request: HttpRequest, asked: Query[Paged], letter: str | None = None) -> HttpResponse:
    return answer(request, people.directory(letter, asked))


@peer.get("/insiders/leaderboard", response=told(answers.Anything))
def insiders_leaderboard(
    request: HttpRequest,
    horizon: str | None = None,
    order: str | None = None,
    min_trades: Whole = None,
    limit: Whole = None,
) -> HttpResponse:
    return answer(request, people.leaderboard(horizon, order, min_trades, limit))


@peer.get("/insiders/{cik}", response=told(answers.Insider))
def one_insider(request: HttpRequest, cik: str) -> HttpResponse:
    return answer(request, parties.insider_of(cik))


@peer.get("/insiders/{cik}/transactions", response=told(list[answers.Transaction]))  # type: ignore[valid-type]
def insider_transactions(request: HttpRequest, cik: str, asked: Query[InsiderTransactionQuestion]) -> HttpResponse:
    who = parties.insider_of(cik)
    given = asked.model_dump(by_alias=True, exclude_none=True)
    question = TransactionQuestion.model_validate({**given, "insider_cik": who["cik"]})
    return answer(request, transactions(question))


@peer.get("/insiders/{cik}/summary", response=told(answers.Anything))
def insider_summary(request: HttpRequest, cik: str) -> HttpResponse:
    return answer(request, people.summary(cik))


@peer.get("/insiders/{cik}/scorecard", response=told(answers.Anything))
def insider_scorecard(request: HttpRequest, cik: str) -> HttpResponse:
    return answer(request, people.scorecard(cik))


# --- signals ----------------------------------------------------------------------------------------------------------


@peer.get("/signals", response=told(list[answers.Signal]), summary="Clusters by the peer's preset")  # type: ignore[valid-type]
def list_signals(
    request: HttpRequest,
    asked: Query[Paged],
    ticker: str | None = None,
    cluster_buy: Flag = None,
    cluster_sell: Flag = None,
) -> HttpResponse:
    return answer(request, clusters.signals(ticker, cluster_buy, cluster_sell, asked))


@peer.get("/signals/sentiment/{ticker}", response=told(answers.Anything))
def sentiment(request: HttpRequest, ticker: str, months: Whole = None) -> HttpResponse:
    return answer(request, clusters.sentiment(ticker, months, timezone.now().date()))


@peer.get("/signals/convergence", response=told(list[answers.Anything]))
def convergence(request: HttpRequest) -> HttpResponse:
    return answer(request, [])


@peer.get("/signals/{ticker}/explain", response=told(answers.Anything))
def explain(request: HttpRequest, ticker: str, date: Day = None) -> HttpResponse:
    return answer(request, clusters.explain(ticker, date))


@peer.get("/search", response=told(answers.Anything))
def search(request: HttpRequest, q: str | None = None, limit: Whole = None) -> HttpResponse:
    return answer(request, site.search(q, limit))


# --- what other filings would fill: nothing is here, and lists say so -------------------------------------------------

for _path in ("form144", "holdings", "managers", "ownership/13d-13g", "congress/trades", "congress/politicians"):

    @peer.get(
        f"/{_path}", response=told(list[answers.Anything]), operation_id=f"none_of_{_path}", summary="Out of scope"
    )
    def nothing(request: HttpRequest) -> HttpResponse:
        return answer(request, [])


# --- the site itself, without a key -----------------------------------------------------------------------------------


@open_to_all.get("/stats", response=told(answers.Anything), auth=None)
def stats(request: HttpRequest) -> HttpResponse:
    return answer(request, site.stats())


@open_to_all.get("/data-quality", response=told(answers.Anything), auth=None)
def data_quality(request: HttpRequest) -> HttpResponse:
    return answer(request, site.data_quality())


@open_to_all.get("/status/history", response=told(answers.Anything), auth=None)
def status_history(request: HttpRequest) -> HttpResponse:
    return answer(request, site.status_history())


# --- ours -------------------------------------------------------------------------------------------------------------


@ours.get("/facts/{accession}", response=told(answers.Anything), summary="A filing as filed, Forms 3 and 5 too")
def facts(request: HttpRequest, accession: str) -> HttpResponse:
    return answer(request, native.filing(accession), changed_at=native.published_at(accession))


@ours.get("/readings/{accession}", response=told(answers.Anything), summary="What a filing means")
def reading(request: HttpRequest, accession: str) -> HttpResponse:
    return answer(request, native.reading(accession), changed_at=native.changed_at(accession))


@ours.get("/footnotes/{accession}", response=told(list[answers.Anything]), summary="Footnotes with cells and facts")
def footnotes(request: HttpRequest, accession: str) -> HttpResponse:
    return answer(request, native.footnotes(accession), changed_at=native.published_at(accession))


PAGING = ("after", "limit")


def _criteria(request: HttpRequest) -> Any:
    return native.criteria_of({name: request.GET.getlist(name) for name in request.GET if name not in PAGING})


@ours.get(
    "/trades",
    response=told(answers.Page),
    summary="Trades of a screen: any criteria of /screen/",
    openapi_extra=CRITERIA,
)
def list_trades(request: HttpRequest, after: str = "", limit: Whole = None) -> HttpResponse:
    return answer(request, native.trades(_criteria(request), after, limit or 100))


@ours.get(
    "/ledger",
    response=told(answers.Anything),
    summary="What a screen comes to, and what is left out and why",
    openapi_extra=CRITERIA,
)
def ledger(request: HttpRequest) -> HttpResponse:
    return answer(request, native.ledger(_criteria(request)))


@ours.get(
    "/signals/feed",
    response=told(answers.Page),
    summary="Signals of every kind, with their evidence",
    openapi_extra=OF_THE_FEED,
)
def signal_feed(request: HttpRequest, after: str = "", limit: Whole = None) -> HttpResponse:
    given = {name: request.GET.getlist(name) for name in request.GET if name not in PAGING}
    return answer(request, native.signals(given, after, limit or 100))


@ours.get("/signals/item/{key}", response=told(answers.Anything), summary="One signal by its key")
def signal_item(request: HttpRequest, key: str) -> HttpResponse:
    return answer(request, native.signal(key))


@ours.get("/timelines/issuers/{issuer}", response=told(answers.Page), summary="An issuer's trades that stand")
def issuer_timeline(
    request: HttpRequest, issuer: str, since: Day = None, until: Day = None, after: str = "", limit: Whole = None
) -> HttpResponse:
    among = Q(issuer=parties.issuer_of(issuer))
    return answer(request, native.timeline(among, since, until, after, limit or 100))


@ours.get("/timelines/insiders/{cik}", response=told(answers.Page), summary="An insider's trades that stand")
def insider_timeline(
    request: HttpRequest, cik: str, since: Day = None, until: Day = None, after: str = "", limit: Whole = None
) -> HttpResponse:
    among = Q(owners__contains=[parties.insider_of(cik)["cik"]])
    return answer(request, native.timeline(among, since, until, after, limit or 100))


@ours.get("/positions/{issuer}", response=told(answers.Anything), summary="Balances by ownership line, with gaps")
def positions(request: HttpRequest, issuer: str, insider: str | None = None) -> HttpResponse:
    if insider:
        cik_of(insider)
    return answer(request, native.positions(issuer, insider))


@ours.get("/changes", response=told(answers.Anything), summary="Readings that are new or changed since a cursor")
def changes(request: HttpRequest, cursor: str = "", limit: Whole = None) -> HttpResponse:
    return answer(request, native.changes(cursor, limit or 100))
