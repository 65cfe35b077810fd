"""Everything below /screens/: the screens that a person keeps."""

from __future__ import annotations

from django.urls import path

from accounts.views import follows, screens

app_name = "screens"
urlpatterns = [
    path("", screens.mine, name="mine"),
    path("new/", screens.new, name="new"),
    path("seen/", screens.seen, name="seen"),
    path("news/", screens.news, name="news"),
    path("import/", screens.from_list, name="import"),
    path("follow/<str:key>/<str:cik>/", follows.follow, name="follow"),
    path("shared/<str:token>/", screens.shared, name="shared"),
    path("<uuid:uid>/", screens.screen, name="screen"),
    path("<uuid:uid>/criteria/", screens.criteria, name="criteria"),
    path("<uuid:uid>/duplicate/", screens.duplicate, name="duplicate"),
    path("<uuid:uid>/pause/", screens.pause, name="pause"),
    path("<uuid:uid>/resume/", screens.resume, name="resume"),
    path("<uuid:uid>/remove/", screens.remove, name="remove"),
]
