"""The matrix can fail: views with one fault each, over an e-mail address as the object, and the check that sees it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.views.decorators.http import require_http_methods

from accounts.models import User
from tests.access import objects
from tests.access.policies import OBJECT, OWN, PUBLIC, STAFF, Route
from tests.access.test_matrix import cast, check_object, check_own, check_public, check_staff  # noqa: F401

pytestmark = [pytest.mark.db_and_celery, pytest.mark.urls(__name__), pytest.mark.slow]


def mine(request: HttpRequest, email: str) -> EmailAddress:
    return get_object_or_404(EmailAddress, user=request.user, email=email)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sound(request: HttpRequest, email: str) -> HttpResponse:
    found = mine(request, email)
    if request.method == "POST":
        found.delete()
    return HttpResponse(found.email)


@login_required
def open_to_strangers(request: HttpRequest, email: str) -> HttpResponse:
    return HttpResponse(get_object_or_404(EmailAddress, email=email).email)


@login_required
def refusing_aloud(request: HttpRequest, email: str) -> HttpResponse:
    if EmailAddress.objects.filter(email=email).exclude(user=request.user).exists():
        return HttpResponse("not yours", status=403)
    return HttpResponse(mine(request, email).email)


@login_required
def telling_in_a_sentence(request: HttpRequest, email: str) -> HttpResponse:
    if EmailAddress.objects.filter(email=email).exclude(user=request.user).exists():
        raise Http404("It is not yours.")
    return HttpResponse(mine(request, email).email)


@login_required
def writing_before_it_asks(request: HttpRequest, email: str) -> HttpResponse:
    EmailAddress.objects.filter(email=email).update(verified=False)
    return HttpResponse(mine(request, email).email)


def open_to_anonymous(request: HttpRequest, email: str) -> HttpResponse:
    return HttpResponse(get_object_or_404(EmailAddress, email=email).email)


def greeting(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Welcome {request.user}")


@login_required
def everybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(User.objects.values_list("email", flat=True)))


FAULTY = (open_to_strangers, refusing_aloud, telling_in_a_sentence, writing_before_it_asks, open_to_anonymous)
urlpatterns = [
    *(path(f"{view.__name__}/<str:email>/", view, name=view.__name__) for view in (sound, *FAULTY)),
    path("greeting/", greeting, name="greeting"),
    path("everybody/", everybody, name="everybody"),
    path("", include("form4site.urls")),
]
from form4site.urls import handler400, handler403, handler404, handler500  # noqa: E402, F401


def an_address(owner: User) -> objects.Owned:
    email = f"{uuid4().hex}@example.test"
    EmailAddress.objects.create(user=owner, email=email, verified=True)
    return objects.Owned({"email": email}, {"email": f"{uuid4().hex}@example.test"})


@pytest.fixture(autouse=True)
def addresses_are_objects(monkeypatch):
    monkeypatch.setitem(objects.OBJECTS, "address", an_address)


def test_a_sound_view_passes(cast):  # noqa: F811
    check_object("sound", Route(OBJECT, "GET POST", of="address"), cast)


@pytest.mark.parametrize("view", FAULTY, ids=lambda view: view.__name__)
def test_a_faulty_view_is_seen(view, cast):  # noqa: F811
    with pytest.raises(AssertionError):
        check_object(view.__name__, Route(OBJECT, "GET POST", of="address"), cast)


def test_a_public_page_that_knows_who_reads_it_is_seen(cast):  # noqa: F811
    with pytest.raises(AssertionError, match="differs by person"):
        check_public("greeting", Route(PUBLIC), cast)


def test_a_page_of_ones_own_that_shows_others_is_seen(cast):  # noqa: F811
    with pytest.raises(AssertionError):
        check_own("everybody", Route(OWN, "GET POST"), cast)


def test_a_staff_page_that_only_asks_for_a_log_in_is_seen(cast):  # noqa: F811
    with pytest.raises(AssertionError):
        check_staff("everybody", Route(STAFF), cast)
