"""Any line that the reader can give, for properties."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from hypothesis import strategies as st

from filings.ownership.document import KINDS, Line

DERIVATIVE = (
    "conversion_or_exercise_price",
    "exercise_date",
    "expiration_date",
    "underlying_title",
    "underlying_shares",
    "underlying_value",
)
_OWN = ("table", "kind", "row", "footnotes", "as_filed")
_TYPES = {field.name: str(field.type).partition(" |")[0] for field in fields(Line) if field.name not in _OWN}
FIELDS = {
    "I": {name: kind for name, kind in _TYPES.items() if name not in DERIVATIVE},
    "II": _TYPES,
}

words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
_VALUES = {
    "str": words,
    "Decimal": st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15)
    | st.integers(0, 10**15).map(Decimal),
    "date": st.dates(),
    "bool": st.booleans(),
}
_USUAL = {
    "acquired_disposed": st.sampled_from(["A", "D"]) | words,
    "form_type": st.sampled_from(["3", "4", "5"]) | words,
    "timeliness": st.sampled_from(["E", "L"]) | words,
    "code": st.sampled_from("PSAMFXJ") | words,
}
assert set(_TYPES.values()) == set(_VALUES), "a new type of field needs its values here"


@st.composite
def lines(draw: st.DrawFn) -> Line:
    table = draw(st.sampled_from(["I", "II"]))
    kinds = FIELDS[table]
    present = draw(st.sets(st.sampled_from(sorted(kinds))))
    values = {name: draw(_USUAL.get(name, _VALUES[kinds[name]])) for name in sorted(present)}
    odd = draw(st.sets(st.sampled_from([name for name, kind in kinds.items() if kind in ("Decimal", "date")])))
    marked = draw(st.sets(st.sampled_from(sorted(kinds))))
    notes = {name: tuple(draw(st.lists(words, min_size=1, max_size=3, unique=True))) for name in sorted(marked)}
    return Line(
        table,
        draw(st.sampled_from(KINDS)),
        draw(st.integers(1, 10**6)),
        footnotes=notes,
        as_filed={name: draw(words) for name in sorted(odd)},
        **values,
    )
