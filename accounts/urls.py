"""The account pages that are ours; allauth's stand beside them under the same /account/."""

from __future__ import annotations

from django.urls import path

from accounts.mended import mend_passkeys
from accounts.views import account, keys, outbox

mend_passkeys()

app_name = "accounts"
urlpatterns = [
    path("", account.account, name="account"),
    path("sessions/", account.sessions, name="sessions"),
    path("sessions/<int:pk>/end/", account.session_end, name="session-end"),
    path("sessions/end-others/", account.sessions_end_others, name="sessions-end-others"),
    path("export/", account.everything, name="export"),
    path("delete/", account.delete, name="delete"),
    path("deleted/", account.deleted, name="deleted"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<uuid:uid>/revoke/", keys.revoke, name="key-revoke"),
    path("outbox/", outbox.outbox, name="outbox"),
]
