"""Facts rebuilt from the kept bytes, so that a better reader reaches every filing ever received."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from filings.models import Filing, IngestStage, Stage
from filings.ownership.parse import PARSER_VERSION
from filings.services.publish import Outcome, publish

BATCH = 100


def accessions_to_reparse(*, everything: bool) -> list[str]:
    """The filings that an older reader read or gave up on; with `everything`, all of which bytes are kept.

    Those given up on come last: should one of them kill its reader again, the rest is done.
    """
    filings = Filing.objects.all()
    given_up = IngestStage.objects.filter(stage=Stage.QUARANTINED)
    if not everything:
        filings = filings.filter(parser_version__lt=PARSER_VERSION)
        given_up = given_up.filter(parser_version__lt=PARSER_VERSION)
    return [
        *filings.order_by("accession").values_list("accession", flat=True),
        *given_up.order_by("accession").values_list("accession", flat=True),
    ]


def reparse(*, accessions: Sequence[str], step: Callable[[int], None] = lambda filings: None) -> Outcome:
    """Publishes these again from their kept bytes; a batch is one transaction, so a stop loses nothing."""
    outcome = Outcome()
    for start in range(0, len(accessions), BATCH):
        batch = accessions[start : start + BATCH]
        outcome.add(publish(accessions=batch, again=True))
        step(len(batch))
    return outcome
