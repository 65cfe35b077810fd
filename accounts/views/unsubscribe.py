"""/alerts/unsubscribe/TOKEN/: no more mails to this address, for whoever has one of them; no log-in is asked for.

A scanner that opens the link changes nothing: only a POST unsubscribes, be it the button's or the mail program's
one-click (RFC 8058), which brings no session and no token of a form.
"""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.delivery.email import UNSUBSCRIBE_SALT
from accounts.models import Channel, ChannelKind
from accounts.services import channels


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    channel = _named(token)
    if request.method == "POST":
        channel = channels.stop(channel=channel, reason="unsubscribed")
    return render(request, "alerts/unsubscribe.html", {"stopped": not channel.is_active})


def _named(token: str) -> Channel:
    try:
        uid = UUID(hex=signing.Signer(salt=UNSUBSCRIBE_SALT).unsign(token))
        return Channel.objects.get(uid=uid, kind=ChannelKind.EMAIL)
    except (signing.BadSignature, ValueError, Channel.DoesNotExist):
        raise Http404 from None
