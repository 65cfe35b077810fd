"""A person's own pages: who they are here, when their day is, where they are logged in, what is kept, and the end."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import LeaveForm, PreferencesForm
from accounts.selectors.sessions import sessions_of
from accounts.services import export, people
from accounts.services.leave import leave
from accounts.sessions import end_others
from accounts.visitors import person

forms_only = require_http_methods(["GET", "HEAD", "POST"])


@forms_only
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = PreferencesForm(request.POST or None, initial={"time_zone": user.time_zone, "digest_hour": user.digest_hour})
    if request.method == "POST" and form.is_valid():
        people.prefer(user=user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("accounts:account")
    context = {
        "form": form,
        "verified": EmailAddress.objects.filter(user_id=user.pk, email=user.email, verified=True).exists(),
        "now": timezone.now().astimezone(user.zone),
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    found = sessions_of(user=person(request), key=request.session.session_key)
    return render(request, "accounts/sessions.html", {"sessions": found})


@require_POST
@login_required
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user_id=person(request).pk)
    if session.session_key == request.session.session_key:
        get_adapter().logout(request)
        return redirect("account_login")
    session.end()
    messages.success(request, "That session is over.")
    return redirect("accounts:sessions")


@require_POST
@login_required
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    ended = end_others(user=person(request), kept=request.session.session_key)
    messages.success(request, f"{ended} other {'session is' if ended == 1 else 'sessions are'} over.")
    return redirect("accounts:sessions")


@require_safe
@never_cache
@login_required
@reauthentication_required
def everything(request: HttpRequest) -> HttpResponse:
    """All that is kept about the person, to take along."""
    answer = JsonResponse(export.everything(user=person(request)), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="form4site-my-data.json"'
    return answer


@forms_only
@never_cache
@login_required
@reauthentication_required
def delete(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = LeaveForm(request.POST or None, email=user.email)
    if request.method == "POST" and form.is_valid():
        email = user.email
        leave(user=user)
        logout(request)
        get_adapter().send_notification_mail("accounts/email/account_deleted", user, email=email)
        return redirect("accounts:deleted")
    return render(request, "accounts/delete.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/deleted.html")
