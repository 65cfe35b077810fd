"""What footnotes say about prices: ranges, weighted averages, foreign currencies."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from signals.readings.notes.fact import Note
from signals.readings.notes.spot import spot

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?:\.[0-9]{1,10})?|\.[0-9]{1,10}"
_CURRENCY = r"(?:US|NT|HK|CA|C|A|S|R)?\$|€|£|¥|USD|EUR|GBP|JPY|CAD|AUD|CHF|TWD|HKD|INR|KRW|BRL|ILS|DKK|SEK|NOK"
_CODES = {
    "$": None, "US$": None, "USD": None, "NT$": "TWD", "HK$": "HKD", "CA$": "CAD", "C$": "CAD", "A$": "AUD",
    "S$": "SGD", "R$": "BRL", "€": "EUR", "£": "GBP", "¥": "JPY",
}  # fmt: skip
_EACH = r"(?:\s{1,3}per\s(?:share|unit|ads|ordinary\sshare|common\sshare))?(?:,?\s{0,2}inclusive)?"
# Where a range may start, other than at a dollar sign: at another currency, or at a number after "from" or "between".
_FOREIGN = spot(r"[€£¥]|\b(?:USD|EUR|GBP|JPY|CAD|AUD|CHF|TWD|HKD|INR|KRW|BRL|ILS|DKK|SEK|NOK)\s?(?=[0-9.])")
_BARE = spot(r"\b(?:from|between)\s(?=[0-9.])")
_RANGE = spot(
    rf"\s{{0,2}}(?P<low>{_NUMBER}){_EACH},?\s{{0,3}}"
    r"(?:(?<=\s)to|(?<=\s)and|(?<=\s)through|[-‐-―−]|(?<=\s)up\sto)\s{0,3}"
    r"(?:a\s|the\s)?(?:(?:high|maximum|highest)\s(?:price\s|sale\sprice\s)?of\s)?"
    rf"(?P<currency>{_CURRENCY})?\s{{0,2}}(?P<high>{_NUMBER})(?![0-9]|,[0-9]|\.[0-9])",
)
_PRICES = spot(r"\bprices?\b|\brang(?:e|es|ed|ing)\b|\btraded\s(?:at|between)\b")
_TERMS = spot(r"\b(?:floor|cap|collar|strike|hurdle|threshold|exercise|conversion|target|percentile|revenue|rate)\b")

_AVERAGE = spot(
    r"(?<!volume[-\s])\b(?:weighted[-\s]{1,3}average|average\s(?:sale|sales|purchase|execution|selling))"
    r"(?:\s(?!share|number)[a-z/]{1,12}){0,4}?\s(?:price|cost)s?\b",
)
_IS_AVERAGE = spot(r"\bprices?\b[^.;]{0,40}?\bweighted[-\s]{1,3}average\b")
_LETTERS = spot(r"(?:US|NT|HK|CA|C|A|S|R)\Z")
_AVERAGE_PRICE = spot(r"\bthe\saverage\sprice\b|\ban\saverage\sprice\sof\b|\baverage\sprice\sper\sshare\b")
_SIGNS = (
    "€",
    "£",
    "¥",
    "usd",
    "eur",
    "gbp",
    "jpy",
    "cad",
    "aud",
    "chf",
    "twd",
    "hkd",
    "inr",
    "krw",
    "brl",
    "ils",
    "dkk",
    "sek",
    "nok",
)
_AVERAGE_IS = spot(
    rf"(?:\sper\s(?:share|unit|ads))?\s(?:of|is|was|equal\sto)\s(?P<cur>{_CURRENCY})\s{{0,2}}(?P<average>{_NUMBER})(?![0-9]|,[0-9])",
)
_CURRENCY_NAMES = (
    ("TWD", spot(r"new\staiwan\sdollars?|\bNT\$|\bTWD\b")),
    ("JPY", spot(r"japanese\syen|\bJPY\b|¥")),
    ("EUR", spot(r"\beuros?\b|\bEUR\b|€")),
    ("GBP", spot(r"pounds?\ssterling|british\spounds?|\bGBP\b|\bpence\b|£")),
    ("CAD", spot(r"canadian\sdollars?|\bCAD\b|\bC\$|\bCDN\b")),
    ("AUD", spot(r"australian\sdollars?|\bAUD\b|\bA\$")),
    ("CHF", spot(r"swiss\sfrancs?|\bCHF\b")),
    ("HKD", spot(r"hong\skong\sdollars?|\bHK\$|\bHKD\b")),
    ("BRL", spot(r"brazilian\sreais|brazilian\sreals?|\bBRL\b|\bR\$")),
    ("INR", spot(r"indian\srupees?|\bINR\b")),
    ("ILS", spot(r"israeli\s(?:new\s)?shekels?|\bNIS\b|\bILS\b")),
    ("KRW", spot(r"korean\swon|\bKRW\b")),
    ("DKK", spot(r"danish\skroner?|\bDKK\b")),
    ("SEK", spot(r"swedish\skron(?:a|or)|\bSEK\b")),
    ("NOK", spot(r"norwegian\skroner?|\bNOK\b")),
    ("CNY", spot(r"\brenminbi\b|\bRMB\b|\bCNY\b")),
)
_TRANSLATED = spot(
    r"\b(?:translated|converted|conversion|exchange\srate|at\s(?:the|a)\srate\sof|u\.?s\.?\sdollar\sequivalent)\b"
)
_NAMES_TRIGGERS = (
    " dollars", " yen", "japanese", " euro", "sterling", " pounds", "swiss franc", " reais", "rupee", "shekel",
    "korean won", "kroner", "krona", "kronor", "renminbi", "rmb", "nt$", "c$", "a$", "r$", "hk$", "€", "£", "¥", "jpy",
    " eur ", "gbp", " cad", " aud", "chf", "twd", "hkd", " inr", "krw", " brl", " ils", " nis", "dkk", " sek", " nok",
    "cny", "cdn", "pence",
)  # fmt: skip


def read(note: Note) -> None:
    if note.has("rang", "price", "traded"):
        _ranges(note)
    if note.has("average"):
        _averages(note)
    if note.has(*_NAMES_TRIGGERS):
        _currencies(note)


def _ranges(note: Note) -> None:
    for start, after, sign in _starts(note.low):
        match = _RANGE.match(note.low, after)
        if match is None:
            continue
        other = match["currency"]
        if sign and other and _code(sign) != _code(other):  # a rate of exchange
            continue
        if not sign and not other and not ("." in match["low"] and "." in match["high"]):  # "from 10 to 20 units"
            continue
        lead = _lead(note.low, start)
        if lead is not None:
            low, high = sorted((_decimal(match["low"]), _decimal(match["high"])))
            note.add("price_range", lead, match.end(), low=low, high=high, currency=_code(sign or other))


def _starts(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Where a price stands: its start, where its number starts, and its currency sign ("$", "nt$") if it has one."""
    at = text.find("$")
    if at < 0:
        for begun in _BARE.finditer(text):
            yield begun.start(), begun.end(), None
    while at >= 0:
        letters = _LETTERS.search(text, max(0, at - 3), at)
        yield at, at + 1, (letters[0] if letters else "") + "$"
        at = text.find("$", at + 1)
    if any(sign in text for sign in _SIGNS):
        for begun in _FOREIGN.finditer(text):
            yield begun.start(), begun.end(), begun[0].strip()


def _lead(text: str, start: int) -> int | None:
    """Where the words that make these numbers prices begin; None where other words make them something else."""
    leads = list(_PRICES.finditer(text, max(0, start - 130), start))
    lead = leads[-1] if leads else None
    if lead is None or ". " in text[lead.end() : start] or _TERMS.search(text, max(0, lead.start() - 25), start):
        return None
    return lead.start()


def _averages(note: Note) -> None:
    """Each way to say it is looked for only where the more usual one before it says nothing."""
    patterns = (_AVERAGE, _IS_AVERAGE, _AVERAGE_PRICE)
    found = next((matches for pattern in patterns if (matches := list(pattern.finditer(note.low)))), [])
    for match in found:
        after = _AVERAGE_IS.match(note.low, match.end())
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
        if match := pattern.search(note.low):
            translated = _TRANSLATED.search(note.low)
            note.add(
                "other", match.start(), match.end(), about="translated" if translated else "currency", currency=code
            )


def _decimal(words: str) -> Decimal:
    return Decimal(words.replace(",", ""))


def _code(words: str | None) -> str | None:
    """The currency that a sign means; None for US dollars and where there is no sign."""
    return _CODES.get(words.upper(), words.upper()) if words else None
