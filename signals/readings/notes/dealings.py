"""What footnotes say happened: gifts, pledges, forwards, collars, swaps, offerings, private deals, conversions, more."""

from __future__ import annotations

import re

from signals.readings.notes.fact import Note

_I = re.IGNORECASE
_NOT = re.compile(r"\b(?:not|no|never|none|neither|nor|without)\b[^.;,]{0,30}\Z", _I)
_FUTURE = re.compile(r"\b(?:committed\sto|expected\sto|intends?\sto|will|may|agreed\sto\s(?:sell|purchase))\b[^.;]{0,90}\Z", _I)

_GIFT = re.compile(
    r"\b(?:bona\sfide\s|charitable\s)?gift(?:s|ed|ing)?\b|\bdonat(?:ed|ion|ions|es)\b|\bcharitable\scontributions?\b"
    r"|\bcontribut(?:ed|ion)\b[^.;]{0,40}?\b(?:charit\w+|foundation|donor[-\s]advised)"
    r"|\bgiven\sto\s(?:a|an|the|his|her|their)\s(?:\S{1,20}\s){0,5}?(?:foundation|charity|trust|children|family|spouse|relatives?)\b"
    r"|\breceived\sfrom\s(?:a\s|the\s)?(?:reporting\sperson['’]s\s|his\s|her\s)?(?:relative|member\sof\sthe\sfamily|father|mother|parents?|spouse|brother|sister|family)\b",
    _I,
)
_RECIPIENTS = (
    ("donor_advised_fund", re.compile(r"\bdonor[-\s]advised\b", _I)),
    ("foundation", re.compile(r"\bfoundation\b", _I)),
    ("charity", re.compile(r"\bcharit(?:y|ies|able)\b|\bnon-?profit\b|\buniversity\b|\bchurch\b|\b501\(c\)\(3\)", _I)),
    ("trust", re.compile(r"\bto\b[^.;]{0,60}\btrusts?\b", _I)),
    ("spouse", re.compile(r"\bto\b[^.;]{0,40}\b(?:spouse|wife|husband)\b", _I)),
    ("family", re.compile(r"\bto\b[^.;]{0,60}\b(?:child|children|sons?|daughters?|grandchild\w*|famil(?:y|ies)|relatives?|brother|sister|parents?|mother|father)\b", _I)),
)
_PLEDGE = re.compile(r"\bpledg(?:e|ed|es|ing)\b|\bcollateral\b|\bmargin\s(?:account|loan|call)\b|\bas\ssecurity\sfor\b|\bforeclos(?:ed|ure)\b", _I)
_FORWARD = re.compile(
    r"\b(?:pre-?paid\s)?variable\s(?:pre-?paid\s)?(?:share\s)?forward\b(?:\s(?:sale|purchase))?(?:\s(?:contract|agreement|transaction))?"
    r"|\bpre-?paid\s(?:variable\s)?forward\b|\bforward\s(?:sale|sales|purchase)\s?(?:contract|agreement|transaction)?|\bforward\s(?:contract|agreement)|\bVPF\b",
    _I,
)
_COLLAR = re.compile(r"\b(?:zero[-\s]cost\s|costless\s|cashless\s)?collars?\b", _I)
_SWAP = re.compile(r"\b(?:cash-settled\s)?(?:total\sreturn\s|equity\s|basket\s)?swaps?\b", _I)
_LOCKUP = re.compile(r"\block-?\s?ups?\b(?:\s(?:agreement|period|terms))?", _I)
_OFFERING = (
    ("directed_shares", re.compile(r"\bdirected\sshares?\sprogram(?:me)?\b", _I)),
    ("rights", re.compile(r"\brights\soffering\b", _I)),
    ("ipo", re.compile(r"\binitial\spublic\soffering\b|\bIPO\b", _I)),
    ("secondary", re.compile(r"\b(?:registered\s|underwritten\s|public\s)?secondary\s(?:public\s)?offering\b", _I)),
    ("public", re.compile(r"(?<!initial\s)\b(?:underwritten|public|registered)\s(?:public\s|direct\s|common\sstock\s|follow-on\s|underwritten\s){0,2}offering\b|\bsold\sto\sthe\sunderwriters?\b|\bunderwriting\sagreement\b", _I)),
)
_TOOK_PART = re.compile(
    r"\b(?:purchased|bought|sold|acquired|sale\sof|tendered|sells?|purchase[sd]?|sales?)\b[^.;]{0,140}?(?:\bin\b|\bat\s(?:the|a)\b|\bto\sthe\sunderwriters?|\bas\spart\sof\b|\bthrough\b|\bpursuant\sto\b)",
    _I,
)
_BESIDE = re.compile(
    r"\b(?:prior\sto|upon|following|before|after|in\sconnection\swith|effective\sdate\sof|date\sof|at)\s(?:the\s)?"
    r"(?:(?:closing|completion|consummation|effectiveness|pricing)\s(?:of\s)?)?(?:the\s)?(?:issuer['’]s\s)?(?:sale\sof[^.;]{0,60})?(?:first\s|firm\scommitment\s|underwritten\s)*\Z",
    _I,
)
_IF_UNDERWRITER = re.compile(r"\bif\sthe\sunderwriter", _I)
_PRIVATE = re.compile(
    r"\bprivate\splacements?\b(?!\swarrants?\sunits)|\b(?:securities|stock|share|unit|note)\spurchase\sagreement\b|\bsubscription\sagreement\b"
    r"|\bprivate(?:ly[-\s]negotiated)?\s(?:sale|transaction|purchase|block\strade|resale)s?\b|\bPIPE\b|\bdirect\stransaction\swith\b"
    r"|\bdirectly\sfrom\sthe\s(?:issu\w+|company)|\b(?:bought|purchased|acquired)\b[^.;]{0,60}?\bfrom\sthe\s(?:issuer|company)\b",
    _I,
)
_CONVERSION = re.compile(
    r"\b(?:automatically\s|will\s|shall\s|mandatorily\s){0,2}(?:convert(?:s|ed|ible|ing)?|reclassified|exchanged\sfor|exchangeable\sfor|exchanged\sinto)\b"
    r"|\b(?:be|been|was|were)\sexchanged\b|\bturned\sinto\b|\bconversions?\b(?!\sand\sdeferral)(?!\sprice)|\breclassification\b|\bdeposited\swith\sthe\sdepositary\b",
    _I,
)
_PLAIN = (  # kind, slug of `about`, triggers, pattern, whether "not" before it denies it
    ("other", "distribution", ("distribut", "spin-off", "spinoff"), re.compile(r"\bpro[-\s]?rata\b[^.;]{0,50}?\bdistributions?\b|\bdistribut(?:ion|ions|ed|e)\b[^.;]{0,70}?\b(?:partners?|members|holders|shareholders|beneficiar\w+|in[-\s]kind|pro[-\s]?rata)\b|\bin[-\s]kind\sdistributions?\b|\bspin-?off\b|\bin\sits\sdistribution\b|\bupon\sdistribution\s(?:from|by)\b", _I)),
    ("other", "merger", ("merger", "business combination", "tender"), re.compile(r"\bmergers?\b|\bbusiness\scombination\b|\btendered\b(?!\sshares\sto\spay)|\btender\soffer\b", _I)),
    ("other", "repurchase", ("repurchase", "redeem", "redemption"), re.compile(r"\brepurchased\b|\brepurchase\s(?:agreement|program|transaction)\b|\bshare\srepurchase\b|\bredeemed\b|\bredemption\b", _I)),
    ("other", "inheritance", ("inherit", "will", "estate", "descent", "bequest"), re.compile(r"\binherit(?:ed|ance)\b|\bunder\s(?:a|the|his|her)\swill\b|\bbequest\b|\blaws\sof\sdescent\b|\bestate\sof\b", _I)),
    ("other", "divorce", ("domestic relations", "divorce", "marital"), re.compile(r"\bdomestic\srelations\sorder\b|\bdivorce\b|\bmarital\s(?:settlement|property)\b", _I)),
    ("other", "estate_planning", ("estate plan",), re.compile(r"\bestate\splanning\b", _I)),
    ("other", "transfer", ("transfer", "form of", "16a-13"), re.compile(r"\btransfer(?:red|s)?\b[^.;]{0,140}?\b(?:consideration|GRAT|grantor|trust|estate\splanning\svehicles?)\b|\bform\sof\s(?:beneficial\s)?ownership\b|\b16a-13\b", _I)),
    ("other", "split", ("split", "16a-9"), re.compile(r"\b[\w]{1,8}-for-[\w]{1,8}\s(?:\w+\s){0,3}?split\b|\b(?:stock|share|forward|reverse)\ssplit\b|\b16a-9\b", _I)),
    ("other", "open_market", ("open market", "open-market"), re.compile(r"\bopen[-\s]market\b", _I)),
    ("other", "option_written", ("call", "put "), re.compile(r"\b(?:written|covered)\scalls?\b(?:\soptions?)?|\b(?:call|put)\soptions?\swritten\b|\bwritten\sputs?\b", _I)),
    ("other", "voting_trust", ("voting trust",), re.compile(r"\bvoting\strust\b", _I)),
    ("other", "depositary_shares", ("depositary", " ads"), re.compile(r"\beach\s(?:american\sdepositary\sshare|ADS)\s(?:\(\"?ADS\"?\)\s)?(?:represents|stands\sfor|is|equals)\b[^.;]{0,40}?\bshares?\b", _I)),
    ("other", "earn_out", ("earn-out", "earnout", "contingent payment", "escrow"), re.compile(r"\bearn-?out\b|\bcontingent\spayment\b|\bheld\sin\sescrow\b", _I)),
    ("other", "forfeiture", ("forfeit", "given up"), re.compile(r"\bforfeiture\sof\b|\bwere\sforfeited\b|\bforfeited\s[0-9]|\bunits\sgiven\sup\b", _I)),
    ("other", "left_office", ("resign", "no longer", "retired", "left the"), re.compile(r"\bresigned\s(?:as|from)\b|\bno\slonger\s(?:a\s|an\s)?(?:director|officer|subject|executive)\b|\bleft\sthe\s(?:board|issuer|company)\b", _I)),
    ("other", "confidential", ("confidential",), re.compile(r"\bconfidential\b", _I)),
)  # fmt: skip


def read(note: Note) -> None:
    if note.has("gift", "donat", "contribut", "given to", "received from"):
        _gifts(note)
    for kind, triggers, pattern in (
        ("pledge", ("pledg", "collateral", "margin", "security for", "foreclos"), _PLEDGE),
        ("forward", ("forward", "vpf"), _FORWARD),
        ("collar", ("collar",), _COLLAR),
        ("swap", ("swap",), _SWAP),
        ("lockup", ("lock",), _LOCKUP),
        ("conversion", ("conver", "reclass", "exchange", "turned into", "deposited with"), _CONVERSION),
    ):
        if note.has(*triggers):
            for match in pattern.finditer(note.text):
                note.add(kind, match.start(), match.end(), denied=_denied(note, match))
    if note.has("offering", "ipo", "underwrit", "directed share"):
        _offerings(note)
    if note.has("private", "agreement", "pipe", "direct", "from the "):
        for match in _PRIVATE.finditer(note.text):
            later = _FUTURE.search(note.text, max(0, match.start() - 120), match.start()) is not None
            note.add("private", match.start(), match.end(), denied=_denied(note, match), intended=later)
    for kind, about, triggers, pattern in _PLAIN:
        if note.has(*triggers) and (match := pattern.search(note.text)):
            note.add(kind, match.start(), match.end(), about=about, denied=_denied(note, match))


def _denied(note: Note, match: re.Match[str]) -> bool:
    return _NOT.search(note.text, max(0, match.start() - 45), match.start()) is not None


def _gifts(note: Note) -> None:
    for match in _GIFT.finditer(note.text):
        stop = min(len(note.text), match.end() + 140)
        full_stop = note.text.find(". ", match.end(), stop)
        around = note.text[match.start() : full_stop if full_stop >= 0 else stop]
        recipient = None
        if not match[0].lower().startswith("received"):
            recipient = next((slug for slug, pattern in _RECIPIENTS if pattern.search(around)), None)
        note.add("gift", match.start(), match.end(), recipient=recipient, denied=_denied(note, match))


def _offerings(note: Note) -> None:
    """What was traded in an offering has `took_part`; what merely happened beside one (a conversion at the IPO) not."""
    for about, pattern in _OFFERING:
        for match in pattern.finditer(note.text):
            before = max(0, match.start() - 170)
            beside = _BESIDE.search(note.text, before, match.start()) or _IF_UNDERWRITER.search(note.text, before, match.start())
            took = about == "directed_shares" or match[0].lower().startswith("sold to")
            took = took or (not beside and _TOOK_PART.search(note.text, before, match.start()) is not None)
            note.add("offering", match.start(), match.end(), about=about, took_part=True if took else None)
