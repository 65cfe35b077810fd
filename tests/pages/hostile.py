"""What somebody might file to break a page: 300 texts, and a document that has one of them in every field."""

from __future__ import annotations

from itertools import product

# What opens a way out of the place where a text stands ...
_WAYS = (
    "{}", '">{}', "'>{}", "-->{}", "]]>{}", "</title>{}", "</textarea>{}", "</script>{}", "</style>{}", "</td></tr>{}",
    "<!--{}", "%3C%22{}", "&lt;{}", '" autofocus {} x="', "`${{{}}}`",
)  # fmt: skip
# ... and what would then act. Each sets window.owned, which the browser tests look for.
_ACTS = (
    "<script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "<svg onload=window.owned=1>",
    "<iframe srcdoc='<script>parent.owned=1</script>'>",
    "<a href=javascript:window.owned=1>go</a>",
    "<style>body{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=//example.test>",
    "<base href=//example.test/>",
    "<form action=//example.test><input name=csrfmiddlewaretoken>",
    "<div hx-get=/ hx-trigger=load hx-on:load=window.owned=1>",
    "onmouseover=window.owned=1",
    "onfocus=window.owned=1 tabindex=0",
    "style=position:fixed;inset:0",
    "{{ 7|add:7 }}{% load static %}{% debug %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "<button popover popovertarget=main>",
    "<input value=",
    "<plaintext>",
    "\u202egnihton\u202c",
    "\u2066<b>\u2069",
)
LONG = "W" * 300
ALL = [*(way.format(act) for way, act in product(_WAYS, _ACTS)), LONG, "<" * 300, "السهم " * 40, "\u0300" * 60, "&amp;"]
# One of every act and every way, for the tests that are slow.
SOME = [_WAYS[place % len(_WAYS)].format(act) for place, act in enumerate(_ACTS)] + ALL[-5:]
