"""What footnotes say about pay: vesting, shares kept back or sold for tax, purchase and savings plans, dividends."""

from __future__ import annotations

from signals.readings.notes.dates import dates_in
from signals.readings.notes.fact import Note
from signals.readings.notes.spot import Topic, spot

_VESTS = spot(
    r"\bvests?\b",
    r"\bvested\s(?:on|in|as\s(?:to|of)|and\sexercisable|upon|ratably|immediately|quarterly|monthly|annually|every|the\s|each\s|an?\s|[0-9]|one)",
    r"\b(?:is|are|was|were|became|become|becomes|fully|has|have|been|of\sthe\s(?:shares|units|RSUs|award)|that)\s(?:\w{1,24}\s){0,2}?vested\b",
    r"\b(?:units|RSUs|shares|award|options?|installment|objectives[^.;]{0,40}|therefore[^.;]{0,80})\svested\b",
    r"\bvesting\s(?:in|over|on|as\sto|ratably|commenc\w{1,24}|dates?|schedule|annual\w{0,20}|quarter\w{0,20}|month\w{0,20}|of\s(?:the\s)?(?:option|award)\sas\sto|[0-9])",
    r"\bfull\svesting\b",
    r"\b[0-9.]{1,8}%\s(?:annual\s|quarterly\s)?vesting\b",
    r"\bscheduled\sto\s(?:vest|settle)\b",
    r"\bsubject\sto\svesting\b",
    r"\b(?:fully|currently|immediately)\sexercisable\b",
    r"\bare\sexercisable\sas\sof\b",
    r"\bexercisable\sin\s",
)
_PARTS = spot(
    r"(?<![0-9/.])[0-9]{1,3}/[0-9]{1,3}(?![0-9/])",
    r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,4})?\s?%",
    r"\bone[-\s](?:half|third|quarter|fourth|fifth|sixth|eighth|tenth|twelfth|sixteenth|forty-eighth)\b",
    r"\btwo[-\s]thirds\b",
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
        ],
        start=2,
    )
} | {"twenty": 20, "twenty-four": 24, "thirty-six": 36, "forty-eight": 48, "sixty": 60}
_INSTALLMENTS = spot(
    r"\b(?P<count>[0-9]{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")\s"
    r"(?:(?:substantially|approximately)\s)?(?:(?:equal|successive|consecutive|annual|quarterly|monthly|yearly|semi-?annual)[,\s]{1,2}){1,4}"
    r"(?:installments?|instalments?|parts?|tranches|increments)",
)
_EVERY = (
    ("half_year", spot(r"\bsemi-?annual|\b(?:every|each)\ssix\smonths")),
    ("month", spot(r"\bmonthly\b|\beach\smonth\b|\bevery\smonth\b|\beach\smonthly\b")),
    ("quarter", spot(r"\bquarterly\b|\b(?:each|every)\s(?:quarter|three\smonths)\b")),
    (
        "year",
        spot(
            r"\bannual(?:ly)?\b(?!\s(?:general\s)?(?:meeting|stockholder|shareholder|equity))",
            r"\byearly\b",
            r"\beach\syear\b",
            r"\banniversar(?:y|ies)\b",
            r"\bratably\sover\b",
        ),
    ),
)
_PERFORMANCE = spot(
    r"\bperformance\b",
    r"\bmilestones?\b",
    r"\bmarket\scapitalization\b",
    r"\bhurdles?\b",
    r"\bweighted[-\s]average\b",
    r"\bshareholder\sreturn\b",
    r"\btargets?\s(?:is|are)\smet\b",
    r"\bobjectives?\b",
)
_COMPLETE = spot(
    r"\bfully[-\s]vested\b",
    r"\bvest(?:s|ed|ing)?\sin\sfull\b",
    r"\bvests?\s(?:as\sto\s)?100%",
    r"\b100%",
    r"\bfull\svesting\b",
)

_SOLD_TO_COVER = spot(
    r"\bs(?:ell|ale|old)[-\s]to[-\s]cover\b(?:[^.;]{0,60}?\b(?:tax\w{0,20}|exercise\sprice))?",
    r"\b(?:sold|sales?)\b[^.;]{0,120}?\b(?:to\s(?:cover|satisfy|pay|fund)|for\s(?:the\s)?(?:payment|satisfaction)\sof)\b[^.;]{0,90}?\b(?:tax(?:es)?\b(?:\swithholding)?(?:\sobligations?)?|withholding|exercise\s(?:price|cost)(?:\sand\staxes)?)",
)
_NO_SALE = spot(r"\b(?:no|not)\b[^.;]{0,30}\Z")
_IMPOSED = spot(
    r"\bautomatic(?:ally)?\b",
    r"\bnon-?\s?discretionary\b",
    r"\bnot\s(?:a\s)?discretionary\b",
    r"\b(?:did|does)\snot\schoose\b",
    r"\brequires?\b",
    r"\bmandat\w{1,24}",
    r"\bsold\sby\sthe\s(?:issuer|company)\b",
    r"\brequired\s(?:by|under|sale|to\sbe\ssold)",
)
_PART = spot(
    r"\bpartial(?:ly)?\b",
    r"\bout\sof\sthe\stotal\b",
    r"\b(?:a\s)?(?:portion|part)\sof\b",
    r"\bapproximately\s[0-9,]{1,12}\sshares\b",
)
_WITHHELD = spot(
    r"\b(?:withheld|withh(?:o)?ld(?:ing)?\s(?:of\s)?(?:shares|securities)|kept\sback|surrender(?:ed)?|deliver(?:ed|ing|y)|relinquished|forfeited|retained|"
    r"dispos(?:ition|ed)|tendered|given|netted|payment\sof)\b[^.;]{0,170}?\btax(?:es)?\b(?:\s(?:withholding|liability|obligations?|due)){0,3}",
)
_PRICE_PAID = spot(
    r"\b(?:withheld|kept\sback|surrendered|delivered|tendered|given|netted|net)\b[^.;]{0,110}?\bexercise\s(?:price|cost)"
)
_EXERCISE_PRICE = spot(r"\bexercise\s(?:price|cost)\b")
_PAID_IN_CASH = spot(r"\bpaid\b[^.;]{0,60}?\bexercise\sprice\b[^.;]{0,60}?\bcash\b")
_NET_EXERCISE = spot(r"\b(?:cashless\s)?net[-\s]exercised?\b|\bcashless\sexercise\b")

_ESPP = spot(
    r"\b(?:employees?|associates?)['’]?\s(?:stock|shares?)\s(?:purchase|ownership\spurchase)\splan\b",
    r"\bESPP\b",
)
_K401 = spot(
    r"\b401\s?\(?k\)?",
    r"\b(?:employee|retirement|thrift|profit\ssharing)\s(?:\w{1,24}\s){0,2}?savings\s(?:\w{1,24}\s){0,2}?plan\b",
    r"\bsavings\s(?:and\s)?investment\splan\b",
)
_DRIP = spot(
    r"\bdividend\sreinvestments?\b(?:\splan\b)?",
    r"\breinvest(?:ed|ment|ing)?\s(?:of\s)?(?:the\s|cash\s|quarterly\s)?dividends?\b",
    r"\bDRIP\b",
    r"\bdividends?\s(?:(?:were|was|are|have\sbeen|is|automatically)\s){1,2}reinvested\b",
)
_PLANS: tuple[Topic, ...] = (
    ("espp", ("purchase plan", "espp", "ownership purchase"), _ESPP),
    ("k401", ("401", "savings"), _K401),
    ("drip", ("dividend", "drip"), _DRIP),
)
_OTHER: tuple[Topic, ...] = (
    (
        "right",
        ("right", "equivalent", "worth one", "represents"),
        spot(r"\bcontingent\sright\b|\beconomic\sequivalent\b|\bright\sto\sreceive\b"),
    ),
    (
        "dividend_equivalent",
        ("dividend equiv", "place of dividends"),
        spot(r"\bdividend\sequivalents?\b|\bin\splace\sof\sdividends\b"),
    ),
    ("exercise_paid_in_cash", ("exercise price",), _PAID_IN_CASH),
    ("net_exercise", ("exercise",), _NET_EXERCISE),
)


def read(note: Note) -> None:
    if note.has("vest", "exercisable", "scheduled to settle"):
        _vesting(note)
    if note.has("tax", "cover", "exercise price", "exercise cost", "withh"):
        _tax(note)
    for kind, triggers, pattern in _PLANS:
        if note.has(*triggers):
            for match in pattern.finditer(note.low):
                note.add(kind, match.start(), match.end())
    for about, triggers, pattern in _OTHER:
        if note.has(*triggers) and (said := pattern.search(note.low)):
            note.add("other", said.start(), said.end(), about=about)


def _vesting(note: Note) -> None:
    for start, end in note.sentences():
        if not _VESTS.search(note.low, start, end):
            continue
        said = note.low[start:end]
        installments = _INSTALLMENTS.search(said)
        parts = tuple(dict.fromkeys(part[0] for part in _PARTS.finditer(said)))
        days = tuple(dict.fromkeys(dated.day for dated in dates_in(note.low, start, end)))
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
    return _NUMBERS.get(words) or int(words)


def _tax(note: Note) -> None:
    covered_until = -1
    for match in _SOLD_TO_COVER.finditer(note.low) if note.has("sold", "sale", "sell-", "sell to") else ():
        if _NO_SALE.search(note.low, max(0, match.start() - 40), match.start()):
            continue
        imposed = _IMPOSED.search(note.low, max(0, match.start() - 160), min(len(note.low), match.end() + 160))
        part = _PART.search(note.low, max(0, match.start() - 60), match.end())
        note.add(
            "sell_to_cover",
            match.start(),
            match.end(),
            about="part" if part else None,
            mandatory=True if imposed else None,
            pays=_pays(note.low[match.start() : _clause_end(note.low, match.end())]),
        )
        covered_until = match.end()
    for match in _WITHHELD.finditer(note.low):
        if match.start() < covered_until or "sold" in match[0]:
            continue
        note.add("tax", match.start(), match.end(), pays=_pays(match[0]))
    if covered_until < 0 and (price := _PRICE_PAID.search(note.low)) and "tax" not in price[0]:
        note.add("other", price.start(), price.end(), about="exercise_price", pays="exercise_price")


def _clause_end(text: str, at: int) -> int:
    """Where the sentence goes on to at most, after these words: "to cover the exercise price, and to pay tax"."""
    stop = text.find(". ", at, at + 120)
    return stop if stop >= 0 else at + 120


def _pays(words: str) -> str | None:
    price = _EXERCISE_PRICE.search(words) is not None
    tax = "tax" in words or "withhold" in words
    return "both" if price and tax else "exercise_price" if price else "tax" if tax else None
