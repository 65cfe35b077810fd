"""Why a stated balance may not follow from the one before: the likely cause, with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from filings.ownership.document import Line
from signals.readings.balances import Step
from signals.readings.history import FiledForm

RESTATED, WITHDRAWN, SPLIT, EXEMPT, FORM_CHANGED, MISSTATED, WRITTEN, ROUNDING, MISSING = (
    "restated", "withdrawn", "split", "exempt", "form_changed", "misstated", "written", "rounding", "missing",
)  # fmt: skip
CAUSES = {
    RESTATED: "stated again from an earlier filing",
    WITHDRAWN: "no longer counts a report that was withdrawn",
    SPLIT: "a share split, which needs no report",
    EXEMPT: "not reported: exempt",
    FORM_CHANGED: "moved between direct and indirect, which needs no report",
    MISSTATED: "stated wrongly",
    WRITTEN: "a written option counts what is owed",
    ROUNDING: "a share or less, as rounding leaves",
    MISSING: "filings missing here, or changes that needed no report",
}

_SPLIT = re.compile(r"\b(?:stock|share|forward|reverse|for-one|for-\d+)\s(?:\w+\s){0,2}split\b|16a-9", re.I)
_EXEMPT = re.compile(
    r"\b(?:purchase\splan|espp|401|dividend|drip|reinvest\w*|stock\sfund|savings|16a-1[13]|16b-3|exempt|vest(?:ed|ing)"
    r"|previously\sreported|restricted\sstock|rsus?|includes?|reflects?|gift|distribut\w+|transfer\w*)\b",
    re.I,
)  # fmt: skip
_INCLUDED = re.compile(
    r"\bincludes?\s(?:an\sadditional\s)?([0-9][0-9,]{0,14}(?:\.[0-9]{1,4})?)\s(?:additional\s)?shares\s[^.;]{0,60}?"
    r"\b(?:purchase\splan|espp|401|dividend\sreinvestment|reinvested\sdividends)",
    re.I,
)  # fmt: skip
_FORM = re.compile(
    r"\b(?:transferred|contributed|contribution|changes?\s(?:in|of)\sform|form\sof\s(?:beneficial\s)?ownership|16a-13|GRAT)\b",
    re.I,
)
_RATIOS = tuple(map(Decimal, ("2", "3", "4", "5", "6", "7", "8", "10", "15", "20", "25", "30", "50", "1.5", "1.25")))
# A likely plan purchase or reinvested dividend, where nothing is said: small beside what is held.
_SMALL, _MOST = Decimal("0.02"), Decimal(5_000)


@dataclass(frozen=True, slots=True)
class Gap:
    """`amount` is what the balance has beyond what was known. `text` is plain English; `by` is the accession at fault.

    `words` are the footnote's, where one names the cause.
    """

    amount: Decimal
    cause: str
    text: str
    by: str | None = None
    words: str | None = None

    @property
    def guessed(self) -> bool:
        """Whether only the numbers suggest the cause."""
        return self.words is None and self.by is None and self.cause in (EXEMPT, MISSING, SPLIT)


def cause_of(step: Step, form: FiledForm, line: Line, withdrawn: Mapping[str, Decimal]) -> Gap:
    """The likely cause of this step's gap. `withdrawn` gives what withdrawn filings had moved on the line."""
    amount, known = step.gap, step.before - step.gap
    beside = form.notes_on(line, "shares_owned_following", "shares", "nature_of_ownership", "ownership", "price")
    moved = next((text for text in beside if _FORM.search(text)), None)
    if step.before < 0 and not moved:
        text = f"More shares acquired than are held afterwards: the balance of {step.after:f} cannot be."
        return Gap(amount, MISSTATED, text)
    for by, taken in sorted(withdrawn.items()):
        if taken and amount == -taken:
            return Gap(amount, WITHDRAWN, f"The balance no longer counts what {by} withdrew.", by)
    remarks = (form.remarks,) if form.remarks else ()
    split = next((text for text in beside + remarks if _SPLIT.search(text)), None)
    ratio = _ratio(step.before, known)
    if ratio and (split or _whole(ratio)):
        text = f"The balance is {ratio} times the one before, as after a share split."
        text += f" The note says: “{split}”" if split else ""
        return Gap(amount, SPLIT, text, None, split)
    if moved:
        return Gap(amount, FORM_CHANGED, f"Shares changed their form of ownership: “{moved}”", None, moved)
    following = form.notes_on(line, "shares_owned_following")
    said = next((text for text in following if _EXEMPT.search(text)), None)
    if said:
        return Gap(amount, EXEMPT, f"{_more(amount)} than the filings before give. The note says: “{said}”", None, said)
    if abs(amount) <= 1:
        return Gap(amount, ROUNDING, f"{_more(amount)} than the filings before give: {CAUSES[ROUNDING]}.")
    if 0 < amount <= min(known * _SMALL, _MOST):
        text = "probably exempt from reports, as plan purchases and reinvested dividends are"
        return Gap(amount, EXEMPT, f"{_more(amount)} than the filings before give; {text}.")
    return Gap(amount, MISSING, f"{_more(amount)} than the filings before give: {CAUSES[MISSING]}.")


def came_without_report(form: FiledForm, line: Line) -> Gap | None:
    """Shares that a note on the balance says came by an exempt plan, where no filing before shows the balance."""
    for text in form.notes_on(line, "shares_owned_following"):
        found = _INCLUDED.search(text)
        if found:
            amount = Decimal(found[1].replace(",", ""))
            return Gap(
                amount,
                EXEMPT,
                f"{amount:,f} of these shares came without a report. The note says: “{text}”",
                None,
                text,
            )
    return None


def _more(amount: Decimal) -> str:
    return f"{abs(amount):,f} {'more' if amount > 0 else 'fewer'}"


def _ratio(before: Decimal, known: Decimal) -> str | None:
    """The split that would explain it ("3", "1.5", "1/10"), if one does to the share."""
    if known <= 0 or before <= 0:
        return None
    for ratio in _RATIOS:
        if abs(known * ratio - before) < 1:
            return f"{ratio}"
        if abs(before * ratio - known) < 1:
            return f"1/{ratio}"
    return None


def _whole(ratio: str) -> bool:
    return ratio not in ("1.25", "1/1.25")
