"""Charts as pure layout: values in, a drawing of plain shapes out; `templates/kit/charts/` writes the SVG.

    PositionChart   shares owned over time, as steps
    TradesChart     trades as marks whose area is their value, on one line or in lanes
    MonthlyBars     bought above zero, sold below
    Histogram       how many fall into each band of a scale
    Sparkbar        a tiny strip of counts by month
    TinyBars        a tiny strip of values

`{% include "kit/charts/_chart.html" %}` with `chart` renders figure, caption and table; `_spark.html` the strip alone.
No Django here, no colour (class names only), no clock: the same chart gives the same bytes.
"""

from .drawing import NARROW, WIDE, Cell, Chart, Column, Drawing, Size, Table
from .histogram import Band, Histogram
from .monthly import Month, MonthlyBars
from .position import OwnershipLine, PositionChart, Report
from .spark import Sparkbar
from .tiny import TinyBars
from .trade import BOUGHT, MECHANICS, OUTSIDE_PLAN, PLAN_UNKNOWN, PLANNED, SOLD, UNKNOWN, Episode, Price, Trade
from .trades import TradesChart

__all__ = [
    "BOUGHT",
    "MECHANICS",
    "NARROW",
    "OUTSIDE_PLAN",
    "PLANNED",
    "PLAN_UNKNOWN",
    "SOLD",
    "UNKNOWN",
    "WIDE",
    "Band",
    "Cell",
    "Chart",
    "Column",
    "Drawing",
    "Episode",
    "Histogram",
    "Month",
    "MonthlyBars",
    "OwnershipLine",
    "PositionChart",
    "Price",
    "Report",
    "Size",
    "Sparkbar",
    "Table",
    "TinyBars",
    "Trade",
    "TradesChart",
]
