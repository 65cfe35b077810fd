"""What footnotes say about prices: ranges, weighted averages, foreign currencies."""

from __future__ import annotations

import re
from decimal import Decimal

from signals.readings.notes.fact import Note

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?:\.[0-9]{1,10})?|\.[0-9]{1,10}"
_CURRENCY = r"(?:US|NT|HK|CA|C|A|S|R)?\$|€|£|¥|USD|EUR|GBP|JPY|CAD|AUD|CHF|TWD|HKD|INR|KRW|BRL|ILS|DKK|SEK|NOK"
_CODES = {
    "$": None, "US$": None, "USD": None, "NT$": "TWD", "HK$": "HKD", "CA$": "CAD", "C$": "CAD", "A$": "AUD",
    "S$": "SGD", "R$": "BRL", "€": "EUR", "£": "GBP", "¥": "JPY",
}  # fmt: skip
_EACH = r"(?:\s{1,3}per\s(?:share|unit|ads|ordinary\sshare|common\sshare))?(?:,?\s{0,2}inclusive)?"
_RANGE = re.compile(
    rf"(?<![0-9.,])(?P<cur>{_CURRENCY})?\s{{0,2}}(?<![0-9.,])(?P<low>{_NUMBER}){_EACH},?\s{{0,3}}"
    r"(?:(?<=\s)to|(?<=\s)and|(?<=\s)through|[-‐-―−]|(?<=\s)up\sto)\s{0,3}"
    r"(?:a\s|the\s)?(?:(?:high|maximum|highest)\s(?:price\s|sale\sprice\s)?of\s)?"
    rf"(?P<cur2>{_CURRENCY})?\s{{0,2}}(?P<high>{_NUMBER})(?![0-9]|,[0-9]|\.[0-9])",
    re.IGNORECASE,
)
_PRICES = re.compile(r"\bprices?\b|\brang(?:e|es|ed|ing)\b|\btraded\s(?:at|between)\b", re.IGNORECASE)
_TERMS = re.compile(r"\b(?:floor|cap|collar|strike|hurdle|threshold|exercise|conversion|target|percentile|revenue)\b", re.IGNORECASE)

_AVERAGE = re.compile(
    r"(?<!volume[-\s])\b(?:weighted[-\s]{1,3}average|average\s(?:sale|sales|purchase|execution|selling))"
    r"(?:\s[a-z/]{1,12}){0,4}?\s(?:price|cost)s?\b",
    re.IGNORECASE,
)
_AVERAGE_PRICE = re.compile(r"\bthe\saverage\sprice\b|\ban\saverage\sprice\sof\b|\baverage\sprice\sper\sshare\b", re.IGNORECASE)
_AVERAGE_IS = re.compile(
    rf"(?:\sper\s(?:share|unit|ads))?\s(?:of|is|was|equal\sto)\s(?P<cur>{_CURRENCY})\s{{0,2}}(?P<average>{_NUMBER})(?![0-9]|,[0-9])",
    re.IGNORECASE,
)
_CURRENCY_NAMES = (
    ("TWD", re.compile(r"new\staiwan\sdollars?|\bNT\$|\bTWD\b", re.IGNORECASE)),
    ("JPY", re.compile(r"japanese\syen|\bJPY\b|¥", re.IGNORECASE)),
    ("EUR", re.compile(r"\beuros?\b|\bEUR\b|€", re.IGNORECASE)),
    ("GBP", re.compile(r"pounds?\ssterling|british\spounds?|\bGBP\b|\bpence\b|£", re.IGNORECASE)),
    ("CAD", re.compile(r"canadian\sdollars?|\bCAD\b|\bC\$|\bCDN\b", re.IGNORECASE)),
    ("AUD", re.compile(r"australian\sdollars?|\bAUD\b|\bA\$", re.IGNORECASE)),
    ("CHF", re.compile(r"swiss\sfrancs?|\bCHF\b", re.IGNORECASE)),
    ("HKD", re.compile(r"hong\skong\sdollars?|\bHK\$|\bHKD\b", re.IGNORECASE)),
    ("BRL", re.compile(r"brazilian\sreais|brazilian\sreals?|\bBRL\b|\bR\$", re.IGNORECASE)),
    ("INR", re.compile(r"indian\srupees?|\bINR\b", re.IGNORECASE)),
    ("ILS", re.compile(r"israeli\s(?:new\s)?shekels?|\bNIS\b|\bILS\b", re.IGNORECASE)),
    ("KRW", re.compile(r"korean\swon|\bKRW\b", re.IGNORECASE)),
    ("DKK", re.compile(r"danish\skroner?|\bDKK\b", re.IGNORECASE)),
    ("SEK", re.compile(r"swedish\skron(?:a|or)|\bSEK\b", re.IGNORECASE)),
    ("NOK", re.compile(r"norwegian\skroner?|\bNOK\b", re.IGNORECASE)),
    ("CNY", re.compile(r"\brenminbi\b|\bRMB\b|\bCNY\b", re.IGNORECASE)),
)
_TRANSLATED = re.compile(
    r"\b(?:translated|converted|conversion|exchange\srate|at\s(?:the|a)\srate\sof|u\.?s\.?\sdollar\sequivalent)\b", re.IGNORECASE
)
_NAMES_TRIGGERS = (
    "dollar", "yen", "euro", "sterling", "pound", "franc", "reais", "real", "rupee", "shekel", "won", "kron", "renminbi",
    "rmb", "nt$", "c$", "a$", "r$", "hk$", "€", "£", "¥", "jpy", "eur", "gbp", "cad", "aud", "chf", "twd", "hkd", "inr",
    "krw", "brl", "ils", "nis", "dkk", "sek", "nok", "cny", "cdn", "pence",
)  # fmt: skip


def read(note: Note) -> None:
    if note.has("rang", "price", "traded"):
        _ranges(note)
    if note.has("average"):
        _averages(note)
    if note.has(*_NAMES_TRIGGERS):
        _currencies(note)


def _ranges(note: Note) -> None:
    for match in _RANGE.finditer(note.text):
        if not match["cur"] and not match["cur2"] and not _bare(note.text, match):
            continue
        before = max(0, match.start() - 130)
        lead = None
        for lead in _PRICES.finditer(note.text, before, match.start()):
            pass
        if lead is None or _TERMS.search(note.text, lead.end(), match.start()) or ". " in note.text[lead.end() : match.start()]:
            continue
        if _TERMS.search(note.text, max(0, lead.start() - 25), lead.start()):
            continue
        low, high = sorted((_decimal(match["low"]), _decimal(match["high"])))
        currency = _code(match["cur"] or match["cur2"])
        note.add("price_range", lead.start(), match.end(), low=low, high=high, currency=currency)


def _bare(text: str, match: re.Match[str]) -> bool:
    """Numbers without a currency sign are prices only straight after "from" or "between", with decimals."""
    lead = text[max(0, match.start() - 10) : match.start()].lower().rstrip()
    return lead.endswith(("from", "between", "of")) and "." in match["low"] and "." in match["high"]


def _averages(note: Note) -> None:
    for pattern in (_AVERAGE, _AVERAGE_PRICE):
        for match in pattern.finditer(note.text):
            after = _AVERAGE_IS.match(note.text, match.end())
            note.add(
                "weighted_average",
                match.start(),
                after.end() if after else match.end(),
                average=_decimal(after["average"]) if after else None,
                currency=_code(after["cur"]) if after else None,
            )


def _currencies(note: Note) -> None:
    """Prices that are not in US dollars: stated so, or translated from another currency."""
    for code, pattern in _CURRENCY_NAMES:
        if match := pattern.search(note.text):
            translated = _TRANSLATED.search(note.text)
            note.add("other", match.start(), match.end(), about="translated" if translated else "currency", currency=code)


def _decimal(words: str) -> Decimal:
    return Decimal(words.replace(",", ""))


def _code(words: str | None) -> str | None:
    """The currency that a sign means; None for US dollars and where there is no sign."""
    return _CODES.get(words.upper(), words.upper()) if words else None
