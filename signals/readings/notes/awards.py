"""What footnotes say about pay: vesting, shares kept back or sold for tax, purchase and savings plans, dividends."""

from __future__ import annotations

import re

from signals.readings.notes.dates import dates_in, sentences
from signals.readings.notes.fact import Note

_I = re.IGNORECASE
_VESTS = re.compile(
    r"\bvests?\b|\bvested\s(?:on|in|as\s(?:to|of)|and\sexercisable|upon|ratably|immediately|quarterly|monthly|annually|every|the\s|each\s|an?\s|[0-9]|one)"
    r"|\b(?:is|are|was|were|became|become|becomes|fully|has|have|been|of\sthe\s(?:shares|units|RSUs|award)|that)\s(?:\w+\s){0,2}?vested\b"
    r"|\b(?:units|RSUs|shares|award|options?|installment|objectives[^.;]{0,40}|therefore[^.;]{0,80})\svested\b"
    r"|\bvesting\s(?:in|over|on|as\sto|ratably|commenc\w+|dates?|schedule|annual\w*|quarter\w*|month\w*|of\s(?:the\s)?(?:option|award)\sas\sto|[0-9])"
    r"|\bfull\svesting\b|\b[0-9.]+%\s(?:annual\s|quarterly\s)?vesting\b|\bscheduled\sto\s(?:vest|settle)\b|\bsubject\sto\svesting\b"
    r"|\b(?:fully|currently|immediately)\sexercisable\b|\bare\sexercisable\sas\sof\b|\bexercisable\sin\s",
    _I,
)
_PARTS = re.compile(
    r"(?<![0-9/.])[0-9]{1,3}/[0-9]{1,3}(?![0-9/])|(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,4})?\s?%"
    r"|\bone[-\s](?:half|third|quarter|fourth|fifth|sixth|eighth|tenth|twelfth|sixteenth|forty-eighth)\b|\btwo[-\s]thirds\b",
    _I,
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split(), start=2
    )
} | {"twenty": 20, "twenty-four": 24, "thirty-six": 36, "forty-eight": 48, "sixty": 60}
_INSTALLMENTS = re.compile(
    r"\b(?P<count>[0-9]{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")\s"
    r"(?:(?:substantially|approximately)\s)?(?:(?:equal|successive|consecutive|annual|quarterly|monthly|yearly|semi-?annual)[,\s]{1,2}){1,4}"
    r"(?:installments?|instalments?|parts?|tranches|increments)",
    _I,
)
_EVERY = (
    ("half_year", re.compile(r"\bsemi-?annual|\b(?:every|each)\ssix\smonths", _I)),
    ("month", re.compile(r"\bmonthly\b|\beach\smonth\b|\bevery\smonth\b|\beach\smonthly\b", _I)),
    ("quarter", re.compile(r"\bquarterly\b|\b(?:each|every)\s(?:quarter|three\smonths)\b", _I)),
    ("year", re.compile(r"\bannual(?:ly)?\b(?!\s(?:general\s)?(?:meeting|stockholder|shareholder|equity))|\byearly\b|\beach\syear\b|\banniversar(?:y|ies)\b|\bratably\sover\b", _I)),
)
_PERFORMANCE = re.compile(
    r"\bperformance\b|\bmilestones?\b|\bmarket\scapitalization\b|\bhurdles?\b|\bweighted[-\s]average\b|\bshareholder\sreturn\b|"
    r"\btargets?\s(?:is|are)\smet\b|\bobjectives?\b",
    _I,
)
_COMPLETE = re.compile(r"\bfully[-\s]vested\b|\bvest(?:s|ed|ing)?\sin\sfull\b|\bvests?\s(?:as\sto\s)?100%|\b100%|\bfull\svesting\b", _I)

_SOLD_TO_COVER = re.compile(
    r"\bs(?:ell|ale|old)[-\s]to[-\s]cover\b(?:[^.;]{0,60}?\b(?:tax\w*|exercise\sprice))?"
    r"|\b(?:sold|sales?)\b[^.;]{0,120}?\b(?:to\s(?:cover|satisfy|pay|fund)|for\s(?:the\s)?(?:payment|satisfaction)\sof)\b[^.;]{0,90}?"
    r"\b(?:tax(?:es)?\b(?:\swithholding)?(?:\sobligations?)?|withholding|exercise\s(?:price|cost)(?:\sand\staxes)?)",
    _I,
)
_NO_SALE = re.compile(r"\b(?:no|not)\b[^.;]{0,30}\Z", _I)
_IMPOSED = re.compile(
    r"\bautomatic(?:ally)?\b|\bnon-?\s?discretionary\b|\bnot\s(?:a\s)?discretionary\b|\b(?:did|does)\snot\schoose\b|\brequires?\b|\bmandat\w+|"
    r"\bsold\sby\sthe\s(?:issuer|company)\b|\brequired\s(?:by|under|sale|to\sbe\ssold)",
    _I,
)
_PART = re.compile(r"\bpartial(?:ly)?\b|\bout\sof\sthe\stotal\b|\b(?:a\s)?(?:portion|part)\sof\b|\bapproximately\s[0-9,]{1,12}\sshares\b", _I)
_WITHHELD = re.compile(
    r"\b(?:withheld|withh(?:o)?ld(?:ing)?\s(?:of\s)?(?:shares|securities)|kept\sback|surrender(?:ed)?|deliver(?:ed|ing|y)|relinquished|forfeited|retained|"
    r"dispos(?:ition|ed)|tendered|given|netted|payment\sof)\b[^.;]{0,170}?\btax(?:es)?\b(?:\s(?:withholding|liability|obligations?|due)){0,3}",
    _I,
)
_PRICE_PAID = re.compile(
    r"\b(?:withheld|kept\sback|surrendered|delivered|tendered|given|netted|net)\b[^.;]{0,110}?\bexercise\s(?:price|cost)", _I
)
_EXERCISE_PRICE = re.compile(r"\bexercise\s(?:price|cost)\b", _I)
_PAID_IN_CASH = re.compile(r"\bpaid\b[^.;]{0,60}?\bexercise\sprice\b[^.;]{0,60}?\bcash\b", _I)
_NET_EXERCISE = re.compile(r"\b(?:cashless\s)?net[-\s]exercised?\b|\bcashless\sexercise\b", _I)

_ESPP = re.compile(r"\b(?:employees?|associates?)['’]?\s(?:stock|shares?)\s(?:purchase|ownership\spurchase)\splan\b|\bESPP\b", _I)
_K401 = re.compile(r"\b401\s?\(?k\)?|\b(?:employee|retirement|thrift|profit\ssharing)\s(?:\w+\s){0,2}?savings\s(?:\w+\s){0,2}?plan\b|\bsavings\s(?:and\s)?investment\splan\b", _I)
_DRIP = re.compile(
    r"\bdividend\sreinvestments?\b(?:\splan\b)?|\breinvest(?:ed|ment|ing)?\s(?:of\s)?(?:the\s|cash\s|quarterly\s)?dividends?\b|\bDRIP\b"
    r"|\bdividends?\s(?:(?:were|was|are|have\sbeen|is|automatically)\s){1,2}reinvested\b",
    _I,
)
_OTHER = (
    ("right", ("right", "equivalent", "worth one", "represents"), re.compile(r"\bcontingent\sright\b|\beconomic\sequivalent\b|\bright\sto\sreceive\b", _I)),
    ("dividend_equivalent", ("dividend equiv", "place of dividends"), re.compile(r"\bdividend\sequivalents?\b|\bin\splace\sof\sdividends\b", _I)),
    ("exercise_paid_in_cash", ("exercise price",), _PAID_IN_CASH),
    ("net_exercise", ("exercise",), _NET_EXERCISE),
)


def read(note: Note) -> None:
    if note.has("vest", "exercisable", "scheduled to settle"):
        _vesting(note)
    if note.has("tax", "cover", "exercise price", "exercise cost", "withh"):
        _tax(note)
    for kind, triggers, pattern in (
        ("espp", ("purchase plan", "espp", "ownership purchase"), _ESPP),
        ("k401", ("401", "savings"), _K401),
        ("drip", ("dividend", "drip"), _DRIP),
    ):
        if note.has(*triggers):
            for match in pattern.finditer(note.text):
                note.add(kind, match.start(), match.end())
    for about, triggers, pattern in _OTHER:
        if note.has(*triggers) and (match := pattern.search(note.text)):
            note.add("other", match.start(), match.end(), about=about)


def _vesting(note: Note) -> None:
    for start, end in sentences(note.text):
        if not _VESTS.search(note.text, start, end):
            continue
        said = note.text[start:end]
        installments = _INSTALLMENTS.search(said)
        parts = tuple(dict.fromkeys(part[0] for part in _PARTS.finditer(said)))
        days = tuple(dict.fromkeys(dated.day for dated in dates_in(note.text, start, end)))
        note.add(
            "vesting",
            start,
            end,
            dates=days[:60],
            parts=parts[:20],
            installments=_number(installments["count"]) if installments else None,
            every=next((every for every, pattern in _EVERY if pattern.search(said)), None),
            performance=True if _PERFORMANCE.search(said) else None,
            complete=True if _COMPLETE.search(said) else None,
        )


def _number(words: str) -> int:
    return _NUMBERS.get(words.lower()) or int(words)


def _tax(note: Note) -> None:
    covered_until = -1
    for match in _SOLD_TO_COVER.finditer(note.text):
        if _NO_SALE.search(note.text, max(0, match.start() - 40), match.start()):
            continue
        imposed = _IMPOSED.search(note.text, max(0, match.start() - 160), min(len(note.text), match.end() + 160))
        part = _PART.search(note.text, max(0, match.start() - 60), match.end())
        note.add(
            "sell_to_cover",
            match.start(),
            match.end(),
            about="part" if part else None,
            mandatory=True if imposed else None,
            pays=_pays(match[0]),
        )
        covered_until = match.end()
    for match in _WITHHELD.finditer(note.text):
        if match.start() < covered_until or "sold" in match[0].lower():
            continue
        note.add("tax", match.start(), match.end(), pays=_pays(match[0]))
    if covered_until < 0 and (match := _PRICE_PAID.search(note.text)) and "tax" not in match[0].lower():
        note.add("other", match.start(), match.end(), about="exercise_price", pays="exercise_price")


def _pays(words: str) -> str | None:
    price = _EXERCISE_PRICE.search(words) is not None
    tax = "tax" in words.lower() or "withhold" in words.lower()
    return "both" if price and tax else "exercise_price" if price else "tax" if tax else None
