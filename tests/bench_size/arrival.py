"""python -m tests.bench_size.arrival [SECONDS [A_SECOND]] : new filings, from their bytes to page, signals, an alert.

For a database that is full already (`multiply`). A purchase by somebody who is known there is kept and published as the
fetch stage does it, read, evaluated against saved screens, and its page asked for; what is asked of the SEC before is
not measured. Of each step the seconds on the wall and the processor time of this process and of PostgreSQL's. The
filings stay in the database.

With SECONDS, one filing (or so many) a second is published for so long in a site that runs: its workers read and
evaluate them as rings tell them, and the web server at BASE_URL shows them. Then what counts is the time on the clock
from the bytes to the page, to the reading with its signals, and to the match of which somebody is told.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import django
import httpx

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Match, User  # noqa: E402
from accounts.selectors import unevaluated  # noqa: E402
from accounts.services import screens  # noqa: E402
from accounts.services.evaluate import evaluate_owed  # noqa: E402
from filings.models import Completeness, Filing, FilingOwner  # noqa: E402
from filings.models import Issuer as Company  # noqa: E402
from filings.ownership.document import Issuer, Line, Owner, OwnershipDocument  # noqa: E402
from filings.ownership.submission import EASTERN  # noqa: E402
from filings.services.keep import Received, keep  # noqa: E402
from filings.services.publish import publish  # noqa: E402
from signals.criteria import from_query  # noqa: E402
from signals.models import Reading, Trade  # noqa: E402
from signals.services.read import read_many, read_owed  # noqa: E402
from tests.archive.make import envelope  # noqa: E402
from tests.bench_size.pages import Meter  # noqa: E402

# More filings of these forms hardly any company has; some of an archive multiplied in years do.
MOST_FILINGS = 5_000
# In seconds. Each look costs the machine that is measured some of itself.
LOOKS_EVERY = 0.05
# A middling issuer, and one with about as many filings as any company has.
PLACES = ("ORDER BY count(*) LIMIT 1 OFFSET 4000", f"HAVING count(*) <= {MOST_FILINGS} ORDER BY count(*) DESC LIMIT 1")


@dataclass
class Arrived:
    """One filing and when it was seen where, in seconds after `began`; None before."""

    accession: str
    began: float
    page: float | None = None
    read: float | None = None
    matched: float | None = None

    def look(self, site: httpx.Client) -> bool:
        """Whether all has come; what has is not looked for again."""
        now = time.monotonic() - self.began
        if self.read is None and Reading.objects.filter(filing=self.accession).exists():
            self.read = now
        if self.matched is None and Match.objects.filter(accession=self.accession).exists():
            self.matched = now
        if self.page is None:
            answer = site.get(f"/filings/{self.accession}/")
            if answer.status_code == 200 and self.accession in answer.text:
                self.page = now
        return None not in (self.page, self.read, self.matched)


def main() -> None:
    owner = User.objects.filter(email="bench@example.test").first() or User.objects.create_user("bench@example.test")
    if not owner.screens.exists():
        screens.save(owner=owner, name="bought", criteria=from_query("code=P"))
    if len(sys.argv) > 1:
        stream(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 1.0)
    else:
        one_by_one()


def stream(seconds: int, a_second: float) -> None:
    with connection.cursor() as cursor:
        # Of copied companies only the first set has lines: news of others would be read with hardly anything.
        cursor.execute(
            "SELECT cik FROM filings_issuer TABLESAMPLE BERNOULLI (30) WHERE EXISTS (SELECT FROM filings_filing"
            " JOIN filings_line ON filing_id = accession WHERE issuer_id = cik) ORDER BY random() LIMIT 500"
        )
        issuers = [f"{cik:010d}" for (cik,) in cursor.fetchall()]
    issuers = [cik for cik in issuers if 0 < Filing.objects.filter(issuer=cik).count() <= MOST_FILINGS]
    issuers = issuers[: int(seconds * a_second)]
    prepared(issuers)
    # One client: to make one reads all certificates, which took as much of the machine as a page.
    site = httpx.Client(base_url=settings.BASE_URL)
    first = 100_001 + int(time.time()) % 800_000
    kept_and_published(bought(issuers[0], first - 1))  # unmeasured: this process loads what the site's have loaded
    begins = time.monotonic()
    arrived: list[Arrived] = []
    open_ones: list[Arrived] = []
    while time.monotonic() < begins + seconds or (open_ones and time.monotonic() < begins + seconds + 30):
        due = len(arrived) / a_second + begins
        if time.monotonic() >= due and due < begins + seconds:
            received = bought(issuers[len(arrived) % len(issuers)], first + len(arrived))
            arrived.append(Arrived(received.accession, time.monotonic()))
            open_ones.append(arrived[-1])
            kept_and_published(received)
        open_ones = [one for one in open_ones if not one.look(site)]
        time.sleep(LOOKS_EVERY)
    tell(f"{len(arrived)} filings, {a_second:g} a second; load {os.getloadavg()[0]:.1f}")
    for what in ("page", "read", "matched"):
        took = sorted(value for one in arrived if (value := getattr(one, what)) is not None)
        if took:
            tell(
                f"  {what}: {len(took)}, half within {statistics.median(took):.2f} s, 95% within"
                f" {took[len(took) * 95 // 100]:.2f}, the last after {took[-1]:.2f}"
            )
    if open_ones:
        raise SystemExit(f"{len(open_ones)} have not come: {open_ones[0]}")


def prepared(issuers: list[str]) -> None:
    """A multiplied archive has readings that its facts do not give: these issuers are read before their news comes.

    And data sets know no fiscal year: the first filing that comes with one is read with its whole issuer, as others are
    not, so these have had it.
    """
    Company.objects.filter(cik__in=issuers).update(fiscal_year_end="1231")
    began = time.perf_counter()
    read_many(issuers=issuers, jobs=2)
    while unevaluated.anything(now=timezone.now()):  # the workers are at it too
        evaluate_owed()
        time.sleep(LOOKS_EVERY)
    tell(f"{len(issuers)} issuers read and evaluated before in {time.perf_counter() - began:.1f} s")


def one_by_one() -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    meter, client = Meter(), Client(headers={"Cookie": "sessionid=none"})
    places = []
    for place in PLACES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT issuer_id, count(*) FROM filings_filing GROUP BY 1 {place}")
            places.append(cursor.fetchone())
    prepared([f"{cik:010d}" for cik, _ in places])
    for number, (cik, filings) in enumerate(places):
        received = bought(f"{cik:010d}", 900_000 + int(time.time()) % 90_000 + number)
        tell(f"issuer {cik} with {filings:,} filings")
        timed(meter, "kept and published", partial(kept_and_published, received))
        timed(meter, "read", read_owed)
        timed(meter, "evaluated", evaluate_owed)
        timed(meter, "its page", partial(client.get, f"/filings/{received.accession}/"))
        told = Match.objects.filter(made_at__gt=timezone.now() - timedelta(minutes=10)).count()
        tell(f"  read: {Reading.objects.filter(filing=received.accession).exists()}; matches: {told}")


def kept_and_published(received: Received) -> None:
    publish(accessions=sorted(keep(received=[received])))


def bought(cik: str, number: int) -> Received:
    """A purchase on the day and at the price of the last trade on the market there, by who filed last."""
    newest = Filing.objects.filter(issuer=cik).order_by("-listed_on").first()
    assert newest
    like = Trade.objects.filter(issuer=cik, kind__in=("buy", "sell"), price__isnull=False).order_by("-filed_on").first()
    held = FilingOwner.objects.filter(filing=newest).order_by("position")[0]
    now = datetime.now(EASTERN)
    shares = Decimal(5_000 + number % 1_000)  # others in each run: what repeats an earlier one is told to nobody
    line = Line(
        "I", "transaction", 1, security_title="Common Stock", transaction_date=like.traded_on if like else now.date(),
        code="P", form_type="4", shares=shares, price=(like and like.price) or Decimal("21.5"),
        acquired_disposed="A", ownership="D", shares_owned_following=100_000 + shares,
    )  # fmt: skip
    document = OwnershipDocument(
        form="4",
        issuer=Issuer(cik, newest.issuer_name, newest.issuer_ticker),
        owners=(Owner(held.insider_id, held.name, is_officer=True, officer_title="Chief Financial Officer"),),
        period_of_report=line.transaction_date,
        lines=(line,),
    )
    accession = f"9980000001-{now:%y}-{number:06d}"
    return Received(accession, envelope(accession, now, document), "bench", Completeness.ACCEPTED)


def timed(meter: Meter, what: str, work: Callable[[], object]) -> None:
    began, (ours, theirs) = time.perf_counter(), meter.now()
    work()
    wall, (ours_then, theirs_then) = time.perf_counter() - began, meter.now()
    tell(
        f"  {what}: {wall:.2f} s; processor {ours_then - ours:.0f} ms here, {theirs_then - theirs:.0f} ms in PostgreSQL"
    )


def tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
