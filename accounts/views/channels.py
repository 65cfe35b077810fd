"""/alerts/: how a person is told, what was sent, what went wrong. A stranger's channel is not there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.channel_forms import FORMS, EventsForm, ReplayForm, events_form
from accounts.models import Channel, ChannelKind, User
from accounts.selectors import deliveries
from accounts.services import channels, trying
from form4site.kit.pages import page_or_partial

LOG = "log"


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required stands before every caller
    return request.user


def own_channel(request: HttpRequest, uid: UUID) -> Channel:
    channel = deliveries.channel_of(person(request), uid)
    if channel is None:
        raise Http404
    return channel


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {"channels": list(deliveries.channels_of(user)), "unread": deliveries.unread(user)}
    return render(request, "alerts/home.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST if request.method == "POST" else None, user=person(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _open(request, kind, form.cleaned_data)
        except channels.ChannelRefused as refused:
            form.add_error("url" if "url" in form.fields else None, str(refused))
    status = 422 if form.is_bound else 200
    return render(request, "alerts/new.html", {"form": form, "kind": ChannelKind(kind)}, status=status)


def _open(request: HttpRequest, kind: str, given: dict[str, Any]) -> HttpResponse:
    user = person(request)
    if kind == ChannelKind.WEBHOOK:
        header = (given["header_name"], given["header_value"]) if given["header_name"] else None
        opened = channels.open_webhook(
            user=user, url=given["url"], event_types=given["event_types"], name=given["name"], auth_header=header
        )
        return render(request, "alerts/secret.html", {"channel": opened.channel, "secret": opened.secret, "made": True})
    if kind == ChannelKind.CHAT:
        channel = channels.open_chat(user=user, url=given["url"], name=given["name"])
    else:
        channel = channels.open_email(user=user, address=given["address"])
    messages.success(request, f"{channel.name} is a channel of yours now. Send a test to see that it arrives.")
    return redirect("alerts:channel", channel.uid)


@never_cache
@login_required
@require_safe
def channel(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _channel_page(request, own_channel(request, uid))


def _channel_page(
    request: HttpRequest, shown: Channel, *, replay: ReplayForm | None = None, events: EventsForm | None = None
) -> HttpResponse:
    before = request.GET.get("before", "")
    status = request.GET.get("status", "")
    status = status if status in deliveries.SHOWN_STATUSES else ""
    event = request.GET.get("event", "")[:40]
    key = int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None
    context: dict[str, object] = {
        "channel": shown,
        "reason": channels.REASONS.get(shown.stopped_reason or ""),
        "page": deliveries.log_of(shown, status=status, event=event, before=key),
        "first_page": key is None,
        "status": status,
        "event": event,
        "events_in": deliveries.events_in(shown),
        "statuses": list(deliveries.SHOWN_STATUSES),
        "replay_form": replay or ReplayForm(),
        "events_form": (events or events_form(shown)) if shown.kind == ChannelKind.WEBHOOK else None,
    }
    bound = replay is not None or events is not None
    return page_or_partial(
        request, "alerts/channel.html", {LOG: "alerts/_log.html"}, context, status=422 if bound else 200
    )


@never_cache
@login_required
@require_safe
def delivery(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = deliveries.delivery_of(person(request), uid)
    if shown is None:
        raise Http404
    payload = bytes(shown.payload).decode("utf-8", "replace")
    return render(request, "alerts/delivery.html", {"delivery": shown, "channel": shown.channel, "payload": payload})


@login_required
@require_POST
def test(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = own_channel(request, uid)
    try:
        tried = trying.try_out(channel=shown)
    except channels.ChannelRefused as refused:
        messages.warning(request, str(refused))
    else:
        if tried.delivered:
            messages.success(request, f"The test arrived, in {tried.took_ms} ms.")
        else:
            messages.error(request, f"The test did not arrive. {tried.words}")
    return redirect("alerts:channel", shown.uid)


@login_required
@require_POST
def pause(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = channels.pause(channel=own_channel(request, uid))
    messages.success(request, f"{shown.name} is paused. Nothing is sent to it until you resume it.")
    return redirect("alerts:channel", shown.uid)


@login_required
@require_POST
def resume(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = own_channel(request, uid)
    try:
        channels.resume(channel=shown)
    except channels.ChannelRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{shown.name} is in use again, from now on. What was missed can be replayed below.")
    return redirect("alerts:channel", shown.uid)


@login_required
@require_POST
def events(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = own_channel(request, uid)
    form = EventsForm(request.POST)
    if shown.kind != ChannelKind.WEBHOOK or not form.is_valid():
        return _channel_page(request, shown, events=form)
    channels.set_event_types(channel=shown, event_types=form.cleaned_data["event_types"])
    messages.success(request, "The events are changed.")
    return redirect("alerts:channel", shown.uid)


@never_cache
@login_required
@require_POST
def rotate(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = own_channel(request, uid)
    if shown.kind != ChannelKind.WEBHOOK:
        raise Http404
    return _new_secret(request, shown)


@reauthentication_required  # after it is known whose channel it is: to everybody else it is not there
def _new_secret(request: HttpRequest, shown: Channel) -> HttpResponse:
    secret = channels.rotate_secret(channel=shown)
    return render(request, "alerts/secret.html", {"channel": shown, "secret": secret, "made": False})


@login_required
@require_POST
def replay(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = own_channel(request, uid)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        return _channel_page(request, shown, replay=form)
    try:
        owed = channels.replay(channel=shown, since=form.since_at())
    except channels.ChannelRefused as refused:
        messages.warning(request, str(refused))
    else:
        if owed:
            messages.success(request, f"{owed} missed deliver{'y' if owed == 1 else 'ies'} will be sent now.")
        else:
            messages.info(request, "Nothing was missed since then.")
    return redirect("alerts:channel", shown.uid)


@login_required
@require_POST
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = own_channel(request, uid)
    channels.remove(channel=shown)
    messages.success(request, f"{shown.name} is removed, with its log.")
    return redirect("alerts:home")
