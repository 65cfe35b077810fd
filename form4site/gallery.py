"""The component gallery: every template partial in every state, for staff to look at.

Promises: every `_partial.html` of the site is here at least once (a test compares the folder with `SPECIMENS`). The
states are made of values, not of rows: the gallery looks the same on every machine and reads no archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as Shape
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message

from filings.ledger import Coverage, DayState, SetAside
from filings.ownership.document import Line
from filings.ownership.facsimile import LAYOUTS, tables
from filings.search import Hit
from form4site.gallery_explained import explained
from form4site.gallery_pages import alerts, lessons, screens, signals
from form4site.gallery_timelines import insiders, timelines
from form4site.kit.charts import Sparkbar
from form4site.kit.charts.examples import EXAMPLES
from signals.choice import Choice
from signals.readings.glance import phrases
from signals.readings.splits import NO_SPLITS
from signals.selectors.coverage import KEY, Year, year_of
from signals.selectors.explained import Saying, sheet
from signals.selectors.freshness import LATE, REFUSED, STOPPED, UNREAD, Freshness
from signals.selectors.latest import Glance, LatestPage
from signals.selectors.operations import Need, Queue
from signals.selectors.positions import Position
from signals.templatetags.sheet import banner_of


@dataclass(frozen=True, slots=True)
class Specimen:
    """One partial in one state. `element` wraps it where the partial is a fragment, such as a list item."""

    template: str
    state: str
    context: dict[str, Any] = field(default_factory=dict)
    element: str = "div"


def _owner(**given: Any) -> Shape:
    return Shape(
        **{
            "insider_id": "9990001001",
            "name": "Specimen Ada (Demo)",
            "is_director": True,
            "is_officer": False,
            "is_ten_percent_owner": None,
            "is_other": False,
            "officer_title": None,
            "other_text": None,
            "street1": "1 Example Street",
            "street2": None,
            "city": "Mockford",
            "state": "OH",
            "zip_code": "00000",
            "state_description": None,
            "good_address": None,
            "non_us_address": None,
            "non_us_state_territory": None,
            "country": None,
        }
        | given
    )


OFFICER = _owner(is_director=False, is_officer=True, officer_title="Chief Financial Officer")
ABROAD = _owner(
    insider_id="9990001002",
    name="Far Away Partners LP (Demo)",
    is_director=None,
    is_ten_percent_owner=True,
    is_other=True,
    other_text="Member of a group",
    state=None,
    non_us_address=True,
    non_us_state_territory="Kanagawa",
    country="JAPAN",
    good_address=False,
)


def _line(**given: Any) -> Line:
    values: dict[str, Any] = {
        "table": "I",
        "kind": "transaction",
        "row": 1,
        "security_title": "Common Stock",
        "transaction_date": date(2026, 11, 17),
        "form_type": "4",
        "code": "S",
        "shares": Decimal(8300),
        "price": Decimal("41.2500"),
        "acquired_disposed": "D",
        "shares_owned_following": Decimal("102334.25"),
        "ownership": "D",
    }
    return Line(**(values | given))


LINES = (
    _line(footnotes={"price": ("F1",), "code": ("F2",)}),
    _line(row=2, code="P", acquired_disposed="A", shares=Decimal(500), price=None, footnotes={"price": ("F1",)}),
    _line(row=3, code="M", acquired_disposed="A", equity_swap=True, form_type="5", timeliness="E"),
    _line(row=1, kind="holding", code=None, ownership="I", nature_of_ownership="By trust", shares=None, price=None),
    _line(table="II", row=1, security_title="Stock Option", code="Q", shares=None, total_value=Decimal("12500.00")),
)


def _filing(*owners: Shape, lines: tuple[Line, ...] = LINES, **given: Any) -> Any:
    return Shape(
        **{
            "accession": "9990000001-26-000001",
            "form": "4",
            "filed_on": date(2026, 11, 19),
            "is_amendment": False,
            "partial": False,
            "issuer_id": "9990000101",
            "issuer_name": "Specimen Works Inc. (Demo)",
            "issuer_ticker": "SPECDEMO",
            "issuer_foreign_ticker": None,
            "issuer": Shape(cik="9990000101", name="Specimen Works Inc. (Demo)", ticker="SPECDEMO"),
            "period_of_report": date(2026, 11, 17),
            "date_of_original_submission": None,
            "not_subject_to_section16": False,
            "form3_holdings_reported": None,
            "form4_transactions_reported": None,
            "no_securities_owned": None,
            "aff10b5_one": None,
            "has_plan_box": True,
            "remarks": "Invented filing for demonstration.",
            "owners": Shape(all=owners or (OFFICER,)),
            "lines": Shape(all=lambda: [Shape(**_values(line)) for line in lines]),
            "footnotes": Shape(
                all=[
                    Shape(ref="F1", text="The price is a weighted average of sales from $41.10 to $41.40."),
                    Shape(ref="F2", text="Sold under a plan adopted on 3 March 2026."),
                ]
            ),
            "signatures": Shape(all=[Shape(name="/s/ Ada Specimen", signed_on=date(2026, 11, 19))]),
        }
        | given
    )


def _values(line: Line) -> dict[str, Any]:
    values = {part.name: getattr(line, part.name) for part in fields(line)}
    return {**values, "anchor": f"{line.table}-{line.kind[0]}-{line.row}", "in_doubt": False}


def _glance(filing: Any) -> Glance:
    said = "Ada Specimen, a director, bought 1,000 shares of Common Stock for $12,340." if filing.lines.all() else None
    return Glance(
        accession=filing.accession,
        form=filing.form,
        filed_on=filing.filed_on,
        listed_on=filing.filed_on,
        issuer_id=filing.issuer_id,
        issuer_name=filing.issuer_name,
        partial=filing.partial,
        ticker=filing.issuer.ticker,
        owners=filing.owners.all,
        tones=["bought"] if said else [],
        headline=said,
        lines=[line for line in filing.lines.all() if line.kind == "transaction"],
    )


FILING = _filing()
JOINT = _filing(OFFICER, ABROAD, form="4/A", date_of_original_submission=date(2026, 11, 3), aff10b5_one=True)
FORM_3 = _filing(lines=(), form="3", no_securities_owned=True, remarks=None, filed_on=None)
SAYINGS = (
    Saying(1, "", "The filing does not answer the box, so nothing is known from it.", None),
    Saying(2, "", "The day of the earliest transaction on this form; the others may be later.", None),
    Saying(3, "3. Transaction Code: Code", "Sold, on the open market or privately.", "S"),
)
BOXES = {"form-aff10b5_one": SAYINGS[0], "form-period_of_report": SAYINGS[1]}
EMPTY = LatestPage(filings=[], older=None)
FULL = LatestPage(filings=[_glance(FILING), _glance(JOINT), _glance(FORM_3)], older="2026-11-01,9990000001-26-000001")
NOON = datetime(2026, 11, 20, 17, 0, 3, tzinfo=UTC)
FRESH = Freshness(
    date(2026, 11, 20), datetime(2026, 11, 20, 21, 3, tzinfo=UTC), live=True, invented=False, polled_at=NOON
)
QUIET = Freshness(None, None, live=False, invented=True)
HITS = [
    Hit("issuer", "9990000101", "Specimen Works Inc. (Demo)", "SPECDEMO", None),
    Hit("insider", "9990001001", "Specimen Ada (Demo)", "Director, Specimen Works", "Formerly Ada (Demo)"),
    Hit("filing", "9990000001-26-000001", "Specimen Works Inc. (Demo)", "Form 4, 19 November 2026", None),
]


class _Form(forms.Form):
    email = forms.EmailField(label="E-mail address", help_text="We write to it once, to see that it is yours.")
    agree = forms.BooleanField(label="Tell me of changes", required=False)


def _fields() -> Iterator[Specimen]:
    asked, wrong = _Form(), _Form({"email": "no address"})
    yield Specimen("kit/_field.html", "asked", {"field": asked["email"]})
    yield Specimen("kit/_field.html", "refused", {"field": wrong["email"]})
    yield Specimen("kit/_field.html", "a box to tick", {"field": asked["agree"]})
    yield Specimen("account/_errors.html", "what concerns the whole form", {"form": _with_error()})
    yield Specimen("account/_errors.html", "nothing wrong", {"form": asked})
    yield Specimen("account/_no_mail.html", "no mail leaves this machine", {"outbox_is_readable": True})
    yield Specimen("account/_no_mail.html", "mail is sent", {"outbox_is_readable": False})


def _people() -> Iterator[Specimen]:
    ways = [{"url": "/account/", "description": "Use a passkey"}, {"url": "/account/", "description": "Use a code"}]
    yield Specimen("account/_other_proofs.html", "two other ways", {"reauthentication_alternatives": ways})
    yield Specimen("account/_other_proofs.html", "none", {"reauthentication_alternatives": []})
    here = Shape(resolver_match=Shape(view_name="accounts:account"))
    yield Specimen("accounts/_nav.html", "on the account", {"request": here})


def _with_error() -> forms.Form:
    form = _Form({"email": "ada@example.test"})
    form.add_error(None, "This address and this password do not belong together.")
    return form


def _charts() -> Iterator[Specimen]:
    for example in EXAMPLES:
        template = "kit/charts/_spark.html" if isinstance(example.chart, Sparkbar) else "kit/charts/_chart.html"
        yield Specimen(template, f"{example.title}: {example.look_for}", {"chart": example.chart})


def _small() -> Iterator[Specimen]:
    yield Specimen("kit/_freshness.html", "live", {"freshness": FRESH})
    yield Specimen("kit/_freshness.html", "nothing here", {"freshness": QUIET})
    for trouble in (REFUSED, STOPPED, LATE, UNREAD):
        stale = replace(FRESH, trouble=trouble, polled_at=None if trouble == UNREAD else NOON)
        yield Specimen("kit/_stale.html", trouble, {"freshness": stale})
        if trouble == UNREAD:
            yield Specimen("kit/_freshness.html", "live, and nothing read yet", {"freshness": stale})
    yield Specimen("kit/_invented.html", "shown with every demo party")
    for letter, direction in (("P", "A"), ("S", "D"), ("M", "A"), ("Q", "D"), (None, None)):
        badge = {"letter": letter, "acquired_disposed": direction}
        yield Specimen("kit/_code_badge.html", f"code {letter}", badge)
    yield Specimen("kit/_pager.html", "in the middle", {"page": FULL, "first_page": False, "request": Shape(path="/")})
    yield Specimen("kit/_pager.html", "the only page", {"page": EMPTY, "first_page": True})
    for state, mark in (("checked", "✕"), ("not checked", ""), ("not stated", "?")):
        yield Specimen("signals/_check.html", state, {"state": state, "mark": mark, "label": "Director"})
    for level, words in ((messages.SUCCESS, "Saved."), (messages.WARNING, "Not yet."), (messages.ERROR, "Not saved.")):
        yield Specimen("account/_messages.html", words, {"messages": [Message(level, words)]})


def _search() -> Iterator[Specimen]:
    yield Specimen("signals/_searchbox.html", "plain", {"id": "g1", "query": "", "suggest": False})
    yield Specimen("signals/_searchbox.html", "filled", {"id": "g2", "query": "ada", "suggest": False})
    for hit in HITS:
        yield Specimen("signals/_hit.html", hit.kind, {"hit": hit}, element="ol")
    yield Specimen("signals/_suggestions.html", "some", {"query": "spec", "hits": HITS})
    yield Specimen("signals/_suggestions.html", "none", {"query": "nobody", "hits": []})


def _lists() -> Iterator[Specimen]:
    listing: dict[str, Any] = {"page": FULL, "first_page": True, "choice": Choice(), "request": Shape(path="/")}
    for filing, state in ((FILING, "one owner"), (JOINT, "joint filers"), (FORM_3, "no securities, no date")):
        one = LatestPage(filings=[_glance(filing)], older=None)
        yield Specimen("signals/_filings.html", state, {"page": one, "first_page": True})
        yield Specimen(
            "signals/_filings.html", f"{state}, led by the owner", {"page": one, "first_page": True, "lead": "owner"}
        )
    yield Specimen("signals/_filings.html", "a page", listing)
    yield Specimen("signals/_filings.html", "an empty archive", {"page": EMPTY, "first_page": True})
    yield Specimen(
        "signals/_filings.html", "past the end", {"page": EMPTY, "first_page": False, "request": Shape(path="/")}
    )
    yield Specimen("signals/_listing.html", "filings", listing)
    yield Specimen("signals/_lines.html", "lines", {**listing, "page": replace(FULL, has_transactions=True)})
    held = LatestPage(filings=[_glance(FORM_3)], older=None)
    yield Specimen("signals/_lines.html", "no transaction among them", {"page": held, "first_page": True})
    yield Specimen("signals/_phrases.html", "all kinds", {"phrases": phrases(LINES), "holdings": 1})
    yield Specimen("signals/_phrases.html", "holdings only", {"phrases": (), "holdings": 3})
    yield Specimen("signals/_phrases.html", "nothing", {"phrases": (), "holdings": 0})


def _parties() -> Iterator[Specimen]:
    boxes = {"director": True, "ten_percent": False, "officer": True, "other": None}
    yield Specimen("signals/_owner_boxes.html", "ticked, empty and not stated", boxes)
    for owners, state in ((1, "one"), (2, "several"), (0, "not known")):
        yield Specimen("signals/_form_joint.html", state, {"owners": owners})
    on = FILING.filed_on
    for owner, of in ((OFFICER, "issuer"), (ABROAD, "insider")):
        owner.filing_id = FILING.accession
        seat = Shape(owner=owner, issuer=FILING.issuer, first_on=on, last_on=on, filings=3)
        yield Specimen(
            "signals/_seats.html", f"of one {of}", {"seats": [seat], "of": of, "label": f"Seats of one {of}"}
        )
    names = [
        Shape(name=name, ticker="SPECDEMO", foreign_ticker="9999.T", first_on=on, last_on=on)
        for name in ("Specimen Works Inc. (Demo)", "Specimen Holdings (Demo)")
    ]
    yield Specimen("signals/_issuer_names.html", "renamed", {"party": Shape(names=names)})
    lines: list[Any] = [Shape(**_values(line), issuer=FILING.issuer, filing_id=FILING.accession) for line in LINES]
    held = [
        Position(lines[0], Decimal(102334), False, FILING.filed_on).figures(NO_SPLITS),
        Position(lines[3], Decimal(9000), True, None).figures(NO_SPLITS),
    ]
    yield Specimen("signals/_positions.html", "shares and dollars", {"positions": held, "by_holder": False})
    for line in lines:
        line.holder_cik, line.holder_name = OFFICER.insider_id, OFFICER.name
    yield Specimen("signals/_positions.html", "by holder", {"positions": held, "by_holder": True})
    yield Specimen("signals/_charts.html", "on a party’s page", {"charts": [EXAMPLES[0].chart]})
    yield Specimen("signals/_charts.html", "nothing to draw", {"charts": []})
    for template, state, context in (*timelines(), *insiders()):
        yield Specimen(template, state, context)


def _forms() -> Iterator[Specimen]:
    for filing, state in (
        (FILING, "Form 4"),
        (JOINT, "amended, joint"),
        (FORM_3, "Form 3"),
        (_filing(form="5"), "Form 5"),
    ):
        layout, boxes = LAYOUTS[filing.form[0]], BOXES if filing is FILING else {}
        yield Specimen("signals/_form_banner.html", state, banner_of(filing, layout, boxes))
        yield Specimen("signals/_form_boxes.html", state, {"filing": filing, "layout": layout, "boxes": boxes})
    for table in sheet(tables("4", LINES), (), None, None).tables:
        yield Specimen("signals/_form_columns.html", f"Table {table.name}", {"columns": table.columns})
        yield Specimen("signals/_form_tables.html", f"Table {table.name}", {"tables": [table], "partial": False})
    empty = sheet(tables("3", ()), (), None, None)
    yield Specimen("signals/_form_tables.html", "without a row", {"tables": empty.tables[:1], "partial": False})
    noted = [(note.ref, note.text) for note in FILING.footnotes.all]
    plain = sheet((), noted, FILING.remarks, None)
    context = {"filing": FILING, "notes": plain.notes, "remarks": plain.remarks, "sayings": SAYINGS}
    yield Specimen("signals/_form_foot.html", "notes, remarks, signatures", context)


def _explained() -> Iterator[Specimen]:
    for template, state, context in explained(FILING, FILING):
        yield Specimen(template, state, context)


def _pages(given: Callable[[], Iterator[tuple[str, str, dict[str, Any]]]]) -> Callable[[], Iterator[Specimen]]:
    return lambda: (Specimen(template, state, context) for template, state, context in given())


def _operations() -> Iterator[Specimen]:
    need = Need("The clock is silent.", "Start the Celery beat process, and read its log.", "plain")
    yield Specimen("signals/_ops_needs.html", "something is wrong", {"needs": [need]})
    yield Specimen("signals/_ops_needs.html", "all is well", {"needs": []})
    queues = [
        Queue("seen_live", "To be fetched, new", 12, 9, 4, 3, NOON),
        Queue("seen_historic", "To be fetched, historic", 104233, 104233, None, 0, NOON),
        Queue("fetched", "Fetched, to be published", 0, 0, 0, 0, None),
    ]
    yield Specimen("signals/_ops_queues.html", "late, long and empty", {"queues": queues, "at": FRESH.published_at})
    year = _year()
    yield Specimen(
        "signals/_ops_year.html", "every state", {"year": year, "key": KEY, "years": (2025, 2026), "page": ""}
    )
    yield Specimen("signals/_ops_days.html", "every state", {"month": year.shown, "number": 2026, "opened": True})
    aside = SetAside("9990000001-26-000001", "4", "document", "/ownershipDocument/issuer", "it names no issuer", NOON)
    yield Specimen("signals/_ops_aside.html", "with a path", {"row": aside}, element="ol")
    bare = replace(aside, form=None, failed_stage="xml", failed_path=None, reason="not well-formed")
    yield Specimen("signals/_ops_aside.html", "without", {"row": bare}, element="ol")


def _year() -> Year:
    """November in every state; what is before it in one."""
    rare = {2: DayState.OPEN, 3: DayState.FILLING, 4: DayState.UNLOOKED}
    days = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(365)]
    found = []
    for day in days:
        state = rare.get(day.day, DayState.COMPLETE) if day.month == 11 else DayState.COMPLETE
        state = DayState.CLOSED if day.weekday() > 4 else state
        read = state in (DayState.COMPLETE, DayState.FILLING)
        reason = "EDGAR lists no index of this day (yet)" if state is DayState.OPEN else None
        listed, at = (840, NOON) if read else (None, None)
        owed = 5 if state is DayState.FILLING else 0
        found.append(Coverage(day, state, listed, 835 * read, owed, 0, 0, at, reason))
    return year_of(found, 11, NOON)


GROUPS: tuple[tuple[str, Callable[[], Iterator[Specimen]]], ...] = (
    ("Small things", _small),
    ("Forms to fill in", _fields),
    ("One's own pages", _people),
    ("Search", _search),
    ("Lists", _lists),
    ("Parties", _parties),
    ("The form as filed", _forms),
    ("A filing explained", _explained),
    ("Screen", _pages(screens)),
    ("Signals", _pages(signals)),
    ("Alerts and screens of one's own", _pages(alerts)),
    ("To learn from", _pages(lessons)),
    ("Charts", _charts),
    ("Operations", _operations),
)
# Partials that are whole pages or frames of pages: they are seen there.
FRAMES = frozenset({"errors/_page.html", "account/_layout.html", "alerts/_layout.html", "screens/_layout.html"})


def specimens() -> list[tuple[str, list[Specimen]]]:
    return [(name, list(group())) for name, group in GROUPS]
