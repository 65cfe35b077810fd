"""/screens/: the screens that a person keeps. A stranger's screen is not there."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Pause, SavedScreen
from accounts.screen_forms import KeepForm, ListForm
from accounts.selectors import screens as kept
from accounts.services import screens
from accounts.views.channels import person
from accounts.views.parts import asked_of_strangers
from form4site.kit.pages import page_or_partial
from signals.criteria import EVERYTHING, BadCriteria
from signals.criteria_words import in_a_sentence
from signals.forms import ScreenForm, issuers_by_words, names_of

FORM_METHODS = ["GET", "HEAD", "POST"]


def own_screen(request: HttpRequest, uid: UUID) -> SavedScreen:
    found = kept.screen_of(person(request), uid)
    if found is None:
        raise Http404
    return found


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {"screens": kept.mine(user), "news": kept.news(user), "list_form": ListForm()}
    return render(request, "screens/mine.html", context)


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """The criteria stand in the address, as on the page they come from."""
    asked = ScreenForm(request.GET)
    if asked.criteria is None:
        return redirect(f"{reverse('signals:screen')}?{request.GET.urlencode()}")
    words = in_a_sentence(asked.criteria, asked.names)
    user = person(request)
    form = KeepForm(request.POST or None, owner=user, initial={"name": words.rstrip(".")[:120]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = screens.save(
                owner=user,
                name=given["name"],
                criteria=asked.criteria,
                cadence=given["cadence"],
                tells=form.chosen(),
            )
        except screens.ScreenRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Saved. You are told of what becomes known from now on.")
            return redirect("screens:screen", made.uid)
    context = {"form": form, "words": words, "look_back": kept.look_back(asked.criteria), "query": asked.criteria.query}
    return render(request, "screens/new.html", context, status=422 if form.is_bound else 200)


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def screen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One screen with what it told; by POST, another name, cadence or other channels."""
    found = own_screen(request, uid)
    typed = SavedScreen(name=found.name, cadence=found.cadence, tells=found.tells)
    form = KeepForm(request.POST or None, owner=found.user, instance=typed)
    if request.method == "POST" and form.is_valid():
        screens.change(screen=found, name=form.cleaned_data["name"], cadence=form.cleaned_data["cadence"])
        screens.set_channels(screen=found, tells=form.chosen())
        messages.success(request, "Changed.")
        return redirect("screens:screen", uid)
    asked = screens.criteria_of(found)
    matches = kept.latest(found)
    context = {
        "screen": found,
        "form": form,
        "words": in_a_sentence(asked, names_of(asked)) if asked else None,
        "matches": matches[: kept.LATEST],
        "has_more": len(matches) > kept.LATEST,
        "share": request.build_absolute_uri(reverse("screens:shared", args=[found.shared_as])),
        "change": _panel(found.query, uid),
    }
    return render(request, "screens/screen.html", context, status=422 if form.is_bound else 200)


@never_cache
@asked_of_strangers
@require_http_methods(FORM_METHODS)
def criteria(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a kept screen asks is changed where every screen is built, on a page that knows nobody: this is its part
    there, and a page of its own without script. The criteria stand in the address; by POST they are the screen's."""
    found = own_screen(request, uid)
    asked = ScreenForm(request.GET)
    if asked.criteria is None:
        return redirect(_panel(request.GET.urlencode(), uid))
    if request.method == "POST":
        screens.change(screen=found, criteria=asked.criteria)
        messages.success(request, "Changed. It tells of what becomes known from now on.")
        return redirect("screens:screen", uid)
    query = asked.criteria.query
    context = {
        "screen": found,
        "words": in_a_sentence(asked.criteria, asked.names),
        "query": query,
        "changed": query != found.query or found.paused == Pause.UNREADABLE,
        "back": _panel(query, uid),
    }
    return page_or_partial(request, "screens/criteria.html", {"changing": "screens/_criteria.html"}, context)


def _panel(query: str, uid: UUID) -> str:
    """Where criteria are changed, for this screen."""
    return f"{reverse('signals:screen')}?{query}{'&' if query else ''}changing={uid}"


@login_required
@require_POST
def duplicate(request: HttpRequest, uid: UUID) -> HttpResponse:
    try:
        made = screens.duplicate(screen=own_screen(request, uid))
    except (screens.ScreenRefused, BadCriteria) as refused:
        messages.error(request, str(refused))
        return redirect("screens:screen", uid)
    return redirect("screens:screen", made.uid)


@login_required
@require_POST
def pause(request: HttpRequest, uid: UUID) -> HttpResponse:
    screens.pause(screen=own_screen(request, uid))
    return redirect("screens:screen", uid)


@login_required
@require_POST
def resume(request: HttpRequest, uid: UUID) -> HttpResponse:
    try:
        screens.resume(screen=own_screen(request, uid))
    except BadCriteria:
        messages.error(request, "Its criteria can be read no more: give it others first.")
    return redirect("screens:screen", uid)


@login_required
@require_POST
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    screens.remove(screen=own_screen(request, uid))
    messages.success(request, "Removed, with what it had found.")
    return redirect("screens:mine")


@login_required
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    screens.mark_seen(user=person(request))
    return redirect("screens:mine")


@never_cache
@asked_of_strangers
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What is new for this person, as a part of pages that are the same for everybody."""
    return render(request, "screens/_news.html", {"number": kept.news(person(request))})


@login_required
@require_POST
def from_list(request: HttpRequest) -> HttpResponse:
    """One screen of all trades of the companies in a list."""
    form = ListForm(request.POST)
    user = person(request)
    if form.is_valid():
        try:
            ciks = issuers_by_words([form.cleaned_data["companies"]])
            criteria = EVERYTHING.having(issuer=",".join(ciks))
            made = screens.save(owner=user, name=form.cleaned_data["name"], criteria=criteria)
        except (BadCriteria, screens.ScreenRefused, ValueError) as error:
            form.add_error("companies", str(error))
        else:
            return redirect("screens:screen", made.uid)
    context = {"screens": kept.mine(user), "news": kept.news(user), "list_form": form}
    return render(request, "screens/mine.html", context, status=422)


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link sees what the screen asks: its criteria, and nothing of its owner."""
    found = kept.shared(token)
    if found is None:
        raise Http404
    return redirect(f"{reverse('signals:screen')}?{found.query}")
