"""Invented filings whose names are hard to find: what EDGAR, filers and readers do to a name, one of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from filings.models import Completeness
from filings.services.keep import Received
from filings.services.load import load_received
from tests.filings.services.papers import accession, submission, xml


def filing(number: int, filed: date = date(2024, 5, 3), **fields: Any) -> Received:
    """One filing as EDGAR sends it; `fields` are those of `papers.paper`."""
    content = submission(number, xml(**fields), filed=filed)
    return Received(accession(number), content, f"{accession(number)}.txt", Completeness.ENVELOPE)


def publish(*items: Received) -> None:
    for item in items:
        assert not load_received(received=[item]).failed


# (CIK, name, symbol as filed), a filing each; the insiders under INSIDERS are the owners of ANVILS.
ANVILS, ALPHABET, TELEPHONE, BANKERS, HATHAWAY, BLACKROCK = 9000100, 9000101, 9000102, 9000103, 9000104, 9000105
SOUP, LETTERS, NOVELTY, GOODS, STATE, OSTROM = 9000106, 9000107, 9000108, 9000109, 9000110, 9000111
ISSUERS = (
    (ANVILS, "Invented Anvils, Inc.", "ANVL"),
    (ALPHABET, "Alphabetical Inc.", "GOGX, GOGLX"),
    (TELEPHONE, "ZT&T INC.", "ZTT"),
    (BANKERS, "JQMORGEN CHASED & CO", "JQM"),
    (HATHAWAY, "BERKSHAW HATHAWEY INC", "BRX.B"),
    (BLACKROCK, "BlackRuck Finance, Inc.", "BLRX"),
    (SOUP, "CAMPBALL SOUP CO /NJ/", "CPBX"),
    (LETTERS, "e.l.v. Beauty, Inc.", "ELV"),
    (NOVELTY, "NOVA NORDSK A S", "NONE"),
    (GOODS, "Better Goods of America Holding Company, The", "[N/A]"),
    (STATE, "ANVILS OF OHIO LLC", "OHIO"),
    (OSTROM, "Östrøm Énergie SA", "OSTR"),
)

COOK, BRIEN, JUNIOR, DOCTOR, HYPHEN, JEN, VAN, FUND, TRUST, WILLIAM = range(9000200, 9000210)
INSIDERS = (
    (COOK, "KOCH TIMOTHY D"),
    (BRIEN, "O'BRAIN DEIRDRA"),
    (JUNIOR, "ROBERTSEN DONALD F JR"),
    (DOCTOR, "Levinsen Arthur D., Ph.D."),
    (HYPHEN, "Wilsen-Thompsen Kathleen"),
    (JEN, "HUENG JEN HSUN"),
    (VAN, "VAN DER BURG PIETER"),
    (FUND, "FERNAM STREET PARTNERS L P /MN"),
    (TRUST, "Reid Hoffmen & Michelle Yeo Living Trust"),
    (WILLIAM, "GATTES WILLIAM H III"),
)


def publish_the_archive() -> None:
    """All of the above; Anvils was Foundry Works (FNDY) in 2015, and Kathleen was Wilsen Kathleen then."""
    publish(
        filing(
            1, date(2015, 3, 2), issuer_name="FOUNDRY WORKS INC", ticker="FNDY", owners=[(HYPHEN, "WILSEN KATHLEEN")]
        ),
        filing(2, issuer_name=ISSUERS[0][1], owners=INSIDERS),
        *(
            filing(number, issuer=cik, issuer_name=name, ticker=ticker, owners=[(9000300, "CLERK ANY")])
            for number, (cik, name, ticker) in enumerate(ISSUERS[1:], start=3)
        ),
    )
