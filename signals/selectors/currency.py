"""Lines whose price may be in another currency than dollars, so that no page adds yen to dollars.

Promises: a line is named where a footnote on its price speaks of another currency, whether it says that the price is
in it or that it was converted from it; the form asks for dollars, and only the words tell the two apart. Such a line
then has no value in any total. Cheap enough for lists; the full reading of a footnote is `signals.readings.notes`.
"""

from __future__ import annotations

from django.db.models import BooleanField, Exists, F, Func, JSONField, OuterRef, Value

from filings.models import Filing, Footnote, Line

_NAMES = (
    "yen", "euros?", "sterling", "pence", "renminbi", "yuan", "rupees?", "shekels?", "korean won", "reais",
    "krone[rn]?", "kron(a|or)", "zloty", "pesos?", "francs?", "south african rand",
    "(canadian|australian|hong kong|singapore|new taiwan|new zealand) dollars?", "JPY", "EUR", "GBP", "CAD", "AUD",
    "CHF", "CNY", "RMB", "HKD", "TWD", "INR", "ILS", "NIS", "KRW", "BRL", "ZAR", "DKK", "SEK", "NOK", "SGD", "MXN",
    "PLN",
)  # fmt: skip
_OTHER_CURRENCY = rf"[€£¥]|\y(C|A|R|NT|HK)\$|\y({'|'.join(_NAMES)})\y"


def priced_in_doubt() -> Exists:
    """For a query of lines: whether a footnote on the line's price speaks of another currency."""
    cited = Func(OuterRef("footnotes"), Value("price"), function="jsonb_extract_path", output_field=JSONField())
    ref = Func(F("ref"), function="to_jsonb", output_field=JSONField())
    return Exists(
        Footnote.objects.filter(
            Func(cited, ref, template="(%(expressions)s)", arg_joiner=" @> ", output_field=BooleanField()),
            # Not the operator: the planner tries that on each of the hundred footnotes in its statistics, a millisecond
            # or two for each statement, only to guess how many it is true of.
            Func(F("text"), Value(_OTHER_CURRENCY), Value("i"), function="regexp_like", output_field=BooleanField()),
            filing=OuterRef("filing"),
        )
    )


def with_doubts(filing: Filing) -> list[Line]:
    """The lines of a filing, each with `in_doubt`: whether its price may be in another currency. One query."""
    return list(filing.lines.annotate(in_doubt=priced_in_doubt()))
