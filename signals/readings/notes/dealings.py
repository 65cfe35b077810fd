"""What footnotes say happened: gifts, pledges, hedges, offerings, private deals, conversions, and the rest."""

from __future__ import annotations

import re

from signals.readings.notes.fact import Note
from signals.readings.notes.spot import Topic, spot

_NOT = spot(r"\b(?:not|no|never|none|neither|nor|without)\b[^.;,]{0,30}\Z")
_FUTURE = spot(r"\b(?:committed\sto|expected\sto|intends?\sto|will|may|agreed\sto\s(?:sell|purchase))\b[^.;]{0,90}\Z")

_GIFT = spot(
    r"\b(?:bona\sfide\s|charitable\s)?gift(?:s|ed|ing)?\b",
    r"\bdonat(?:ed|ion|ions|es)\b",
    r"\bcharitable\scontributions?\b",
    r"\bcontribut(?:ed|ion)\b[^.;]{0,40}?\b(?:charit\w{1,24}|foundation|donor[-\s]advised)",
    r"\bgiven\sto\s(?:a|an|the|his|her|their)\s(?:\S{1,20}\s){0,5}?(?:foundation|charity|trust|children|family|spouse|relatives?)\b",
    r"\breceived\sfrom\s(?:a\s|the\s)?(?:reporting\sperson['’]s\s|his\s|her\s)?(?:relative|member\sof\sthe\sfamily|father|mother|parents?|spouse|brother|sister|family)\b",
)
_RECIPIENTS = (
    ("donor_advised_fund", spot(r"\bdonor[-\s]advised\b")),
    ("foundation", spot(r"\bfoundation\b")),
    (
        "charity",
        spot(
            r"\bcharit(?:y|ies|able)\b",
            r"\bnon-?profit\b",
            r"\buniversity\b",
            r"\bchurch\b",
            r"\b501\(c\)\(3\)",
        ),
    ),
    ("trust", spot(r"\bto\b[^.;]{0,60}\btrusts?\b")),
    ("spouse", spot(r"\bto\b[^.;]{0,40}\b(?:spouse|wife|husband)\b")),
    (
        "family",
        spot(
            r"\bto\b[^.;]{0,60}\b(?:child|children|sons?|daughters?|grandchild\w{0,20}|famil(?:y|ies)|relatives?|brother|sister|parents?|mother|father)\b"
        ),
    ),
)
_PLEDGE = spot(
    r"\bpledg(?:e|ed|es|ing)\b",
    r"\bcollateral\b",
    r"\bmargin\s(?:account|loan|call)\b",
    r"\bas\ssecurity\sfor\b",
    r"\bforeclos(?:ed|ure)\b",
)
_FORWARD = spot(
    r"\b(?:pre-?paid\s)?variable\s(?:pre-?paid\s)?(?:share\s)?forward\b(?:\s(?:sale|purchase))?(?:\s(?:contract|agreement|transaction))?",
    r"\bpre-?paid\s(?:variable\s)?forward\b",
    r"\bforward\s(?:sale|sales|purchase)\s?(?:contract|agreement|transaction)?",
    r"\bforward\s(?:contract|agreement)",
    r"\bVPF\b",
)
_COLLAR = spot(r"\b(?:zero[-\s]cost\s|costless\s|cashless\s)?collars?\b")
_SWAP = spot(r"\b(?:cash-settled\s)?(?:total\sreturn\s|equity\s|basket\s)?swaps?\b")
_LOCKUP = spot(r"\block-?\s?ups?\b(?:\s(?:agreement|period|terms))?")
_OFFERING = (
    ("directed_shares", spot(r"\bdirected\sshares?\sprogram(?:me)?\b")),
    ("rights", spot(r"\brights\soffering\b")),
    ("ipo", spot(r"\binitial\spublic\soffering\b|\bIPO\b")),
    ("secondary", spot(r"\b(?:registered\s|underwritten\s|public\s)?secondary\s(?:public\s)?offering\b")),
    (
        "public",
        spot(
            r"(?<!initial\s)\b(?:underwritten|public|registered)\s(?:public\s|direct\s|common\sstock\s|follow-on\s|underwritten\s){0,2}offering\b",
            r"\bsold\s(?:to\sthe\sunderwriters?\b|(?:in\sconnection\swith|upon)\sthe\sunderwriters?['’]s?\sexercise\b)",
            r"\bunderwriting\sagreement\b",
        ),
    ),
)
_TOOK_PART = spot(
    r"\b(?:purchased|bought|sold|acquired|sale\sof|tendered|sells?|purchase[sd]?|sales?)\b[^.;]{0,140}?(?:\bin\b|\bat\s(?:the|a)\b|\bto\sthe\sunderwriters?|\bas\spart\sof\b|\bthrough\b|\bpursuant\sto\b)",
)
_BESIDE = spot(
    r"\b(?:prior\sto|upon|following|before|after|in\sconnection\swith|effective\sdate\sof|date\sof|at)\s(?:the\s)?"
    r"(?:(?:closing|completion|consummation|effectiveness|pricing)\s(?:of\s)?)?(?:the\s)?(?:issuer['’]s\s)?(?:sale\sof[^.;]{0,60})?(?:first\s|firm\scommitment\s|underwritten\s){0,4}\Z",
)
_IF_UNDERWRITER = spot(r"\bif\sthe\sunderwriter")
_PRIVATE = spot(
    r"\bprivate\splacements?\b(?!\swarrants?\sunits)",
    r"\b(?:securities|stock|share|unit|note)\spurchase\sagreement\b",
    r"\bsubscription\sagreement\b",
    r"\bprivate(?:ly[-\s]negotiated)?\s(?:sale|transaction|purchase|block\strade|resale)s?\b",
    r"\bPIPE\b",
    r"\bdirect\stransaction\swith\b",
    r"\bdirectly\sfrom\sthe\s(?:issu\w{1,24}|company)",
    r"\b(?:bought|purchased|acquired)\b[^.;]{0,60}?\bfrom\sthe\s(?:issuer|company)\b",
)
_CONVERSION = spot(
    r"\b(?:automatically\s|will\s|shall\s|mandatorily\s){0,2}(?:convert(?:s|ed|ible|ing)?|reclassified|exchanged\sfor|exchangeable\sfor|exchanged\sinto)\b",
    r"\b(?:be|been|was|were)\sexchanged\b",
    r"\bturned\sinto\b",
    r"\bconversions?\b(?!\sand\sdeferral)(?!\sprice)",
    r"\breclassification\b",
    r"\bdeposited\swith\sthe\sdepositary\b",
)
_KINDS: tuple[Topic, ...] = (
    ("pledge", ("pledg", "collateral", "margin", "security for", "foreclos"), _PLEDGE),
    ("forward", ("forward", "vpf"), _FORWARD),
    ("collar", ("collar",), _COLLAR),
    ("swap", ("swap",), _SWAP),
    ("lockup", ("lock-up", "lockup", "lock up", "lock- up"), _LOCKUP),
    ("conversion", ("conver", "reclass", "exchanged", "exchangeable", "turned into", "deposited with"), _CONVERSION),
)
_PRIVATE_TRIGGERS = (
    "private", "purchase agreement", "subscription", "pipe", "direct transaction", "directly from", "from the issuer",
    "from the company",
)  # fmt: skip
_PLAIN: tuple[Topic, ...] = (
    (
        "distribution",
        ("distribut", "spin-off", "spinoff"),
        spot(
            r"\bpro[-\s]?rata\b[^.;]{0,50}?\bdistributions?\b",
            r"\bdistribut(?:ion|ions|ed|e)\b[^.;]{0,70}?\b(?:partners?|members|holders|shareholders|beneficiar\w{1,24}|in[-\s]kind|pro[-\s]?rata)\b",
            r"\bin[-\s]kind\sdistributions?\b",
            r"\bspin-?off\b",
            r"\bin\sits\sdistribution\b",
            r"\bupon\sdistribution\s(?:from|by)\b",
        ),
    ),
    (
        "merger",
        ("merger", "business combination", "tender"),
        spot(
            r"\bmergers?\b",
            r"\bbusiness\scombination\b",
            r"\btendered\b(?!\sshares\sto\spay)",
            r"\btender\soffer\b",
        ),
    ),
    (
        "repurchase",
        ("repurchase", "redeem", "redemption"),
        spot(
            r"\brepurchased\b",
            r"\brepurchase\s(?:agreement|program|transaction)\b",
            r"\bshare\srepurchase\b",
            r"\bredeemed\b",
            r"\bredemption\b",
        ),
    ),
    (
        "inheritance",
        (
            "inherit",
            "under a will",
            "under the will",
            "under his will",
            "under her will",
            "estate of",
            "descent",
            "bequest",
        ),
        spot(
            r"\binherit(?:ed|ance)\b",
            r"\bunder\s(?:a|the|his|her)\swill\b",
            r"\bbequest\b",
            r"\blaws\sof\sdescent\b",
            r"\bestate\sof\b",
        ),
    ),
    (
        "divorce",
        ("domestic relations", "divorce", "marital"),
        spot(r"\bdomestic\srelations\sorder\b|\bdivorce\b|\bmarital\s(?:settlement|property)\b"),
    ),
    ("estate_planning", ("estate plan",), spot(r"\bestate\splanning\b")),
    (
        "transfer",
        ("transfer", "form of beneficial", "form of ownership", "16a-13"),
        spot(
            r"\btransfer(?:red|s)?\b[^.;]{0,140}?\b(?:consideration|GRAT|grantor|trust|estate\splanning\svehicles?)\b",
            r"\bform\sof\s(?:beneficial\s)?ownership\b",
            r"\b16a-13\b",
        ),
    ),
    (
        "split",
        ("split", "16a-9"),
        spot(
            r"\b[\w]{1,8}-for-[\w]{1,8}\s(?:\w{1,24}\s){0,3}?split\b",
            r"\b(?:stock|share|forward|reverse)\ssplit\b",
            r"\b16a-9\b",
        ),
    ),
    ("open_market", ("open market", "open-market"), spot(r"\bopen[-\s]market\b")),
    (
        "option_written",
        ("call option", "put option", "calls", "covered call", "written call", "written put"),
        spot(
            r"\b(?:written|covered)\scalls?\b(?:\soptions?)?",
            r"\b(?:call|put)\soptions?\swritten\b",
            r"\bwritten\sputs?\b",
        ),
    ),
    ("voting_trust", ("voting trust",), spot(r"\bvoting\strust\b")),
    (
        "depositary_shares",
        ("depositary", " ads"),
        spot(
            r"\beach\s(?:american\sdepositary\sshare|ADS)\s(?:\(\"?ADS\"?\)\s)?(?:represents|stands\sfor|is|equals)\b[^.;]{0,40}?\bshares?\b"
        ),
    ),
    (
        "earn_out",
        ("earn-out", "earnout", "contingent payment", "escrow"),
        spot(r"\bearn-?out\b|\bcontingent\spayment\b|\bheld\sin\sescrow\b"),
    ),
    (
        "forfeiture",
        ("forfeit", "given up"),
        spot(r"\bforfeiture\sof\b|\bwere\sforfeited\b|\bforfeited\s[0-9]|\bunits\sgiven\sup\b"),
    ),
    (
        "left_office",
        ("resign", "no longer", "retired", "left the"),
        spot(
            r"\bresigned\s(?:as|from)\b",
            r"\bno\slonger\s(?:a\s|an\s)?(?:director|officer|subject|executive)\b",
            r"\bleft\sthe\s(?:board|issuer|company)\b",
        ),
    ),
    ("confidential", ("confidential",), spot(r"\bconfidential\b")),
)


def read(note: Note) -> None:
    if note.has("gift", "donat", "charit", "donor", "contributed", "given to", "received from"):
        _gifts(note)
    for kind, triggers, pattern in _KINDS:
        if note.has(*triggers):
            for match in pattern.finditer(note.low):
                note.add(kind, match.start(), match.end(), denied=_denied(note, match))
    if note.has("offering", "ipo", "underwrit", "directed share"):
        _offerings(note)
    if note.has(*_PRIVATE_TRIGGERS):
        for match in _PRIVATE.finditer(note.low):
            later = _FUTURE.search(note.low, max(0, match.start() - 120), match.start()) is not None
            note.add("private", match.start(), match.end(), denied=_denied(note, match), intended=later)
    for about, triggers, pattern in _PLAIN:
        if note.has(*triggers) and (said := pattern.search(note.low)):
            note.add("other", said.start(), said.end(), about=about, denied=_denied(note, said))


def _denied(note: Note, match: re.Match[str]) -> bool:
    return _NOT.search(note.low, max(0, match.start() - 45), match.start()) is not None


def _gifts(note: Note) -> None:
    for match in _GIFT.finditer(note.low):
        stop = min(len(note.low), match.end() + 140)
        full_stop = note.low.find(". ", match.end(), stop)
        around = note.low[match.start() : full_stop if full_stop >= 0 else stop]
        recipient = None
        if not match[0].lower().startswith("received"):
            recipient = next((slug for slug, pattern in _RECIPIENTS if pattern.search(around)), None)
        note.add("gift", match.start(), match.end(), recipient=recipient, denied=_denied(note, match))


def _offerings(note: Note) -> None:
    """What was traded in an offering has `took_part`; what merely happened beside one (a conversion at the IPO) not."""
    for about, pattern in _OFFERING:
        for match in pattern.finditer(note.low):
            before = max(0, match.start() - 170)
            beside = _BESIDE.search(note.low, before, match.start()) or _IF_UNDERWRITER.search(
                note.low, before, match.start()
            )
            took = about == "directed_shares" or match[0].lower().startswith("sold ")
            took = took or (not beside and _TOOK_PART.search(note.low, before, match.start()) is not None)
            note.add("offering", match.start(), match.end(), about=about, took_part=True if took else None)
