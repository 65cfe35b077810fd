"""Where django-allauth asks us: how mails are made, what counts as one log-in, what an address may be.

Promises: links in mails begin with BASE_URL, whatever Host a request named; a mail that cannot be sent is logged and
told, not a broken page; guesses at one account are counted together, under whichever of our names they came.
"""

from __future__ import annotations

import logging
import re
import smtplib
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts import known_browsers
from accounts.selectors.sessions import browser_words

log = logging.getLogger(__name__)
# One slash, then anything printable but what browsers make a slash of, or leave out: \, spaces, control characters.
OWN_PATH = re.compile(r"/(?![/\\])[!#-\[\]-~]*", re.ASCII)


def absolute(path: str) -> str:
    """The full address of a path of this site, for a mail."""
    return f"{settings.BASE_URL}{path}"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "email_password_mismatch": "The e-mail address and the password do not belong together. Check both.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, or set a new password by mail.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "incorrect_code": "This is not the code we sent last. Check the newest mail.",
        "invalid_password_reset": "This link is no longer valid.",
        "email_taken": "Another account has this address.",
        "duplicate_email": "This is your address already.",
        "rate_limited": "A mail has just gone out. Wait a little before you ask for another.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        links = {
            "site_url": settings.BASE_URL,
            "signup_url": absolute(reverse("account_signup")),
            "login_url": absolute(reverse("account_login")),
            # The link to the form; the mail with a reset key brings its own.
            "password_reset_url": absolute(reverse("account_reset_password")),
            "security_url": absolute(reverse("mfa_index")),
            "sessions_url": absolute(reverse("accounts:sessions")),
        }
        message = self.render_mail(template_prefix, email, {**links, **self._own_links(context), "email": email})
        try:
            message.send()
        except (OSError, smtplib.SMTPException):
            log.exception("A mail (%s) could not be sent", template_prefix)
            if self.request is not None:
                messages.error(self.request, "The mail could not be sent just now. Try again in a few minutes.")

    @staticmethod
    def _own_links(context: dict[str, Any]) -> dict[str, Any]:
        """What allauth gives a mail, without the links that it made from the Host header."""
        kept = {name: value for name, value in context.items() if not name.endswith("_url")}
        if "uid" in context and "key" in context:
            path = reverse("account_reset_password_from_key", kwargs={"uidb36": context["uid"], "key": context["key"]})
            kept["password_reset_url"] = absolute(path)
        return kept

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def clean_email(self, email: str) -> str:
        """Refuses look-alikes of plain letters before the @: no two systems agree on their lower case."""
        if not email.rpartition("@")[0].isascii():
            raise ValidationError("Before the @ only plain letters, digits and signs can be used.", code="invalid")
        return email

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Marks an address as its user's own, unless another account has it by now; all of it or nothing."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:  # it was taken while the code was on its way
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False

    def respond_email_verification_sent(self, request: HttpRequest, user: Any) -> HttpResponseBase:
        """The end of every sign-up, of a new address or a known one: not before SIGNUP_SECONDS are over."""
        began = getattr(request, "signup_began", None)
        if began is not None:
            time.sleep(max(0.0, began + settings.SIGNUP_SECONDS - time.monotonic()))
        return super().respond_email_verification_sent(request, user)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether `next` leads to a page of ours: a plain path, which no browser reads as another host."""
        return bool(url and OWN_PATH.fullmatch(url)) and super().is_safe_url(url)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def is_ajax(self, request: HttpRequest) -> bool:
        """One kind of answer: pages. allauth's JSON answers would be a second, untested surface.

        But for what a browser must know to log in by passkey, which its script asks for.
        """
        match = request.resolver_match
        return request.method == "GET" and match is not None and match.view_name == "mfa_login_webauthn"

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ways to show once more who one is; a passkey first, where there is one: it is the quickest and the surest."""
        words = {"reauthenticate": "Use your password", "mfa_reauthenticate": "Use a code from your app or list"}
        ways = super().get_reauthentication_methods(user)
        return [{**way, "description": words.get(way["id"], "Use a passkey")} for way in ways]

    def post_login(self, request: HttpRequest, user: Any, **named: Any) -> HttpResponseBase:
        """Tells the person by mail when the browser is one that was not seen with this account before."""
        response = super().post_login(request, user, **named)
        if not known_browsers.is_known(request, user):
            if not named.get("signup"):
                browser = browser_words(self.get_http_user_agent(request))
                self.send_notification_mail("accounts/email/new_browser", user, {"browser": browser})
            known_browsers.remember(request, user, response)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts per Host header, port included: each spelling of our name would allow five more guesses.
        return str(credentials.get("email", "")).lower()
