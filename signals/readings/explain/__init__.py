"""A filing in plain English: typed facts -> sentences that know the cells they rest on. Pure.

Cheap, to be stored for every filing: `headline`, `trade_sentence` and `line_sentence`, strings. Rich, for the one page
that shows it: `explain_filing`. Promises: *bought* and *sold* are said of codes P and S only; nothing is said that no
fact says; no advice. Equal facts give equal words.
"""

from signals.readings.explain.headline import headline
from signals.readings.explain.lines import line_sentence
from signals.readings.explain.trades import trade_sentence

__all__ = ["headline", "line_sentence", "trade_sentence"]
