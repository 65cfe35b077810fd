"""The facts: what the SEC published, keyed as the SEC keys it, and the ledger of how each filing got here."""

from filings.models.data_set import DataSetLoad, DataSetPart
from filings.models.document import Completeness, Document
from filings.models.edgar import EdgarBudget, EdgarRefusal
from filings.models.edgar_lists import (
    Difference,
    DifferenceKind,
    FeedLook,
    IndexDay,
    IndexQuarter,
    IssuerTicker,
    TickerFile,
)
from filings.models.filing import Filing, FilingOwner, Signature
from filings.models.first_load import FirstLoad
from filings.models.footnote import Footnote
from filings.models.heartbeat import Heartbeat
from filings.models.ingest_stage import IngestStage, Stage
from filings.models.insider import Insider, InsiderName
from filings.models.issuer import Issuer, IssuerName
from filings.models.line import Line
from filings.models.search import LeadingRank, PartyToIndex, SearchName

__all__ = [
    "Completeness",
    "DataSetLoad",
    "DataSetPart",
    "Difference",
    "DifferenceKind",
    "Document",
    "EdgarBudget",
    "EdgarRefusal",
    "FeedLook",
    "Filing",
    "FilingOwner",
    "FirstLoad",
    "Footnote",
    "Heartbeat",
    "IndexDay",
    "IndexQuarter",
    "IngestStage",
    "Insider",
    "InsiderName",
    "Issuer",
    "IssuerName",
    "IssuerTicker",
    "LeadingRank",
    "Line",
    "PartyToIndex",
    "SearchName",
    "Signature",
    "Stage",
    "TickerFile",
]
