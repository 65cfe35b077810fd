"""Parts of public pages that belong to a person: strangers have none, and a button leads them to the log-in."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from form4site.kit.visitors import View


def asked_of_strangers(view: View) -> View:
    """Asks strangers to log in, unless it is a page that asks for its part: what it shows then stays as it is.

    What is sent from such a part comes from somebody whose session has ended since: the page goes to the log-in.
    """
    guarded = login_required(view)

    @wraps(view)
    def part(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.htmx and not request.user.is_authenticated:  # type: ignore[attr-defined]
            nothing = HttpResponse(status=204)
            if request.method == "POST":
                nothing["HX-Redirect"] = redirect_to_login(request.get_full_path()).url
            return nothing
        return guarded(request, *args, **named)

    return part
