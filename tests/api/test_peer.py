"""The peer's endpoints: every parameter narrows to what it says, in a stable order, with the exact names and types."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from filings.models import Filing, Issuer
from signals.api.questions import TransactionQuestion
from signals.models import LineReading
from signals.models.price import DailyClose

pytestmark = [pytest.mark.slow]

FIRST_21 = {
    "ticker": str, "companyName": str, "insiderName": str, "insiderCik": str, "insiderTitle": (str, type(None)),
    "isDirector": bool, "isOfficer": bool, "is10PctOwner": bool, "accessionNumber": str, "securityTitle": str,
    "transactionCode": str, "isOpenMarket": bool, "is10b5Plan": bool, "sharesAmount": (int, float),
    "pricePerShare": (int, float, type(None)), "totalValue": (int, float, type(None)),
    "sharesOwnedAfter": (int, float, type(None)), "directIndirect": (str, type(None)), "isDerivative": bool,
    "transactionDate": str, "periodOfReport": str,
}  # fmt: skip
INSIDER = {"cik", "name", "isDirector", "isOfficer", "isTenPercentOwner", "officerTitle", "totalFilings"}
COMPANY = {
    "cik", "name", "ticker", "exchange", "totalFilings", "activeInsiders", "sicDescription", "stateOfIncorporation",
    "website",
}  # fmt: skip
SIGNAL = {
    "ticker", "companyName", "signalDate", "buySellRatio", "isClusterBuy", "isClusterSell", "insiderCount",
}  # fmt: skip


def rows(api, address, **query):
    response = api.get(address, query)
    assert response.status_code == 200, response.content
    return response.json()


def everything(api, address="/v1/transactions", **query):
    found, page = [], 1
    while True:
        part = rows(api, address, **query, page=page, per_page=200)
        found += part
        if len(part) < 200:
            return found
        page += 1


class TestTransactions:
    def test_names_and_types_are_those_of_the_contract(self, demo, api):
        for row in everything(api):
            for name, kind in FIRST_21.items():
                assert isinstance(row[name], kind), (name, row[name])

    def test_paging_gives_every_line_that_stands_once(self, demo, api):
        found = everything(api)
        places = [(row["accessionNumber"], row["line"]) for row in found]
        standing = LineReading.objects.filter(superseded_by=None, withdrawn_by=None, form__in=("4", "4/A"))
        assert len(places) == len(set(places)) == standing.count()
        dates = [row["transactionDate"] for row in found if row["dateReported"]]
        assert dates == sorted(dates, reverse=True)

    def test_a_page_is_full_unless_it_is_the_last(self, demo, api):
        assert len(rows(api, "/v1/transactions", per_page=500)) == 500
        assert rows(api, "/v1/transactions", page=50, per_page=500) == []

    def test_superseded_lines_are_not_there_and_their_corrections_are(self, demo, api):
        replaced = LineReading.objects.filter(superseded_by__isnull=False).first()
        found = everything(api, cik=replaced.issuer_id)
        places = {(row["accessionNumber"], row["line"]) for row in found}
        assert (replaced.filing_id, f"{replaced.table}-t-{replaced.row}") not in places
        assert replaced.superseded_by in {row["accessionNumber"] for row in found}

    @pytest.mark.parametrize(
        ("query", "holds"),
        [
            ({"code": "p"}, lambda row: row["transactionCode"] == "P"),
            ({"codes": "P,s"}, lambda row: row["transactionCode"] in "PS"),
            ({"exclude_codes": "A,M,F"}, lambda row: row["transactionCode"] not in "AMF"),
            ({"category": "open_market"}, lambda row: row["isOpenMarket"]),
            ({"category": "gifts"}, lambda row: row["transactionCode"] == "G"),
            ({"category": "other"}, lambda row: row["transactionCode"] not in "PSAMCXOEHKG"),
            ({"exclude_category": "open_market"}, lambda row: not row["isOpenMarket"]),
            ({"exclude_derivative": "True"}, lambda row: not row["isDerivative"]),
            ({"exclude_10b5": "true"}, lambda row: not row["is10b5Plan"]),
            ({"significant": "true"}, lambda row: row["isOpenMarket"] and not row["is10b5Plan"]
             and not row["isDerivative"]),
            ({"significant": "true", "exclude_10b5": "false", "codes": "S"}, lambda row: row["transactionCode"] == "S"),
            ({"min_value": "100000.0"}, lambda row: row["totalValue"] >= 100_000),
            ({"max_value": "1e+5"}, lambda row: row["totalValue"] <= 100_000),
            ({"min_shares": "5000"}, lambda row: row["sharesAmount"] >= 5000),
            ({"max_shares": "100"}, lambda row: row["sharesAmount"] <= 100),
            ({"from": "2026-01-01", "to": "2026-06-30"}, lambda row: "2026-01-01" <= row["transactionDate"][:10]
             <= "2026-06-30"),
            ({"filed_from": "2026-01-01T00:00:00Z"}, lambda row: row["filedAt"] >= "2026-01-01"),
            ({"role": "officer"}, lambda row: row["isOfficer"]),
            ({"role": "ten_percent_owner"}, lambda row: True),
        ],
    )  # fmt: skip
    def test_a_parameter_narrows_to_what_it_says(self, demo, api, query, holds):
        found = everything(api, **query)
        assert found
        assert all(holds(row) for row in found)

    def test_what_a_filter_leaves_out_is_all_that_does_not_meet_it(self, demo, api):
        all_rows = everything(api)
        plans = everything(api, exclude_10b5="true")
        assert len(all_rows) - len(plans) == sum(row["is10b5Plan"] for row in all_rows) > 0

    def test_by_value_the_largest_are_first_and_those_without_last(self, demo, api):
        values = [row["totalValue"] for row in everything(api, sort="value")]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=True)
        assert values[len(known) :] == [None] * (len(values) - len(known))

    def test_several_symbols_are_united_and_an_unknown_one_is_nothing(self, demo, api):
        one, other = list(dict.fromkeys(row["ticker"] for row in rows(api, "/v1/transactions") if row["ticker"]))[:2]
        found = {row["ticker"] for row in everything(api, ticker=f"{one.lower()},{other}")}
        assert found == {one, other}
        assert rows(api, "/v1/transactions", ticker="NOSUCH") == []

    def test_a_joint_filer_finds_the_rows_under_their_own_name(self, demo, api):
        line = LineReading.objects.filter(owners__len=2, superseded_by=None, withdrawn_by=None, form="4").first()
        for cik in line.owners:
            found = everything(api, insider_cik=cik.lstrip("0"))
            assert {row["insiderCik"] for row in found} == {cik}

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"from": "2026-02-31"}, "INVALID_DATE"), ({"filed_to": "soon"}, "INVALID_DATE"),
            ({"page": "0"}, "INVALID_REQUEST"), ({"per_page": "501"}, "INVALID_REQUEST"),
            ({"per_page": "x"}, "INVALID_REQUEST"), ({"category": "all"}, "INVALID_REQUEST"),
            ({"sort": "price"}, "INVALID_REQUEST"), ({"role": "king"}, "INVALID_REQUEST"),
            ({"min_value": "lots"}, "INVALID_REQUEST"), ({"min_value": "nan"}, "INVALID_REQUEST"),
            ({"cik": "12345678901"}, "INVALID_REQUEST"), ({"ticker": ",".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ")},
             "INVALID_REQUEST"), ({"page": "999999999", "per_page": "500"}, "INVALID_REQUEST"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_asked_is_refused_by_name(self, demo, api, query, code):
        response = api.get("/v1/transactions", query)
        assert response.status_code == 400
        assert response.json()["error"]["code"] == code

    @pytest.mark.parametrize("figure", ["1e140000", "1e999999999999999", "1e-20000", "-1e140000", "0e-20000"])
    def test_a_figure_beyond_all_that_are_counted_is_asked_all_the_same(self, demo, api, figure):
        least, most = (rows(api, "/v1/transactions", **{name: figure}) for name in ("min_value", "max_value"))
        assert bool(least) == (Decimal(figure) < 1)
        assert bool(most) == (Decimal(figure) >= 0)

    def test_a_parameter_without_a_word_is_not_given(self, demo, api):
        names = [name for name in TransactionQuestion.model_fields if name not in ("from_", "significant")]
        empty = {**dict.fromkeys(names, ""), "from": " ", "significant": "true"}
        assert rows(api, "/v1/transactions", **empty) == rows(api, "/v1/transactions", significant="true")
        both = rows(api, "/v1/transactions", min_shares="", max_return_1m="230.0")  # was a 500
        assert both == rows(api, "/v1/transactions", max_return_1m="230.0")

    def test_unknown_parameters_are_ignored(self, demo, api):
        assert rows(api, "/v1/transactions", transactionCode="P") == rows(api, "/v1/transactions")

    def test_limit_is_another_word_for_per_page_which_wins(self, demo, api):
        assert len(rows(api, "/v1/transactions", limit=3)) == 3
        assert len(rows(api, "/v1/transactions", limit=3, per_page=4)) == 4


class TestReturns:
    @pytest.fixture
    def closes(self, demo):
        line = LineReading.objects.filter(
            code="P", table="I", plan_status="not_plan", superseded_by=None, withdrawn_by=None
        ).order_by("filed_on")[0]  # fmt: skip
        start = line.transaction_date - timedelta(days=2)
        DailyClose.objects.bulk_create(
            DailyClose(issuer_id=line.issuer_id, on=start + timedelta(days=day), price=Decimal(100 + day))
            for day in range(400)
        )
        return line

    def test_without_imported_closes_there_are_none(self, demo, api):
        assert rows(api, "/v1/transactions", has_returns="true") == []
        assert all(row["return6m"] is None for row in rows(api, "/v1/transactions"))

    def test_with_closes_they_run_from_the_day_of_the_trade(self, closes, api):
        found = [row for row in everything(api, cik=closes.issuer_id) if row["accessionNumber"] == closes.filing_id]
        assert found[0]["return1d"] == pytest.approx(1 / 102, abs=1e-6)
        assert found[0]["return6m"] == pytest.approx(182 / 102, abs=1e-6)

    def test_bounds_keep_the_lines_that_have_such_a_return_and_zero_is_one(self, closes, api):
        some = rows(api, "/v1/transactions", min_return_1d="0", cik=closes.issuer_id)
        assert some
        assert all(row["return1d"] >= 0 for row in some)
        assert rows(api, "/v1/transactions", max_return_1d="-0.5") == []

    def test_a_scorecard_gives_figures_from_five_purchases_only(self, closes, api):
        card = rows(api, f"/v1/insiders/{closes.owners[0]}/scorecard")
        assert card["scoredBuyCount"] >= 1
        assert card["sampleSufficient"] is (card["scoredBuyCount"] >= 5)
        assert (card["hitRate3m"] is not None) is card["sampleSufficient"]
        assert card["bestBuy"]["return3m"] >= card["worstBuy"]["return3m"]


class TestParties:
    def test_shapes_that_are_closed_have_no_key_more(self, demo, api):
        assert {frozenset(row) for row in rows(api, "/v1/companies")} == {frozenset(COMPANY)}
        assert {frozenset(row) for row in rows(api, "/v1/insiders")} == {frozenset(INSIDER)}
        assert {frozenset(row) for row in rows(api, "/v1/signals")} == {frozenset(SIGNAL)}

    def test_a_company_by_symbol_in_any_case_or_by_cik(self, demo, api):
        issuer = Issuer.objects.filter(ticker__isnull=False).order_by("ticker")[0]
        for word in (issuer.ticker.lower(), issuer.cik, issuer.cik.lstrip("0")):
            assert rows(api, f"/v1/companies/{word}")["cik"] == issuer.cik

    def test_companies_are_by_name_or_by_filings_fifty_at_most(self, demo, api):
        names = [row["name"] for row in rows(api, "/v1/companies", limit=900)]
        assert names == sorted(names)
        counts = [row["totalFilings"] for row in rows(api, "/v1/companies", sort="TotalFilings", limit=5)]
        assert counts == sorted(counts, reverse=True)
        assert len(counts) == 5

    def test_an_unknown_symbol_says_whether_another_spelling_is_here(self, demo, api):
        Issuer.objects.filter(pk=Issuer.objects.order_by("cik")[0].pk).update(ticker="BRK.B")
        error = api.get("/v1/companies/BRK-B").json()["error"]
        assert (error["reason"], error["didYouMean"]) == ("punctuation_variant", "BRK.B")
        assert api.get("/v1/companies/ZZZZ").json()["error"]["reason"] == "unrecognized"

    def test_peers_are_of_the_industry_and_never_the_company_itself(self, demo, api):
        issuer = next(one for one in Issuer.objects.order_by("cik") if one.sic and one.ticker)
        found = rows(api, f"/v1/companies/{issuer.ticker}/peers", limit=25)
        assert all(peer["sicCode"][:2] == issuer.sic[:2] and peer["cik"] != issuer.cik for peer in found["peers"])

    def test_insiders_by_letters_of_their_name(self, demo, api):
        assert api.get("/v1/insiders?name=x").json()["error"]["code"] == "QUERY_TOO_SHORT"
        found = rows(api, "/v1/insiders", name="halLor")
        assert found
        assert all("hallor" in row["name"].lower() for row in found)

    def test_the_directory_lists_each_letter_and_its_people(self, demo, api):
        whole = rows(api, "/v1/insiders/directory")
        assert whole["entries"] == []
        assert sum(letter["count"] for letter in whole["letters"]) == whole["total"]
        first = whole["letters"][0]
        part = rows(api, "/v1/insiders/directory", letter=first["letter"].lower())
        assert part["letterTotal"] == first["count"] == len(part["entries"])

    def test_a_summary_adds_up_what_is_counted(self, demo, api):
        line = LineReading.objects.filter(code="P", superseded_by=None).first()
        career = rows(api, f"/v1/insiders/{line.owners[0]}/summary")["career"]
        assert career["netUsd"] == pytest.approx(career["totalBoughtUsd"] - career["totalSoldUsd"])
        assert sum(career["transactionTypeBreakdown"].values()) == career["totalTransactions"]

    def test_filings_are_forms_four_newest_first_and_one_by_its_number(self, demo, api):
        found = everything(api, "/v1/filings")
        assert len(found) == Filing.objects.filter(form__in=("4", "4/A")).count()
        assert {row["amendmentType"] for row in found} == {"Original", "Amendment"}
        one = found[0]
        assert rows(api, f"/v1/filings/{one['accessionNumber']}") == one
        assert rows(api, "/v1/filings/recent", per_page=3) == found[:3]
        assert api.get("/v1/filings/0000000000-00-000000").json()["error"]["code"] == "NOT_FOUND"


class TestSignals:
    def test_a_cluster_has_three_insiders_within_five_days(self, demo, api):
        found = rows(api, "/v1/signals", cluster_buy="True")
        assert found
        for one in found:
            why = rows(api, f"/v1/signals/{one['ticker']}/explain", date=one["signalDate"])
            assert len(why["clusterBuyers"]) == one["insiderCount"] >= 3
            days = [trade["transactionDate"][:10] for buyer in why["clusterBuyers"] for trade in buyer["trades"]]
            assert date.fromisoformat(max(days)) - date.fromisoformat(min(days)) < timedelta(days=5)

    def test_every_row_is_there_once_and_neutral_ones_too(self, demo, api):
        found = everything(api, "/v1/signals")
        places = [(row["companyName"], row["signalDate"]) for row in found]
        assert len(places) == len(set(places))
        assert any(not row["isClusterBuy"] and not row["isClusterSell"] for row in found)
        assert [row["signalDate"] for row in found] == sorted((row["signalDate"] for row in found), reverse=True)

    def test_plan_trades_are_left_out_and_named(self, demo, api):
        line = LineReading.objects.filter(code="S", plan_status="plan", superseded_by=None).first()
        whys = rows(api, "/v1/signals", ticker=Issuer.objects.get(cik=line.issuer_id).ticker)
        reasons = {
            item["reason"]
            for one in whys
            for item in rows(api, f"/v1/signals/{one['ticker']}/explain", date=one["signalDate"])["excluded"]
        }
        assert "10b5-1 plan" in reasons or not whys

    def test_what_is_not_there_has_its_own_codes(self, demo, api):
        ticker = Issuer.objects.filter(ticker__isnull=False).first().ticker
        assert api.get("/v1/signals/NOSUCH/explain").json()["error"]["code"] == "COMPANY_NOT_FOUND"
        assert api.get(f"/v1/signals/{ticker}/explain?date=1999-01-04").json()["error"]["code"] == "SIGNAL_NOT_FOUND"
        assert api.get(f"/v1/signals/{ticker}/explain?date=soon").json()["error"]["code"] == "INVALID_DATE"

    def test_sentiment_is_by_month_and_between_its_bounds(self, demo, api):
        line = LineReading.objects.filter(code="P", superseded_by=None).order_by("-transaction_date").first()
        months = rows(api, f"/v1/signals/sentiment/{Issuer.objects.get(cik=line.issuer_id).ticker}", months=60)[
            "monthly"
        ]
        assert [row["period"] for row in months] == sorted(row["period"] for row in months)
        assert all(-100 <= row["score"] <= 100 for row in months)

    def test_search_finds_the_exact_symbol_first(self, demo, api):
        ticker = Issuer.objects.filter(ticker__isnull=False).order_by("ticker")[0].ticker
        assert rows(api, "/v1/search", q=f" {ticker.lower()} ")["companies"][0]["ticker"] == ticker
        assert api.get("/v1/search?q=a").json()["error"]["code"] == "QUERY_TOO_SHORT"
        assert api.get(f"/v1/search?q={'a' * 65}").json()["error"]["code"] == "QUERY_TOO_LONG"
