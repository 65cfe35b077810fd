"""/account/outbox/: the mails of a site that has no mail server, for the person at its own machine.

Whoever reads it can take over every account here, by a reset link. So it exists only while mail goes to the folder and
the database is the embedded one, and only for a browser on this machine, or for staff; to everyone else it is a 404.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from accounts.delivery import folder
from form4site.kit.visitors import at_own_machine, is_proven_staff, staff_only


def may_read_outbox(request: HttpRequest) -> bool:
    if settings.MAIL_FOLDER is None or settings.DATABASE_URL:
        return False
    return at_own_machine(request) or is_proven_staff(request)


@csrf_exempt  # asked before the method and the token are: both would tell that it is here
def outbox(request: HttpRequest) -> HttpResponse:
    if settings.MAIL_FOLDER is None or settings.DATABASE_URL:
        raise Http404
    return _answer(request) if at_own_machine(request) else _answer_to_staff(request)


@never_cache
@require_safe
def _answer(request: HttpRequest) -> HttpResponse:
    mails = folder.messages(Path(str(settings.MAIL_FOLDER)))
    return render(request, "accounts/outbox.html", {"mails": mails, "folder": settings.MAIL_FOLDER})


_answer_to_staff = staff_only(_answer)
