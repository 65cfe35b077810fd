"""The account pages that are ours; allauth's stand beside them under the same /account/."""

from __future__ import annotations

from django.urls import path

from accounts.views import account, outbox

app_name = "accounts"
urlpatterns = [
    path("", account.account, name="account"),
    path("outbox/", outbox.outbox, name="outbox"),
]
