"""Who takes part: invented issuers, insiders, and the seat that an insider has at an issuer.

Names stand here without the mark; `known_as` gives them as a filing of that day shows them, mark included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from filings.demo.identity import MARK, TICKER_MARK


@dataclass(frozen=True)
class Formerly:
    """A name that ended `days_ago` before `until`; `ticker` is an issuer's symbol of that time."""

    days_ago: int
    name: str
    ticker: str = ""


@dataclass(frozen=True)
class Address:
    street: str = "100 Invented Way"
    city: str = "Sampleton"
    state: str | None = "DE"
    zip_code: str = "00000"
    # EDGAR's code of a country outside the United States, with its name; None inside.
    country: str | None = None
    country_name: str | None = None


@dataclass(frozen=True)
class Issuer:
    cik: int
    name: str
    symbol: str
    sic: str
    industry: str
    course: tuple[tuple[int, float], ...]
    state: str = "DE"
    fiscal_year_end: str = "1231"
    split: tuple[int, int] | None = None  # (days ago, ratio)
    formerly: tuple[Formerly, ...] = ()  # latest first
    foreign_symbol: str | None = None
    address: Address = field(default_factory=Address)
    common: str = "Common Stock"

    def ticker_on(self, on: date, until: date) -> str:
        former = _name_then(self.formerly, on, until)
        return (former.ticker if former else self.symbol) + TICKER_MARK


@dataclass(frozen=True)
class Insider:
    cik: int
    name: str  # surname first, as EDGAR conforms it
    entity: bool = False
    formerly: tuple[Formerly, ...] = ()
    address: Address = field(default_factory=Address)

    def signature(self, on: date, until: date) -> str:
        surname, _, given = plain_name(self, on, until).partition(" ")
        if self.entity:
            return f"{known_as(self, on, until)}, by: /s/ Authorized Signatory {MARK}"
        return f"/s/ {given} {surname} {MARK}"


@dataclass(frozen=True)
class Seat:
    """An insider's relationship to one issuer. Stories write `replace(seat, title=...)` where it changes."""

    issuer: Issuer
    insider: Insider
    director: bool = False
    title: str | None = None
    ten_percent: bool = False
    other: str | None = None
    owns: int = 0  # common shares held directly before the seat's first filing here


def _name_then(formerly: tuple[Formerly, ...], on: date, until: date) -> Formerly | None:
    """The name of that day, if it was another than today's."""
    for former in reversed(formerly):
        if on < until - timedelta(days=former.days_ago):
            return former
    return None


def plain_name(party: Issuer | Insider, on: date, until: date) -> str:
    """The name of that day, without the mark."""
    former = _name_then(party.formerly, on, until)
    return former.name if former else party.name


def known_as(party: Issuer | Insider, on: date, until: date) -> str:
    """The name as a filing of that day shows it."""
    return f"{plain_name(party, on, until)} {MARK}"


def former_names(party: Issuer | Insider, on: date, until: date) -> list[tuple[str, date]]:
    """Names that had ended by that day, latest first, each with the day it ended."""
    ends = [(f"{former.name} {MARK}", until - timedelta(days=former.days_ago)) for former in party.formerly]
    return [(name, end) for name, end in ends if end <= on]
