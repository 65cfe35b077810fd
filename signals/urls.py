"""The public pages, by resource."""

from __future__ import annotations

from django.urls import path

from signals.views import filings, home

app_name = "signals"
urlpatterns = [
    path("", home.home, name="home"),
    path("filings/<str:accession>/", filings.filing, name="filing"),
    path("filings/<str:accession>/document.txt", filings.kept_bytes, name="filing-document"),
]
