"""python -m tests.bench_size.arrival : one new filing, from its bytes to its page, readings, signals and an alert.

For a database that is full already (`multiply`). A purchase by somebody who is known there is kept and published as the
fetch stage does it, read, evaluated against saved screens, and its page asked for; what is asked of the SEC before is
not measured. Of each step the seconds on the wall and the processor time of this process and of PostgreSQL's. The
filings stay in the database.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "form4site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Match, User  # noqa: E402
from accounts.services import screens  # noqa: E402
from accounts.services.evaluate import evaluate_owed  # noqa: E402
from filings.models import Completeness, Filing, FilingOwner  # noqa: E402
from filings.ownership.document import Issuer, Line, Owner, OwnershipDocument  # noqa: E402
from filings.ownership.submission import EASTERN  # noqa: E402
from filings.services.keep import Received, keep  # noqa: E402
from filings.services.publish import publish  # noqa: E402
from signals.criteria import from_query  # noqa: E402
from signals.models import Reading  # noqa: E402
from signals.services.read import read_owed  # noqa: E402
from tests.archive.make import envelope  # noqa: E402
from tests.bench_size.pages import Meter  # noqa: E402

# A middling issuer, and the one with most filings.
PLACES = ("ORDER BY count(*) LIMIT 1 OFFSET 4000", "ORDER BY count(*) DESC LIMIT 1")


def main() -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    meter, client = Meter(), Client(headers={"Cookie": "sessionid=none"})
    owner = User.objects.filter(email="bench@example.test").first() or User.objects.create_user("bench@example.test")
    if not owner.screens.exists():
        screens.save(owner=owner, name="bought", criteria=from_query("side=bought&min_value=1000"))
        evaluate_owed(everything=True)
    for number, place in enumerate(PLACES):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT issuer_id, count(*) FROM filings_filing GROUP BY 1 {place}")
            cik, filings = cursor.fetchone()
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
    newest = Filing.objects.filter(issuer=cik).order_by("-listed_on").first()
    assert newest
    held = FilingOwner.objects.filter(filing=newest).order_by("position")[0]
    now = datetime.now(EASTERN)
    line = Line(
        "I", "transaction", 1, security_title="Common Stock", transaction_date=now.date(), code="P", form_type="4",
        shares=Decimal(5000), price=Decimal("21.5"), acquired_disposed="A", ownership="D",
        shares_owned_following=Decimal(105_000),
    )  # fmt: skip
    document = OwnershipDocument(
        form="4",
        issuer=Issuer(cik, newest.issuer_name, newest.issuer_ticker),
        owners=(Owner(held.insider_id, held.name, is_officer=True, officer_title="Chief Financial Officer"),),
        period_of_report=now.date(),
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
