"""What new filings may change of older ones, as far as that can be told without reading these."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from filings.ownership.document import Owner
from signals.detectors.reach import ReachesAll, check_prices, renames
from signals.readings.history import History
from signals.readings.tape import Quote, Told
from tests.signals.readings.archives import PAT, SAM, after_days, form, row

NEW = "new"
COMMON = "Common Stock"


def quote(day: int, accession: str, price: object) -> Quote:
    return Quote(COMMON, after_days(day), accession, Decimal(str(price)))


def told(day: int, accession: str, price: object, *, code: str = "S", stands: bool = True) -> Told:
    return Told(quote(day, accession, price), code, Decimal(100), stands)


def check(stored: list[Told], *own: Quote, read: tuple[str, ...] = (NEW,)) -> None:
    check_prices(stored, own, {NEW}, read)


class TestPrices:
    def test_a_price_among_others_like_it_changes_nothing(self):
        check([told(-9, "a", 20), told(-5, "b", 21)], quote(0, NEW, 20))

    def test_nor_does_one_alone_in_its_year(self):
        check([told(-700, "a", 20), told(-400, "b", 21)], quote(0, NEW, 22))

    def test_one_that_is_itself_doubted_reaches_nobody_who_has_support(self):
        check([told(-9, "a", 20), told(-5, "b", 21)], quote(0, NEW, 2000))

    def test_two_that_agree_against_an_older_one_make_it_doubted(self):
        stored = [told(-9, "a", 2000), told(-5, "b", 20)]
        with pytest.raises(ReachesAll, match="an older price"):
            check(stored, quote(0, NEW, 21))

    def test_one_like_an_older_one_that_was_doubted_supports_it(self):
        stored = [told(-9, "a", 2000), told(-8, "b", 20), told(-7, "c", 20)]
        with pytest.raises(ReachesAll, match="an older price"):
            check(stored, quote(0, NEW, 1900))

    def test_the_nearest_to_one_that_stands_alone_reaches_it_from_afar(self):
        stored = [told(-400, "a", 20_000, code="P")]
        check(stored, quote(0, NEW, 15_000))
        with pytest.raises(ReachesAll, match="an older price"):
            check(stored, quote(0, NEW, 17))

    def test_what_was_withheld_for_tax_is_held_against_nothing(self):
        check([told(-9, "a", 2000, code="F"), told(-5, "b", 20)], quote(0, NEW, 21))

    def test_a_row_that_an_amendment_restates_may_be_doubted_and_supports_nobody(self):
        stored = [told(-9, "a", 2000, stands=False), told(-8, "b", 20)]
        with pytest.raises(ReachesAll, match="an older price"):
            check(stored, quote(0, NEW, 21))
        check([told(-9, "a", 20, stands=False), told(-8, "b", 20)], quote(0, NEW, 2000))

    def test_prices_of_the_same_insiders_must_be_those_that_are_stored(self):
        with pytest.raises(ReachesAll, match="read otherwise"):
            check([told(-9, "a", 20)], quote(-9, "a", 21), quote(0, NEW, 20), read=("a", NEW))

    def test_nor_may_what_is_said_of_their_doubted_prices_be_said_otherwise(self):
        """A cluster cites it, and is not read with them."""
        stored = [told(-9, "a", 2600), told(-8, "b", 25), told(-7, "c", 24)]
        with pytest.raises(ReachesAll, match="in other words"):
            check(stored, quote(-9, "a", 2600), quote(0, NEW, 29), read=("a", NEW))
        check(stored, quote(-9, "a", 2600), quote(100, NEW, 29), read=("a", NEW))


class TestNames:
    def renamed(self, *owners, named) -> bool:
        older = form(1, row("S", "D", 100), owners=(PAT,))
        newer = form(2, row("S", "D", 100), owners=owners, filed_on=after_days(9))
        return renames(History([older, newer]), {newer.accession}, named)

    def test_insiders_of_a_cluster_who_keep_their_names_change_nothing(self):
        assert not self.renamed(PAT, named={(PAT.cik, PAT.name)})
        assert not self.renamed(SAM, named={("0000000007", "Somebody Else")})

    def test_another_name_stands_in_the_cluster_too(self):
        other = replace(PAT, name="Pat Other")
        assert self.renamed(other, named={(PAT.cik, PAT.name)})
        assert not self.renamed(other, named=set())

    def test_a_first_seat_may_make_somebody_else_stand_for_a_decision_maker(self):
        assert self.renamed(SAM, named={(PAT.cik, PAT.name)})

    def test_so_may_another_owner_beside_one_and_a_seat_that_is_the_first(self):
        """A person stands for a fund, and one with a seat for one without."""
        partner = Owner("0009100040", "Paul Partner", is_ten_percent_owner=True)
        director = replace(PAT, is_officer=False, is_director=True)
        for owners in ((PAT, partner), (partner,)):
            assert self.renamed(*owners, named={(PAT.cik, PAT.name)})
        assert not self.renamed(director, named={(PAT.cik, PAT.name)})
