"""/account/keys/: the keys of a person's programs: made and shown once, what they did, and ended for good.

To make one, one proves again who one is: a browser left open must not hand out keys.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Scope
from accounts.services import keys as service
from accounts.views.channels import person

LASTS = {"": "until it is revoked", "30": "30 days", "90": "90 days", "365": "a year"}


class KeyForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, help_text="What it is for, so that you know it later.")
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(scope.value, f"{scope.value}: {scope.label}") for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
    )
    lasts = forms.ChoiceField(label="Valid", choices=list(LASTS.items()), required=False)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def keys(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        ends = timezone.now() + timedelta(days=int(given["lasts"])) if given["lasts"] else None
        try:
            made = service.make(user=person(request), name=given["name"], scopes=given["scopes"], expires_at=ends)
        except service.KeyRefused as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "accounts/key_made.html", {"key": made.key, "secret": made.secret})
    return render(request, "accounts/keys.html", _page(request, form), status=422 if form.is_bound else 200)


def _page(request: HttpRequest, form: KeyForm) -> dict[str, Any]:
    now = timezone.now()
    listed = list(service.keys_of(person(request)))
    days = service.usage_of(listed)
    return {
        "form": form,
        "keys": [key for key in listed if not key.revoked_at and not (key.expires_at and key.expires_at <= now)],
        "ended": [key for key in listed if key.revoked_at or (key.expires_at and key.expires_at <= now)],
        "days": [day for day in days if day.calls or day.refused],
        "total": sum(day.calls for day in days),
        "per_minute": settings.API_CALLS_PER_MINUTE,
        "per_day": settings.API_CALLS_PER_DAY,
    }


@login_required
@require_POST
def revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    key = service.keys_of(person(request)).filter(uid=uid).first()
    if key is None:
        raise Http404
    service.revoke(key=key)
    messages.success(request, f"{key.name} ({key.prefix}…) is revoked. Programs that use it are refused from now on.")
    return redirect("accounts:keys")
