"""Everything below /alerts/: channels, what was sent through them, and the inbox."""

from __future__ import annotations

from django.urls import path

from accounts.views import channels, inbox, unsubscribe

app_name = "alerts"
urlpatterns = [
    path("", channels.home, name="home"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/unread/", inbox.unread, name="inbox-unread"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/<uuid:uid>/read/", inbox.read, name="inbox-read"),
    path("channels/new/<str:kind>/", channels.new, name="channel-new"),
    path("channels/<uuid:uid>/", channels.channel, name="channel"),
    path("channels/<uuid:uid>/test/", channels.test, name="channel-test"),
    path("channels/<uuid:uid>/pause/", channels.pause, name="channel-pause"),
    path("channels/<uuid:uid>/resume/", channels.resume, name="channel-resume"),
    path("channels/<uuid:uid>/events/", channels.events, name="channel-events"),
    path("channels/<uuid:uid>/rotate/", channels.rotate, name="channel-rotate"),
    path("channels/<uuid:uid>/replay/", channels.replay, name="channel-replay"),
    path("channels/<uuid:uid>/remove/", channels.remove, name="channel-remove"),
    path("deliveries/<uuid:uid>/", channels.delivery, name="delivery"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
