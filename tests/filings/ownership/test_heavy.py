"""Heavy documents are answered in bounded time and memory: read in a child process under the kernel's limits.

Linear time is shown by size, not by the clock: each trap is built nearly as large as `MAX_BYTES` or `MAX_TAGS` allow,
where a reader that takes the square of its number needs more than the seconds the child is given; those that are read
in seconds, because they are repaired or lie deep, a third as large, which the square would not forgive either.
"""

from __future__ import annotations

import pytest

from tests.filings.ownership.broken import BOMB, PLAIN, document, enveloped, in_row
from tests.filings.ownership.child import read_in_child

HEAVY_N = 100_000
# what, how to build it, what is said of it
HEAVY = [
    (
        "unknown attributes",
        lambda: document(b"<r " + b"".join(b'a%d="" ' % i for i in range(HEAVY_N)) + b"/>"),
        "read 0 0",
    ),
    (
        "attributes without end",
        lambda: document(b"<r " + b"".join(b'a%d="" ' % i for i in range(900_000)) + b"/>"),
        "refused xml more",
    ),
    (
        "fields given again",
        lambda: in_row(b"<transactionDate>2025-03-03</transactionDate>" * (HEAVY_N // 2)),
        "read 1 0",
    ),
    (
        "owner fields given again",
        lambda: document().replace(
            b"</reportingOwnerId>", b"<rptOwnerName>A</rptOwnerName>" * (HEAVY_N // 2) + b"</reportingOwnerId>"
        ),
        "read 0 0",
    ),
    (
        "marks on one field",
        lambda: in_row(b"<securityTitle>" + b'<footnoteId id="F1"/>' * HEAVY_N + b"</securityTitle>"),
        "read 1 0",
    ),
    (
        "different marks on one field",
        lambda: in_row(
            b"<securityTitle>" + b"".join(b'<footnoteId id="F%d"/>' % i for i in range(HEAVY_N)) + b"</securityTitle>"
        ),
        "refused document 100,000 footnotes",
    ),
    (
        "footnotes with the same id",
        lambda: document(b"<footnotes>" + b'<footnote id="F1">a</footnote>' * (HEAVY_N - 20) + b"</footnotes>"),
        "read 0 1",
    ),
    (
        "footnotes",
        lambda: document(
            b"<footnotes>"
            + b"".join(b'<footnote id="F%d">a</footnote>' % i for i in range(HEAVY_N - 20))
            + b"</footnotes>"
        ),
        "refused document 99,980 footnotes",
    ),
    (
        "markup in a footnote",
        lambda: document(b'<footnotes><footnote id="F1">' + b"a<b/>" * HEAVY_N + b"</footnote></footnotes>"),
        "read 0 1",
    ),
    ("stray texts", lambda: document(b"x<remarks/>" * HEAVY_N), "read 0 0"),
    ("stray texts in a row", lambda: in_row(b"x<a/>" * HEAVY_N), "read 1 0"),
    ("stray texts in an unknown element", lambda: document(b"<zzz>" + b"x<a/>" * HEAVY_N + b"</zzz>"), "read 0 0"),
    ("stray texts deep down", lambda: document(b"<a>x" * 200 + b"x<b/>" * (HEAVY_N // 3) + b"</a>" * 200), "read 0 0"),
    ("unknown elements", lambda: document(b"<zzz/>" * 190_000), "read 0 0"),
    (
        "rows",
        lambda: document(b"<derivativeTable>" + b"<derivativeHolding/>" * 190_000 + b"</derivativeTable>"),
        "refused document 190,000 rows",
    ),
    (
        "as many rows as are read",
        lambda: document(b"<derivativeTable>" + b"<derivativeHolding/>" * 1_000 + b"</derivativeTable>"),
        "read 1000 0",
    ),
    (
        "owners",
        lambda: document(
            b"<reportingOwner><reportingOwnerId><rptOwnerCik>1</rptOwnerCik></reportingOwnerId></reportingOwner>"
            * 30_000
        ),
        "refused document 30,001 reporting owners",
    ),
    ("signatures", lambda: document(b"<ownerSignature/>" * 190_000), "refused document 190,000 signatures"),
    ("tags without end", lambda: document(b"<zzz/>" * 250_000), "refused xml more than 200,000 tags"),
    ("deep nesting", lambda: document(b"<a>" * 90_000 + b"</a>" * 90_000), "refused xml"),
    ("a text of 9 MB", lambda: document(b"<remarks>" + b"a" * 9_000_000 + b"</remarks>"), "read 0 0"),
    ("a text of 12 MB", lambda: document(b"<remarks>" + b"a" * 12_000_000 + b"</remarks>"), "refused xml"),
    (
        "a last text of 12 MB",
        lambda: document(b"<ownerSignature><signatureName>" + b"a" * 12_000_000 + b"</signatureName></ownerSignature>"),
        "refused xml",
    ),
    ("an unknown text of 9 MB", lambda: document(b"<zzz>" + b"\xc2\x80" * 4_500_000 + b"</zzz>"), "read 0 0 1"),
    (
        "a number of 9 MB",
        lambda: in_row(b"<transactionShares>" + b"1" * 9_000_000 + b"</transactionShares>"),
        "read 1 0",
    ),
    (
        "a date of 9 MB",
        lambda: in_row(b"<transactionDate>2025-03-03" + b"+" * 9_000_000 + b"</transactionDate>"),
        "read 1 0",
    ),
    ("an attribute of 9 MB", lambda: document(b'<remarks a="' + b"a" * 9_000_000 + b'"/>'), "read 0 0 1"),
    ("bare ampersands", lambda: document(b"<remarks>" + b"& " * 1_700_000 + b"</remarks>"), "read 0 0 1"),
    ("references to nothing", lambda: document(b"<remarks>" + b"&#0;" * 1_300_000 + b"</remarks>"), "read 0 0 1"),
    ("broken tags", lambda: document(b"<rema\nrks>x</remarks>" * 50_000), "read 0 0"),
    ("closing tags", lambda: document(b"<a></ownershipDocument " * 90_000), "refused xml"),
    ("open comments", lambda: document(b"&" + b"<!--" * 190_000), "refused xml"),
    ("open CDATA sections", lambda: document(b"&" + b"<![CDATA[" * 190_000), "refused xml"),
    ("comments around damage", lambda: document(b"&<!-- -->" * 190_000), "read 0 0"),
    ("white space in a broken tag", lambda: document(b"<a" + b" \n" * 2_300_000 + b"&"), "refused xml"),
    ("white space after an end", lambda: document(b"&") + b"</ownershipDocument" + b" " * 9_000_000, "read 0 0 3"),
    (
        "namespaces",
        lambda: document(b"".join(b'<p%d:b xmlns:p%d="u%d"/>' % (i, i, i) for i in range(90_000))),
        "read 0 0",
    ),
    (
        "the widest characters, damaged",
        lambda: document(b"<remarks>&" + "\U0001f4a9".encode() * 2_400_000 + b"</remarks>"),
        "read 0 0 1",
    ),
    (
        "16 MB of UTF-16",
        lambda: b"\xff\xfe" + document(b"<a/>" * 190_000 + b" " * 7_000_000).decode().encode("utf-16-le"),
        "read 0 0",
    ),
    (
        "openings of XML parts",
        lambda: enveloped(b"<XML></XML>" * 500_000),
        "refused submission no ownership document",
    ),
    (
        "openings without a closing",
        lambda: enveloped(b"<XML>" * 3_000_000).replace(b"</XML>", b""),
        "refused submission truncated",
    ),
    (
        "a header of parties",
        lambda: enveloped(document()).replace(
            b"</SEC-HEADER>", b"ISSUER:\nCENTRAL INDEX KEY:1\n" * 8_000 + b"</SEC-HEADER>"
        ),
        "read 0 0",
    ),
    (
        "a header line without end",
        lambda: enveloped(document()).replace(
            b"</SEC-HEADER>", b"ISSUER:\nCENTRAL INDEX KEY:1\nASSIGNED-SIC:" + b"1" * 250_000 + b"[</SEC-HEADER>"
        ),
        "read 0 0",
    ),
    ("an entity bomb", lambda: BOMB + b"]>" + PLAIN.encode(), "refused xml a document type declaration"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("build", "said"), [row[1:] for row in HEAVY], ids=[row[0] for row in HEAVY])
def test_a_heavy_document_is_answered_within_bounds_of_time_and_memory(build, said):
    answer = read_in_child(build())
    assert answer.startswith(said), answer[:300]


@pytest.mark.slow
@pytest.mark.parametrize("limits", [{"memory": 1024 * 1024}, {"seconds": 0}], ids=["memory", "time"])
def test_the_bounds_of_the_child_are_real(limits):
    with pytest.raises(AssertionError):
        read_in_child(document(b"<zzz/>" * 190_000), **limits)
