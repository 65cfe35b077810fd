"""Transaction lines as the peer's clients take them: one object a line of a Form 4 that stands, with ours beside it.

Promises: lines that a later filing restates or takes back never appear; the order is total (day traded, day filed, then
the line's own key, newest first), so that pages by number neither skip nor repeat while nothing is filed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

import orjson
from django.conf import settings
from django.db.models import F, Q, QuerySet

from filings.edgar.addresses import filing_index_page
from filings.models import Issuer
from filings.models.fields import AccessionField
from filings.ownership.document import FORMS
from form4site.kit.api import bad_request, midnight, number
from signals.api.questions import TransactionQuestion
from signals.api.returns import HORIZONS, meeting, returns_of, with_returns
from signals.models import LineReading
from signals.selectors.keyset import compiled
from signals.selectors.matching import fetched

CATEGORIES = {"open_market": "PS", "grants": "A", "derivatives": "MCXOEHK", "gifts": "G"}
ROLES = {"officer": "officer", "director": "director", "ten_percent_owner": "ten_percent"}
QUALITY = {"bad_price": "ImplausiblePrice", "bad_value": "ImplausibleValue"}
MOST_TICKERS = 25
_ALL_LETTERS = "".join(CATEGORIES.values())

_ROWS = """
    SELECT r.filing_id, r."table", r.row, r.form, r.filed_on, r.transaction_date, r.code, r.shares, r.price,
           r.value, r.plan_status, r.quality, r.repeats, r.issuer_id, i.ticker, f.issuer_name, i.name,
           f.period_of_report, f.accepted_at, l.security_title, l.acquired_disposed, l.shares_owned_following,
           l.ownership, l.nature_of_ownership, l.conversion_or_exercise_price, l.expiration_date, l.footnotes,
           l.equity_swap, o.insider_id, o.name, o.officer_title, o.is_director, o.is_officer, o.is_ten_percent_owner,
           t.counted, t.kind, t.plan_adopted_on,
           EXISTS (SELECT FROM signals_dailyclose c WHERE c.issuer_id = r.issuer_id)
      FROM (SELECT id, row_number() OVER () AS place FROM ({lines}) AS lines (id)) AS asked
      JOIN signals_linereading r ON r.id = asked.id
      JOIN signals_trade t ON t.id = r.trade_id
      JOIN filings_filing f ON f.accession = r.filing_id
      JOIN filings_issuer i ON i.cik = r.issuer_id
      JOIN filings_line l ON l.filing_id = r.filing_id AND l."table" = r."table" AND l.kind = 'transaction'
                         AND l.row = r.row
      JOIN LATERAL (SELECT * FROM filings_filingowner o WHERE o.filing_id = r.filing_id
                     ORDER BY (o.insider_id = %s) DESC, o.position LIMIT 1) o ON true
     ORDER BY asked.place
"""
NEWEST = (F("transaction_date").desc(nulls_last=True), F("filed_on").desc(), F("id").desc())
LARGEST = (F("value").desc(nulls_last=True), *NEWEST)


def transactions(asked: TransactionQuestion) -> list[dict[str, Any]]:
    """The page of lines that is asked for. Raises `ApiError`."""
    insider = cik_of(asked.insider_cik) if asked.insider_cik else None
    lines = matching(asked, insider)
    window = asked.window()
    if asked.inst_ownership_trend:
        return []  # nobody's 13F holdings are here
    if with_returns(asked):
        return rows_of(meeting(lines, asked, window), insider)
    return rows_of(lines[window], insider)


def matching(asked: TransactionQuestion, insider: int | None) -> QuerySet[LineReading]:
    """The lines that stand and meet the question, in its order. Raises `ApiError`."""
    lines = LineReading.objects.filter(superseded_by=None, withdrawn_by=None, form__in=forms_of(asked.forms))
    issuers = issuers_of(asked.ticker, asked.cik)
    if issuers is not None:
        lines = lines.filter(issuer__in=issuers)
    if insider is not None:
        lines = lines.filter(owners__contains=[f"{insider:010}"])
    lines = lines.filter(codes_of(asked), *ranges_of(asked))
    if asked.exclude_derivative:
        lines = lines.filter(table="I")
    if asked.exclude_10b5:
        lines = lines.exclude(plan_status__in=("plan", "plan_filing"))
    if asked.role:
        if asked.role not in ROLES:
            raise bad_request(f"role is one of {', '.join(ROLES)}, not {asked.role[:40]!r}.")
        lines = lines.filter(roles__overlaps=[ROLES[asked.role]])
    if asked.sort not in (None, "", "date", "value"):
        raise bad_request(f"sort is date or value, not {asked.sort[:40]!r}.")
    return lines.order_by(*(LARGEST if asked.sort == "value" else NEWEST))


def forms_of(words: str | None) -> list[str]:
    """Form 4 and its amendments, unless others are asked for."""
    wanted = [word.strip() for word in (words or "4").split(",")]
    forms = [form for form in FORMS if form.removesuffix("/A") in wanted]
    if not forms or any(word not in ("3", "4", "5") for word in wanted):
        raise bad_request(f"forms is a list of 3, 4 and 5, not {(words or '')[:40]!r}.")
    return forms


def codes_of(asked: TransactionQuestion) -> Q:
    where = Q()
    if asked.code:
        where &= Q(code=asked.code.strip().upper())
    if asked.codes:
        where &= Q(code__in=letters(asked.codes))
    if asked.exclude_codes:
        where &= ~Q(code__in=letters(asked.exclude_codes))
    if asked.category:
        where &= _category(asked.category)
    if asked.exclude_category:
        where &= ~_category(asked.exclude_category)
    return where


def letters(words: str) -> list[str]:
    return [word.strip().upper() for word in words.split(",") if word.strip()]


def _category(word: str) -> Q:
    word = word.strip().lower()
    if word == "other":
        return ~Q(code__in=list(_ALL_LETTERS))
    if word not in CATEGORIES:
        raise bad_request(f"A category is one of {', '.join(CATEGORIES)} and other, not {word[:40]!r}.")
    return Q(code__in=list(CATEGORIES[word]))


def ranges_of(asked: TransactionQuestion) -> list[Q]:
    bounds = {
        "transaction_date__gte": asked.from_, "transaction_date__lte": asked.to, "filed_on__gte": asked.filed_from,
        "filed_on__lte": asked.filed_to, "value__gte": asked.min_value, "value__lte": asked.max_value,
        "shares__gte": asked.min_shares, "shares__lte": asked.max_shares,
    }  # fmt: skip
    return [Q(**{name: bound}) for name, bound in bounds.items() if bound is not None]


def issuers_of(tickers: str | None, cik: str | None) -> list[str] | None:
    """The issuers with any of these symbols, or under this CIK; None where neither is asked for."""
    found: list[str] | None = None
    if tickers and tickers.strip():
        symbols = letters(tickers)
        if len(symbols) > MOST_TICKERS:
            raise bad_request(f"At most {MOST_TICKERS} symbols at a time, not {len(symbols)}.")
        found = list(Issuer.objects.filter(ticker__in=symbols).values_list("cik", flat=True))
    if cik and cik.strip():
        wanted = f"{cik_of(cik):010}"
        found = [wanted] if found is None or wanted in found else []
    return found


def cik_of(words: str) -> int:
    """Leading zeros or none. Raises `ApiError`."""
    digits = words.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        raise bad_request(f"A CIK has up to ten digits, unlike {words[:40]!r}.")
    return int(digits)


def rows_of(lines: QuerySet[Any, Any] | Sequence[int], insider: int | None = None) -> list[dict[str, Any]]:
    """These lines in this order, each by the owner `insider` where that is one of its owners: lines yet to be found, or
    the keys of some. One query, more where closes were imported.
    Raises `matching.TooBroad`.
    """
    keys = compiled(lines.values("id")) if isinstance(lines, QuerySet) else (_THESE, (list(lines),))
    if keys is None:
        return []
    found = fetched(_ROWS.format(lines=keys[0]), [*keys[1], insider or 0])
    known = returns_of([(row[_ISSUER], row[_TRADED_ON]) for row in found if row[_HAS_CLOSES]])
    returns = {place: {f"return{name}": value for name, value in values.items()} for place, values in known.items()}
    return [_row(row, returns.get((row[_ISSUER], row[_TRADED_ON]), _NO_RETURNS)) for row in found]


_THESE = "SELECT unnest(%s::bigint[])"
_ISSUER, _TRADED_ON, _HAS_CLOSES = 13, 5, -1
_NO_RETURNS = {f"return{name}": None for name in HORIZONS}
_accession = AccessionField().to_python


def _row(row: tuple[Any, ...], returns: Mapping[str, float | None]) -> dict[str, Any]:
    (filing, table, place, form, filed_on, traded_on, code, shares, price, value, plan, quality, repeats, issuer,
     ticker, name_then, name_now, period, accepted_at, title, direction, after, ownership, nature, strike, expires_on,
     notes, swap, insider, insider_name, officer_title, director, officer, ten_percent, counted, kind,
     adopted_on, _) = row  # fmt: skip
    accession = str(_accession(filing))
    return {
        "ticker": ticker or "",
        "companyName": name_then or name_now or "",
        "insiderName": insider_name or "",
        "insiderCik": f"{insider:010}",
        "insiderTitle": officer_title,
        "isDirector": bool(director),
        "isOfficer": bool(officer),
        "is10PctOwner": bool(ten_percent),
        "accessionNumber": accession,
        "securityTitle": title or "",
        "transactionCode": code or "Unknown",
        "isOpenMarket": code in ("P", "S"),
        "is10b5Plan": plan in ("plan", "plan_filing"),
        "sharesAmount": number(shares) if shares is not None else 0,
        "pricePerShare": number(price),
        "totalValue": number(value),
        "sharesOwnedAfter": number(after),
        "directIndirect": ownership if ownership in ("D", "I") else None,
        "isDerivative": table == "II",
        "transactionDate": midnight(traded_on or period or filed_on),
        "periodOfReport": midnight(period or traded_on or filed_on),
        **returns,
        "valueQuality": QUALITY.get(quality),
        "filedAt": midnight(filed_on),
        "acceptedAt": accepted_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        if accepted_at
        else None,
        "documentUrl": filing_index_page(settings.EDGAR_BASE_URL, str(issuer), accession),
        # What follows is ours.
        "line": f"{table}-t-{place}",
        "form": form,
        "issuerCik": f"{issuer:010}",
        "acquiredDisposed": direction,
        "sharesReported": shares is not None,
        "dateReported": traded_on is not None,
        "planStatus": plan,
        "planAdoptedOn": adopted_on.isoformat() if adopted_on else None,
        "tradeKind": kind,
        "counted": counted,
        "duplicateOf": _accession(repeats) if repeats is not None else None,
        "natureOfOwnership": nature,
        "conversionOrExercisePrice": number(strike),
        "expirationDate": expires_on.isoformat() if expires_on else None,
        "equitySwap": swap,
        "footnotes": orjson.loads(notes) if notes else {},
    }
