"""What new filings may change of older ones, as far as that can be told without reading these."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from signals.detectors.reach import ReachesAll, check_names, check_prices
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
        with pytest.raises(ReachesAll, match="another's price"):
            check(stored, quote(0, NEW, 21))

    def test_one_like_an_older_one_that_was_doubted_supports_it(self):
        stored = [told(-9, "a", 2000), told(-8, "b", 20), told(-7, "c", 20)]
        with pytest.raises(ReachesAll, match="another's price"):
            check(stored, quote(0, NEW, 1900))

    def test_the_nearest_to_one_that_stands_alone_reaches_it_from_afar(self):
        stored = [told(-400, "a", 20_000, code="P")]
        check(stored, quote(0, NEW, 15_000))
        with pytest.raises(ReachesAll, match="another's price"):
            check(stored, quote(0, NEW, 17))

    def test_what_was_withheld_for_tax_is_held_against_nothing(self):
        check([told(-9, "a", 2000, code="F"), told(-5, "b", 20)], quote(0, NEW, 21))

    def test_a_row_that_an_amendment_restates_may_be_doubted_and_supports_nobody(self):
        stored = [told(-9, "a", 2000, stands=False), told(-8, "b", 20)]
        with pytest.raises(ReachesAll, match="another's price"):
            check(stored, quote(0, NEW, 21))
        check([told(-9, "a", 20, stands=False), told(-8, "b", 20)], quote(0, NEW, 2000))

    def test_prices_of_the_same_insiders_must_be_those_that_are_stored(self):
        with pytest.raises(ReachesAll, match="read otherwise"):
            check([told(-9, "a", 20)], quote(-9, "a", 21), quote(0, NEW, 20), read=("a", NEW))


class TestNames:
    def names(self, owner, named) -> None:
        older = form(1, row("S", "D", 100), owners=(PAT,))
        newer = form(2, row("S", "D", 100), owners=(owner,), filed_on=after_days(9))
        check_names(History([older, newer]), {newer.accession}, named)

    def test_insiders_of_a_cluster_who_keep_their_names_change_nothing(self):
        self.names(PAT, {(PAT.cik, PAT.name)})
        self.names(SAM, {("0000000007", "Somebody Else")})

    def test_another_name_stands_in_the_cluster_too(self):
        renamed = replace(PAT, name="Pat Other")
        with pytest.raises(ReachesAll, match="another name"):
            self.names(renamed, {(PAT.cik, PAT.name)})
        self.names(renamed, set())

    def test_a_first_seat_may_make_somebody_else_stand_for_a_decision_maker(self):
        with pytest.raises(ReachesAll, match="first seat"):
            self.names(SAM, {(PAT.cik, PAT.name)})
