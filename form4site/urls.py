"""Every address of the site, by app."""

from __future__ import annotations

from django.urls import include, path

from form4site import metrics, views
from signals.views import operations

urlpatterns = [
    path("", include("signals.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("ops/", operations.operations, name="ops"),
    path("ops/retry/<str:accession>/", operations.retry, name="ops-retry"),
    path("ops/received/<str:accession>.txt", operations.received, name="ops-received"),
    path("metrics", metrics.metrics, name="metrics"),
    path("gallery/", views.gallery, name="gallery"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error
