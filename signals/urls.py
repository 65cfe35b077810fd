"""The public pages, by resource."""

from __future__ import annotations

from django.urls import path

from signals.views import codes, filings, home, learn, parties, screen, search, signals

app_name = "signals"
urlpatterns = [
    path("", home.home, name="home"),
    path("signals/", signals.signals, name="signals"),
    path("signals/last-<str:period>/", signals.signals_summary, name="signals-summary"),
    path("signals/market/", signals.market, name="market"),
    path("signals/<str:key>/", signals.signal, name="signal"),
    path("learn/", learn.learn, name="learn"),
    path("learn/form-4/", learn.form_4, name="learn-form-4"),
    path("learn/10b5-1/", learn.rule_10b5_1, name="learn-10b5-1"),
    path("learn/exercises/", learn.exercises, name="learn-exercises"),
    path("learn/amendments/", learn.amendments, name="learn-amendments"),
    path("learn/myths/", learn.myths, name="learn-myths"),
    path("learn/signals/", learn.signal_kinds, name="learn-signals"),
    path("learn/signals/<str:kind>/", learn.signal_kind, name="learn-signal"),
    path("learn/thresholds/", learn.thresholds, name="learn-thresholds"),
    path("learn/score/", learn.score, name="learn-score"),
    path("codes/", codes.codes, name="codes"),
    path("codes/<str:letter>/", codes.code, name="code"),
    path("search/", search.search, name="search"),
    path("screen/", screen.screen, name="screen"),
    path("screen/rows.csv", screen.screen_csv, name="screen-csv"),
    path("screen/feed.atom", screen.screen_feed, name="screen-feed"),
    path("issuers/<str:key>/", parties.issuer, name="issuer"),
    path("insiders/<str:cik>/", parties.insider, name="insider"),
    path("filings/<str:accession>/", filings.filing, name="filing"),
    path("filings/<str:accession>/document.txt", filings.kept_bytes, name="filing-document"),
]
