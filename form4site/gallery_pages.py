"""Specimens of the screen, signals, alerts and what there is to learn. Invented values, no archive, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace as Shape
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from filings.ownership.codes import CODES
from filings.ownership.facsimile import tables
from form4site.kit.markup import cell, dated
from signals.criteria import EVERYTHING
from signals.detectors.catalogue import CATALOGUE
from signals.forms import ScreenForm
from signals.learning.form4 import TABLE_I
from signals.learning.myths import MYTHS
from signals.learning.specimen import LINES
from signals.ready_made import READY_MADE
from signals.selectors.matching import Answer, Many, Page
from signals.selectors.signal_feed import CitedTrade, SignalsPage, Wanted
from signals.selectors.walks import steps
from signals.views.codes import LETTERS
from signals.views.columns import NOT_REPORTED, Head, Row, deed
from signals.views.signals import CHOICES

Given = tuple[str, str, dict[str, Any]]
ACCESSION = "9990000001-26-000001"
UID = UUID(int=4)
AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
_ISSUER = Shape(cik="9990000101", name="Specimen Works Inc. (Demo)", ticker="SPECDEMO")
# A form without a session behind it: sent, it is refused.
_TOKEN = {"csrf_token": "specimen"}


def screens() -> Iterator[Given]:
    asked = ScreenForm(QueryDict("side=bought&min_value=250000&role=officer"))
    wrong = ScreenForm(QueryDict("min_value=many&colour=red"))
    yield "signals/_screen_panel.html", "asked", {"form": asked}
    yield "signals/_screen_panel.html", "refused", {"form": wrong}
    yield "signals/_ready.html", "screen", {"screens": READY_MADE[:2]}
    yield "signals/_ready_links.html", "home", {"screens": READY_MADE[:2]}
    yield "signals/_code_told.html", "P", {"code": CODES["P"]}
    yield "signals/_code_letters.html", "P", {"codes": LETTERS, "letter": "P"}
    pills = [{"words": "bought", "without": "?"}, {"words": "for $250,000 or more", "without": "?"}]
    heads = (
        Head("Filed", False, "?sort=filed", "descending"),
        Head("What", False, "?sort=what", None),
        Head("Value", True, "?sort=value", None),
    )
    rows = [
        Row(
            f"/filings/{ACCESSION}/",
            cell("Filed", dated(date(2026, 11, 20)))
            + cell("What", deed("buy"))
            + cell("Value", "$312,500", number=True),
            "Ada Specimen bought 10,000 shares for $312,500.",
        ),
        Row(
            f"/filings/{ACCESSION}/",
            cell("Filed", dated(date(2026, 11, 19)))
            + cell("What", deed("sell"))
            + cell("Value", NOT_REPORTED, number=True),
            None,
        ),
    ]
    context: dict[str, Any] = {
        "form": asked, "criteria": asked.criteria, "sentence": "Bought by officers, $250,000 or more", "pills": pills,
        "heads": heads, "csv": "?", "feed": "?", "first_page": True,
    }  # fmt: skip
    nothing = {"answer": Answer(Page((), None), Many(0, True), {}), "rows": [], "older": None}
    emptied = [{"words": "for $250,000 or more", "number": 12, "without": "?"}]
    untold = {**nothing, "answer": Answer(Page((), None), Many(0, True), None), "emptied": []}
    found = {"answer": Answer(Page((), "k"), Many(1_000, False), None), "rows": rows, "older": "after=k", "emptied": []}
    yield "signals/_screen_part.html", "rows", {**context, **found}
    yield "signals/_screen_part.html", "emptied by one", {**context, **nothing, "emptied": emptied}
    yield "signals/_screen_part.html", "emptied, and nobody can tell by what", {**context, **untold}
    yield "signals/_screen_part.html", "too broad", {**context, "too_broad": True, "criteria": EVERYTHING, "pills": []}
    yield "signals/_screen_part.html", "refused", {"form": wrong}
    for among in ("names", "footnotes"):
        yield "signals/_search_tabs.html", among, {"query": "trust", "among": among}


def signals() -> Iterator[Given]:
    for kind in ("cluster_buy", "unscheduled_large_sale", "late_filing"):
        yield "signals/_signal_badge.html", CATALOGUE[kind].side, {"kind": kind}
    parties = [{"cik": f"999000100{n}", "name": f"Specimen {n} (Demo)", "roles": []} for n in range(1, 7)]
    shown: Any = Shape(
        key=f"cluster_buy:9990000101:{ACCESSION}:I1", kind="cluster_buy", known_at=AT, issuer_id="9990000101",
        issuer=_ISSUER, insiders=parties, provisional=True, settles_on=date(2026, 12, 20), strength=71, tags=["tight"],
        sentence="Six people bought within nine days, for $1.2 million together.", value=Decimal(1_200_000),
    )  # fmt: skip
    asked = {"asked": Wanted(kinds=("cluster_buy",), unread=("role=king",)), "kept": QueryDict("kind=cluster_buy")}
    yield "signals/_signals.html", "a page", {
        **asked, "page": SignalsPage([shown], "k"), "first_page": False,
    }  # fmt: skip
    yield "signals/_signal_filters.html", "asked", {"asked": asked["asked"], "choices": CHOICES}
    yield "signals/_signals.html", "none", {**asked, "page": SignalsPage([], None), "first_page": True}
    trade: Any = Shape(
        traded_on=date(2026, 11, 17),
        value=Decimal(312_500),
        detail=Shape(sentence="Ada Specimen bought 10,000 shares."),
    )
    rows = [
        CitedTrade(ACCESSION, [["I", 1]], trade, "below the least value", "Specimen Ada (Demo)"),
        CitedTrade(ACCESSION, [["I", 2]], None, "read differently", None),
    ]
    yield "signals/_cited.html", "left out", {"rows": rows, "caption": "Left out", "reasons": True}
    yield "signals/_cited.html", "counted", {"rows": rows[:1], "caption": "Counted", "reasons": False}


def alerts() -> Iterator[Given]:
    for state, channel in (
        ("active", Shape(state="active", failing_since=None)),
        ("failing", Shape(state="active", failing_since=AT)),
        ("paused", Shape(state="paused", failing_since=None)),
        ("stopped", Shape(state="stopped", failing_since=None)),
    ):
        yield "alerts/_state.html", state, {"channel": channel}
    sent = [
        Shape(uid=UID, made_at=AT, event="signal.published", title="Three people bought", status=status, attempts=tries,
              due_at=due, last_status=answer, last_error_class=fault)
        for status, tries, due, answer, fault in (
            ("sent", 1, None, 200, None), ("failed", 8, None, 500, None), ("unknown", 1, None, None, "TIMEOUT"),
            ("pending", 2, AT, 503, None), ("pending", 0, None, None, None),
        )
    ]  # fmt: skip
    log = {"channel": Shape(uid=UID), "status": "", "event": ""}
    yield "alerts/_log.html", "every state", {**log, "page": Shape(rows=sent, older=3), "first_page": False}
    yield "alerts/_log.html", "nothing yet", {**log, "page": Shape(rows=[], older=None), "first_page": True}
    items = [
        Shape(uid=UID, made_at=AT, read_at=read, title="Your screen “Officers” has a match", html="", link="/",
              text="Ada Specimen bought 10,000 shares for $312,500.")
        for read in (None, AT)
    ]  # fmt: skip
    inbox = {"first_page": True, "unread_only": False, **_TOKEN}
    yield "alerts/_items.html", "new and read", {**inbox, "page": Shape(rows=items, older=3)}
    yield "alerts/_items.html", "empty", {**inbox, "page": Shape(rows=[], older=None)}
    yield "alerts/_nav.html", "on the inbox", {"request": Shape(resolver_match=Shape(view_name="alerts:inbox"))}
    yield "alerts/_unread.html", "three", {"unread": 3}
    yield "alerts/_unread.html", "none", {"unread": 0}
    events = _Events({"events": []})
    yield "kit/_choices.html", "refused", {"field": events["events"]}
    yield "kit/_choices.html", "asked", {"field": _Events()["events"]}
    told = Shape(issuer=_ISSUER, sentence="Ada Specimen bought 10,000 shares.", no_longer=None)
    taken_back = Shape(issuer=_ISSUER, sentence="", no_longer="the filing was withdrawn.")
    matches = [Shape(standing=True, revision=1, told=told), Shape(standing=True, revision=2, told=told),
               Shape(standing=False, revision=2, told=taken_back)]  # fmt: skip
    yield "screens/_alert.html", "new, changed, no longer", {
        "screen": Shape(name="Officers"), "why": "bought by officers", "matches": matches, "more": 4,
    }  # fmt: skip
    for following, state in ((None, "not followed"), (Shape(uid=UID), "followed")):
        party = {"key": "issuer", "party": _ISSUER, "following": following, **_TOKEN}
        yield "screens/_follow.html", state, party
    for changed in (True, False):
        kept = {"screen": Shape(uid=UID, name="Officers"), "query": "side=bought", "changed": changed, **_TOKEN}
        yield "screens/_criteria.html", "changed" if changed else "as before", kept
    yield "screens/_news.html", "some", {"number": 1_204}
    yield "screens/_news.html", "nobody’s", {"number": None}


class _Events(forms.Form):
    events = forms.MultipleChoiceField(
        label="What to tell", choices=[("a", "Matches"), ("b", "Signals")], widget=forms.CheckboxSelectMultiple
    )


def lessons() -> Iterator[Given]:
    found = steps("i", tables("4", LINES)[0], TABLE_I)
    yield "learn/_step.html", "a column in parts", {"step": found[4]}
    yield "learn/_step.html", "an empty column", {"step": found[2]}
    yield "learn/_myths.html", "two", {"myths": MYTHS[:2]}
    entry = CATALOGUE["cooling_off"]
    yield "learn/_studies.html", "two", {"studies": entry.research_for}
    yield "learn/_thresholds.html", "of a kind", {"rows": entry.thresholds}
