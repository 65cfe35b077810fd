"""The forms of the account pages: allauth's, with our words, and safe where two people meet.

One password field everywhere: a typing error costs one mail, a second field costs everybody.
"""

from __future__ import annotations

import time
from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as allauth
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

LONGEST_ADDRESS = 254  # as in the database; allauth would cut a longer one off and go on with the rest
LONGEST_PASSWORD = 256  # characters; nobody needs more, and hashing a book is work
LONGEST_CODE = 20
LONGEST_NAME = 60
MOST_PASSKEYS = 20
NEW_PASSWORD = "At least 12 characters. Three or four unrelated words are good; a password used elsewhere is not."
LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "Current password",
    "password1": "New password",
    "code": "Code",
}


class OurWords(forms.Form):
    """Labels instead of placeholders, one password field, and a bound on what is hashed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.help_text = NEW_PASSWORD if name == "password1" else ""
                self._bound(field, LONGEST_PASSWORD)
            elif isinstance(field, forms.EmailField):
                self._bound(field, LONGEST_ADDRESS)

    @staticmethod
    def _bound(field: forms.Field, longest: int) -> None:
        field.widget.attrs["maxlength"] = str(longest)
        field.validators.append(MaxLengthValidator(longest))


class LoginForm(OurWords, allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(OurWords, allauth.SignupForm):
    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Password"

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """A new user, or the same answer after the same work when the address is taken, be it a moment ago."""
        request.signup_began = time.monotonic()  # type: ignore[attr-defined]
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # another sign-up with this address was quicker
            self.account_already_exists = True
            return super().try_save(request)


class NewAddressForm(OurWords, allauth.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New e-mail address"


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(OurWords, allauth.SetPasswordForm):
    pass


class ResetPasswordForm(OurWords, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):
    pass


class AddressCodeForm(OurWords, allauth.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Eight letters, with or without the dash."


class ReauthenticateForm(OurWords, allauth.ReauthenticateForm):
    pass


class SecondFactorForm(OurWords, mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "From your app, or one of your recovery codes."
        self._bound(self.fields["code"], LONGEST_CODE)


class SecondFactorAgainForm(OurWords, mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "From your app, or one of your recovery codes."
        self._bound(self.fields["code"], LONGEST_CODE)


class AppForm(OurWords, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "The six digits that the app shows now"
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
        self._bound(self.fields["code"], LONGEST_CODE)


class PasskeyForm(OurWords, webauthn.AddWebAuthnForm):
    """A passkey always opens the account by itself: the device asks for a finger, a face or a PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"].label = "Its name"
        self.fields["name"].help_text = "For you to tell it from others: where it is kept, for example."
        self._bound(self.fields["name"], LONGEST_NAME)

    def clean(self) -> dict[str, Any]:
        if Authenticator.objects.filter(user_id=self.user.pk).count() >= MOST_PASSKEYS:
            raise forms.ValidationError("These are enough passkeys. Remove one before you add another.")
        if not isinstance(self.cleaned_data.get("credential"), dict):  # allauth would keep a 0 unread
            raise forms.ValidationError("Nothing came from the device. Try again.")
        # Said before allauth looks, so that it asks whether the device saw a finger, a face or a PIN.
        self.cleaned_data["passwordless"] = True
        super().clean()
        return self.cleaned_data


class PasskeyNameForm(OurWords, webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Its name"
        self._bound(self.fields["name"], LONGEST_NAME)


def _zones() -> list[tuple[str, str]]:
    """The zones of the world by their usual names, without the old and the technical ones."""
    regions = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    named = sorted(zone for zone in available_timezones() if zone.partition("/")[0] in regions and "/" in zone)
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named)]


class PreferencesForm(forms.Form):
    """When a day ends for somebody, and when in it a digest comes."""

    time_zone = forms.ChoiceField(label="Time zone", choices=_zones, help_text="Days and digests follow its clock.")
    digest_hour = forms.TypedChoiceField(
        label="Daily and weekly digests come at",
        help_text="The weekly ones on Mondays.",
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
    )


class LeaveForm(forms.Form):
    email = forms.EmailField(label="Type your e-mail address to confirm", max_length=LONGEST_ADDRESS)

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = email
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if email != self.own:
            raise forms.ValidationError("This is not the address of this account.")
        return email
