"""A person's own page: who they are here, and what they can change."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.views.outbox import may_read_outbox


@require_safe
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    verified = EmailAddress.objects.filter(user_id=request.user.pk, email=request.user.email, verified=True).exists()  # type: ignore[union-attr]
    return render(
        request, "accounts/account.html", {"verified": verified, "outbox_is_readable": may_read_outbox(request)}
    )
