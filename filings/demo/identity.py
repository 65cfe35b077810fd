"""What is invented here, in one definition: the marks that every demo party and every demo filing bears.

Promises: a CIK or an accession number is demo exactly when these functions say so. The SEC numbers filers upwards
from 1 and stands near two million, so a ten-digit CIK in the 9,990,000,000s is nobody's. Accession numbers begin
with the CIK of whoever sent the filing; demo filings are all sent by one invented filer agent.
"""

from __future__ import annotations

MARK = "(Demo)"
REMARK = "Invented filing for demonstration; no such company or person exists."
# No exchange lists a symbol of more than five letters.
TICKER_MARK = "DEMO"

FILER_AGENT = 9_990_000_001
FIRST_ISSUER = 9_990_000_101
FIRST_INSIDER = 9_990_001_001
_CIKS = range(9_990_000_001, 9_990_100_000)
_ACCESSION_PREFIX = f"{FILER_AGENT}-"
# The same as first and last of a range, both included, for whoever asks a database.
CIKS = (f"{_CIKS[0]}", f"{_CIKS[-1]}")
ACCESSIONS = (f"{_ACCESSION_PREFIX}00-000000", f"{_ACCESSION_PREFIX}99-999999")


def is_demo_cik(cik: str | int) -> bool:
    """Whether this CIK (a number, or its digits) is one of the invented ones."""
    return str(cik).isdecimal() and int(cik) in _CIKS


def is_demo_accession(accession: str) -> bool:
    """Whether this dashed accession number was given by the invented filer agent."""
    return accession.startswith(_ACCESSION_PREFIX)
