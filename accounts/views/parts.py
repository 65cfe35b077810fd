"""Parts of public pages that belong to a person: for strangers there are none."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from form4site.kit.visitors import View


def asked_of_strangers(view: View) -> View:
    """Asks strangers to log in, unless it is a page that asks for its part: what it shows then stays as it is."""
    guarded = login_required(view)

    @wraps(view)
    def part(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.htmx and not request.user.is_authenticated:  # type: ignore[attr-defined]
            return HttpResponse(status=204)
        return guarded(request, *args, **named)

    return part
