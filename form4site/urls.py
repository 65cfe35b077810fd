"""Every address of the site, by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("signals.urls")),
]
