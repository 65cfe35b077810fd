"""The shapes of answers, for the OpenAPI document. The answers are built by hand, field for field as here."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema


class ErrorBody(Schema):
    code: str
    message: str
    requestId: str  # noqa: N815
    reason: str | None = None
    didYouMean: str | None = None  # noqa: N815


class Error(Schema):
    error: ErrorBody


def shape(title: str, /, **fields: Any) -> type[Schema]:
    """A schema with these fields, all of them present."""
    return type(title, (Schema,), {"__annotations__": fields})


Text, MaybeText, Yes, Count, Figure, MaybeFigure = str, str | None, bool, int, float, float | None

Transaction = shape(
    "Transaction", ticker=Text, companyName=Text, insiderName=Text, insiderCik=Text, insiderTitle=MaybeText,
    isDirector=Yes, isOfficer=Yes, is10PctOwner=Yes, accessionNumber=Text, securityTitle=Text, transactionCode=Text,
    isOpenMarket=Yes, is10b5Plan=Yes, sharesAmount=Figure, pricePerShare=MaybeFigure, totalValue=MaybeFigure,
    sharesOwnedAfter=MaybeFigure, directIndirect=MaybeText, isDerivative=Yes, transactionDate=Text, periodOfReport=Text,
    return1d=MaybeFigure, return1w=MaybeFigure, return1m=MaybeFigure, return3m=MaybeFigure, return6m=MaybeFigure,
    valueQuality=MaybeText, filedAt=Text, acceptedAt=MaybeText, documentUrl=Text, line=Text, form=Text, issuerCik=Text,
    acquiredDisposed=MaybeText, sharesReported=Yes, dateReported=Yes, planStatus=Text, planAdoptedOn=MaybeText,
    tradeKind=Text, counted=Yes, duplicateOf=MaybeText, natureOfOwnership=MaybeText,
    conversionOrExercisePrice=MaybeFigure, expirationDate=MaybeText, equitySwap=bool | None,
    footnotes=dict[str, list[str]],
)  # fmt: skip
Filing = shape(
    "Filing", accessionNumber=Text, companyTicker=MaybeText, companyName=Text, periodOfReport=MaybeText,
    filedAt=MaybeText, amendmentType=Text, transactionCount=Count, acceptedAt=MaybeText, documentUrl=Text, form=Text,
    issuerCik=Text,
)  # fmt: skip
Company = shape(
    "Company", cik=Text, name=Text, ticker=MaybeText, exchange=MaybeText, totalFilings=Count, activeInsiders=Count,
    sicDescription=MaybeText, stateOfIncorporation=MaybeText, website=MaybeText,
)  # fmt: skip
Peer = shape(
    "Peer", ticker=MaybeText, name=Text, cik=Text, sicCode=MaybeText, filings12m=Count, matchLevel=Text
)  # fmt: skip
Peers = shape(
    "Peers", ticker=Text, sicCode=MaybeText, sicDescription=MaybeText, basis=Text, peers=list[Peer]  # type: ignore[valid-type]
)  # fmt: skip
Insider = shape(
    "Insider", cik=Text, name=Text, isDirector=Yes, isOfficer=Yes, isTenPercentOwner=Yes, officerTitle=MaybeText,
    totalFilings=Count,
)  # fmt: skip
Signal = shape(
    "PeerSignal", ticker=MaybeText, companyName=Text, signalDate=Text, buySellRatio=Figure, isClusterBuy=Yes,
    isClusterSell=Yes, insiderCount=Count,
)  # fmt: skip


class Anything(Schema):
    """An object whose keys are told in the documentation of its endpoint."""

    model_config = {"extra": "allow"}


class Page(Schema):
    """A keyset page: `next` is the cursor of the next one, null on the last."""

    items: list[dict[str, Any]]
    next: str | None = Field(None, description="give it as `after`")


FAILURES = {400: Error, 401: Error, 403: Error, 404: Error, 405: Error, 429: Error, 503: Error}
