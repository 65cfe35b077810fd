"""Trades that nobody reported, as wide as the table allows, and the criteria that may be asked of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from filings.models import Document, Filing, Insider, Issuer
from signals import criteria
from signals.criteria import FIELDS, SIGNAL_KINDS, ScreenCriteria
from signals.models import Signal, Trade, TradeDetail
from signals.readings.vocabulary import REASONS, TIMELINESS
from signals.services import citations

TODAY = date(2026, 1, 15)
ISSUERS = tuple(f"{number:010}" for number in (9000000001, 9000000002, 9000000003))
INSIDERS = tuple(f"{number:010}" for number in range(9100000001, 9100000007))
AMOUNTS = tuple(Decimal(words) for words in ("0", "1", "9.99", "10", "10.005", "250000", "250000.01", "5000000"))


@dataclass
class Invented:
    """One trade as attributes, to ask of it without a database."""

    columns: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.columns[name]
        except KeyError:
            raise AttributeError(name) from None


def columns(chance: random.Random, number: int) -> dict[str, Any]:
    """The columns of one trade in which the constraints of the table hold, and nothing else is sure."""

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.8 else None

    def some(of: tuple[str, ...], most: int) -> tuple[str, ...]:
        chosen = set(chance.sample(of, chance.randint(0, most)))
        return tuple(one for one in of if one in chosen)

    counted = chance.random() < 0.5
    filed_on = TODAY - timedelta(days=chance.choice((0, 1, 2, 7, 30, 31, 90, 91, 400)))
    traded_on = filed_on - timedelta(days=chance.choice((0, 1, 2, 3, 10, 30)))
    owners = chance.sample(INSIDERS, chance.randint(1, 3))
    value = chance.choice(AMOUNTS)
    direction = chance.choice(("acquired", "disposed"))
    return {
        "filing_id": f"{9999999970:010}-26-{number // 2 + 1:06}",
        "number": number % 2 + 1,
        "issuer_id": ISSUERS[number // 2 % len(ISSUERS)],
        "form": chance.choice(("3", "4", "5", "4/A", "5/A")),
        "filed_on": filed_on,
        "known_at": datetime.combine(filed_on, datetime.min.time(), UTC),
        "traded_on": maybe(traded_on),
        "kind": chance.choice(criteria.KINDS),
        "code": maybe(chance.choice("PSAMFGX")),
        "direction": direction if counted else maybe(direction),
        "table": chance.choice(("I", "II")),
        "security_class": chance.choice(("Common Stock", "Class B Common Stock", "Stock Options (Right to Buy)")),
        "family": chance.choice(criteria.FAMILIES),
        "owners": owners,
        "decision_maker": min(owners),
        "roles": some(criteria.SLUGS, 4),
        "ownership": maybe(chance.choice("DI")),
        "nature": None,
        "shares": maybe(chance.choice(AMOUNTS)),
        "price": maybe(chance.choice(AMOUNTS)),
        "value": value if counted else maybe(value),
        "stake_before": maybe(chance.choice(AMOUNTS)),
        "stake_after": maybe(chance.choice(AMOUNTS)),
        "stake_change_pct": maybe(chance.choice((1, -1)) * chance.choice(AMOUNTS)),
        "plan_status": chance.choice(criteria.PLAN_STATUSES),
        "timeliness": chance.choice(TIMELINESS),
        "delay_days": maybe((filed_on - traded_on).days),
        "counted": counted,
        "standing": counted or chance.random() < 0.7,
        "reasons": () if counted else (chance.choice(REASONS),),
        "first_purchase": chance.random() < 0.3,
        "score": maybe(chance.randint(-5, 20)),
        "sic": maybe(chance.choice((100, 2834, 3999, 6021, 9999))),
        "signals": some(SIGNAL_KINDS[:4], 2),
    }


def invented(count: int, seed: int = 1) -> list[Invented]:
    chance = random.Random(seed)
    return [Invented(columns(chance, number)) for number in range(count)]


def store(trades: list[Invented]) -> None:
    """Writes the trades, with the filings, issuers, insiders and signals that they name."""
    Issuer.objects.bulk_create(
        [Issuer(cik=cik, name=name, ticker=name) for cik, name in zip(ISSUERS, ("AAA", "BBB", None), strict=True)]
    )
    Insider.objects.bulk_create([Insider(cik=cik, name=f"INSIDER {cik}") for cik in INSIDERS])
    filings = {trade.filing_id: trade for trade in trades}
    documents = {
        accession: Document.objects.create(
            accession=accession,
            sha256=bytes(32),
            size=0,
            body=b"",
            completeness=0,
            source="",
            received_at=timezone.now(),
        )
        for accession in filings
    }
    Filing.objects.bulk_create(
        Filing(
            accession=accession, form=trade.form, filed_on=trade.filed_on, issuer_id=trade.issuer_id,
            document=documents[accession], parser_version=1, published_at=timezone.now(),
        )
        for accession, trade in filings.items()
    )  # fmt: skip
    for trade in trades:
        made = Trade.objects.create(**{name: value for name, value in trade.columns.items() if name != "signals"})
        line = ["I", trade.number]
        TradeDetail.objects.create(
            trade=made, sentence=f"Trade {trade.number}.", lines=[line], timeliness={}, exclusions=[]
        )
        for kind in trade.signals:
            cited = [{"accession": trade.filing_id, "lines": [["II", 7], line]}]
            Signal.objects.create(
                key=f"{kind} {trade.filing_id} {trade.number}", kind=kind, issuer_id=trade.issuer_id,
                known_at=timezone.now(), provisional=False, strength=1, insiders=[], trades=cited, evidence={},
                excluded=[], sentence="", caveat="", detector_version=1, digest=b"", changed_in=1,
                changed_at=timezone.now(),
            )  # fmt: skip
    citations.renew(ISSUERS)


DAYS = st.integers(0, 400).map(lambda days: TODAY - timedelta(days=days))
_WORDS = {
    criteria.PARTIES: st.lists(st.sampled_from((*ISSUERS, *INSIDERS)), min_size=1, max_size=3).map(",".join),
    criteria.FLAG: st.just("1"),
    criteria.NUMBER: st.sampled_from(AMOUNTS).map(str),
    criteria.WHOLE: st.sampled_from((0, 1, 2, 3, 5, 10, 30, 2834, 6021)).map(str),
    criteria.DAYS: st.sampled_from((1, 2, 7, 30, 90)).map(str),
    criteria.DAY: DAYS.map(date.isoformat),
    criteria.ORDER: st.sampled_from((*criteria.COLUMNS, *criteria.GROUP_COLUMNS)).map("-{}".format),
}


def _words(field: criteria.Field) -> st.SearchStrategy[str]:
    if field.form == criteria.ONE:
        return st.sampled_from(field.choices)
    if field.form == criteria.LIST:
        return st.lists(st.sampled_from(field.choices), min_size=1, max_size=4).map(",".join)
    if field.signed:
        return st.tuples(st.sampled_from(("", "-")), _WORDS[field.form]).map("".join)
    return _WORDS[field.form]


ASKABLE = [field for field in FIELDS if field.of == "trade"]


@st.composite
def asked(draw: st.DrawFn, fields: list[criteria.Field] | None = None, most: int = 3) -> ScreenCriteria:
    """Criteria over trades that mean something."""
    chosen = draw(st.lists(st.sampled_from(fields or ASKABLE), max_size=most, unique_by=lambda field: field.key))
    given = {field.key: [draw(_words(field))] for field in chosen}
    try:
        return criteria.parse(given)
    except criteria.BadCriteria as error:  # a range upside down
        return criteria.parse({key: words for key, words in given.items() if key not in error.errors})
