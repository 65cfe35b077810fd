"""Every address of the site, by app."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from form4site import metrics, views
from form4site.api import site as api_site
from form4site.api.v1 import api, nothing_there
from form4site.backlog import queues_of_people
from signals.views import operations

to_security = RedirectView.as_view(pattern_name="mfa_index", permanent=False)

urlpatterns = [
    path("", include("signals.urls")),
    path("account/", include("accounts.urls")),
    path("alerts/", include("accounts.alert_urls")),
    path("screens/", include("accounts.screen_urls")),
    path("account/", include("allauth.account.urls")),
    # The list of passkeys stands on the security page; allauth leads to its own after a change.
    path("account/security/webauthn/", login_required(to_security), name="mfa_list_webauthn"),
    path("account/security/", include("allauth.mfa.urls")),
    path("ops/", operations.operations, {"beside": queues_of_people}, name="ops"),
    path("ops/retry/<str:accession>/", operations.retry, name="ops-retry"),
    path("ops/received/<str:accession>.txt", operations.received, name="ops-received"),
    path("metrics", metrics.metrics, name="metrics"),
    path("gallery/", views.gallery, name="gallery"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("v1/openapi.json", api_site.openapi, name="api-openapi"),
    path("v1/", api.urls),
    re_path(r"^v1/(?P<path>.*)$", nothing_there, name="api-nothing"),
    path("health/live", api_site.live, name="health-live"),
    path("health/ready", api_site.ready, name="health-ready"),
    path("health/ingestion", api_site.ingestion, name="health-ingestion"),
    path("api/docs", api_site.docs, name="api-docs"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error
