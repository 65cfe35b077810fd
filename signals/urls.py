"""The public pages, by resource."""

from __future__ import annotations

from django.urls import path

from signals.views import codes, filings, home, parties, search

app_name = "signals"
urlpatterns = [
    path("", home.home, name="home"),
    path("codes/", codes.codes, name="codes"),
    path("codes/<str:letter>/", codes.code, name="code"),
    path("search/", search.search, name="search"),
    path("issuers/<str:key>/", parties.issuer, name="issuer"),
    path("insiders/<str:cik>/", parties.insider, name="insider"),
    path("filings/<str:accession>/", filings.filing, name="filing"),
    path("filings/<str:accession>/document.txt", filings.kept_bytes, name="filing-document"),
]
