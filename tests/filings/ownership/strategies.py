"""Hypothesis strategies: any document of the schema, as the reader would give it, and any damage to bytes."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from hypothesis import strategies as st

from filings.ownership import schema
from filings.ownership.document import FORMS, Issuer, Line, Owner, OwnershipDocument, Signature

# Every character of XML 1.0. The reader makes one space of any white space, so there is no other here.
CHARACTERS = st.characters(
    blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), blacklist_characters="\ufffe\uffff"
) | st.sampled_from("<>&'\";]-é ")
TEXTS = st.text(CHARACTERS, max_size=30).map(lambda text: " ".join(text.split()))
SOME_TEXT = st.none() | TEXTS.filter(bool)
FLAGS = st.none() | st.booleans()
DATES = st.none() | st.dates()
CIKS = st.integers(1, 9_999_999_999).map(lambda number: f"{number:010d}")
DIGITS = st.text("0123456789", min_size=1, max_size=16)
NUMBERS = st.none() | st.builds(lambda whole, part: Decimal(f"{int(whole)}.{part}"), DIGITS, DIGITS)
NOTES = st.lists(st.integers(1, 99).map("F{}".format), min_size=1, max_size=4, unique=True).map(tuple)
BY_KIND = {schema.TEXT: SOME_TEXT, schema.FLAG: FLAGS, schema.DATE: DATES, schema.NUMBER: NUMBERS}
ODD_NUMBERS = [("1.", 1), (".5", "0.5"), ("007", 7), ("+3.20", "3.20"), ("-4", -4), ("12 34.5", "1234.5")]


def values(places):
    return {place[0]: BY_KIND[place[1]] for place in places}


@st.composite
def lines_of(draw):
    """Rows in document order, numbered within their table and kind."""
    rows = {}
    lines = []
    for table, kind in draw(st.lists(st.sampled_from(list(schema.ROWS.values())), max_size=6)):
        rows[table, kind] = rows.get((table, kind), 0) + 1
        names = [name for name in schema.LINE_FIELDS if table == "II" or name not in schema.DERIVATIVE_ONLY]
        fields = draw(st.fixed_dictionaries({}, optional=values(schema.LINE_FIELDS[name] for name in names)))
        cells = [
            schema.LINE_FIELDS[name][0] for name in names if name not in ("transactionFormType", "equitySwapInvolved")
        ]
        notes = draw(st.dictionaries(st.sampled_from(cells), NOTES, max_size=4))
        as_filed = {}
        if draw(st.booleans()):
            words, value = draw(st.sampled_from(ODD_NUMBERS))
            fields["shares"], as_filed["shares"] = Decimal(value), words
        lines.append(Line(table, kind, rows[table, kind], **fields, footnotes=notes, as_filed=as_filed))
    return tuple(lines)


@st.composite
def documents(draw):
    fields = draw(st.fixed_dictionaries({}, optional=values(schema.DOCUMENT_FIELDS.values())))
    lines = draw(lines_of())
    cited = {ref for line in lines for ids in line.footnotes.values() for ref in ids}
    notes = {ref: draw(TEXTS) for ref in sorted(cited)} | draw(st.dictionaries(NOTES.map(lambda ids: ids[0]), TEXTS))
    issuer = draw(st.fixed_dictionaries({}, optional=values(schema.ISSUER_FIELDS.values())))
    owner = st.fixed_dictionaries({}, optional=values(schema.OWNER_FIELDS.values()))
    signature = st.fixed_dictionaries({}, optional=values(schema.SIGNATURE_FIELDS.values()))
    return OwnershipDocument(
        **fields | {"form": draw(st.sampled_from(FORMS))},
        issuer=Issuer(**issuer | {"cik": draw(CIKS)}),
        owners=tuple(Owner(**given | {"cik": draw(CIKS)}) for given in draw(st.lists(owner, min_size=1, max_size=3))),
        lines=lines,
        footnotes=notes,
        signatures=tuple(Signature(**given) for given in draw(st.lists(signature, max_size=3))),
    )


PIECES = [b"", b"<", b">", b"&", b'"', b"\n", b"]]>", b"<!--", b"</value>", b"<value>", b"\xff", b"\0"]


def _slice(content, at):
    return content[at : at + 40]


@st.composite
def damaged(draw, contents):
    """Bytes of one of `contents` with slices deleted, inserted, replaced, doubled or moved."""
    content = draw(st.sampled_from(contents))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        piece = draw(
            st.sampled_from(
                [b"", b"<", b">", b"&", b'"', b"\n", b"]]>", b"<!--", b"</value>", b"<value>", b"\xff", b"\0"]
            )
            | st.binary(max_size=8)
            | st.just(content[start:end] * 2)
            | st.integers(0, len(content)).map(partial(_slice, content))
        )
        content = content[:start] + piece + content[end:]
    return content
