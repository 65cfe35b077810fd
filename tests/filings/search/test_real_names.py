"""Searches over the names in real filings: what is meant stands among the first three."""

from __future__ import annotations

import pytest

from filings.search import search
from filings.services.load import files_below, load

pytestmark = [pytest.mark.db_and_celery, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def real_archive(real_filings, filled_once):
    def fill() -> None:
        report = load(paths=list(files_below([str(real_filings)])))
        assert report.published > 400

    filled_once(fill)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("tim cook", 1214156),
        ("Cook Timothy", 1214156),
        ("cook, timothy d.", 1214156),
        ("O'Brien", 1767094),
        ("obrien", 1767094),
        ("deirdre o brien", 1767094),
        ("J P Morgan", 19617),
        ("jpmorgan", 19617),
        ("J.P. Morgan Chase & Co.", 19617),
        ("google goog", 1288776),
        ("facebook", 1326801),
        ("FB", 1326801),
        ("tesla motors", 1318605),
        ("elon musk", 1494730),
        ("bank of america", 70858),
        ("america bank /DE/", 70858),
        ("donald robertson jr", 1526111),
        ("kathleen wilson-thompson", 1331680),
        ("thompson wilson", 1331680),
        ("Bor Zen Tien", 2114023),
        ("borzen tien", 2114023),
        ("r hewitt pate", 1469419),
        ("johnson&johnson", 200406),
        ("johnson and johnson", 200406),
        ("farnam street partners", 1058465),
        ("23 and me", 1804591),
        ("MFAC.U", 1725872),
        ("mfac u", 1725872),
        ("link edin", 1271024),
        ("black sky", 1753539),
        ("AMD", 2488),
        ("v", 1403161),
        ("u", 1810806),
        ("now", 1373715),
        ("merrill lynch pierce fenner and smith", 728612),
        ("SVF II Aggregator", 1883559),
        ("brad smith", 1193119),
        ("satya", 1513142),
        ("chris cox", 1607459),
        ("bob swan", 1218363),
        ("PIMCO New York Municipal", 1170311),
        ("reid hoffman", 1519339),
        ("brian moynihan", 1195071),
        ("0000320193", 320193),
        ("320193", 320193),
    ],
)
def test_what_is_meant_is_among_the_first_three(query, meant):
    assert f"{meant:010d}" in [hit.key for hit in search(query, 3)]
