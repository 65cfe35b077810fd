"""The forms of the account pages: allauth's, with our words, and safe where two people meet.

One password field everywhere: a typing error costs one mail, a second field costs everybody.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

LONGEST_ADDRESS = 254  # as in the database; allauth would cut a longer one off and go on with the rest
LONGEST_PASSWORD = 256  # characters; nobody needs more, and hashing a book is work
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
