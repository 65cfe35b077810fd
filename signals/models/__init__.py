"""The readings: what the facts mean today. Everything here can be dropped and made anew from the facts."""

from signals.models.calibration import PlanCalibration
from signals.models.citation import Citation
from signals.models.data_version import DataVersion
from signals.models.issuer_seat import IssuerSeat
from signals.models.issuer_sheet import IssuerSheet
from signals.models.issuer_state import IssuerState
from signals.models.price import DailyClose, StockSplit
from signals.models.reading import LineReading, Reading
from signals.models.reading_horizon import ReadingHorizon
from signals.models.signal import Signal
from signals.models.tally import Tally
from signals.models.trade import Trade, TradeDetail

__all__ = [
    "Citation",
    "DailyClose",
    "DataVersion",
    "IssuerSeat",
    "IssuerSheet",
    "IssuerState",
    "LineReading",
    "PlanCalibration",
    "Reading",
    "ReadingHorizon",
    "Signal",
    "StockSplit",
    "Tally",
    "Trade",
    "TradeDetail",
]
