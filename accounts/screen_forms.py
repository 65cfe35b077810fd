"""How a screen is kept: its name, how often and where it tells. What it asks is read by `signals.forms`, as always."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import Cadence, SavedScreen, User
from accounts.services import ways


class KeepForm(forms.ModelForm):
    tells = forms.MultipleChoiceField(
        label="Beside the inbox, tell",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = SavedScreen
        fields = ("name", "cadence")
        labels = {"cadence": "Tell me"}

    def __init__(self, *args: object, owner: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.owner = owner
        self.fields["cadence"].widget = forms.RadioSelect(choices=Cadence.choices)
        self.fields["cadence"].help_text = format_html(
            'Digests come at {}:00 by the clock of {}, the weekly ones on Mondays. <a href="{}">Change that</a>',
            f"{owner.digest_hour:02}",
            owner.time_zone.replace("_", " "),
            reverse("accounts:account"),
        )
        kept = self.instance.tells
        self.initial["tells"] = ways.usual(owner) if kept is None else [str(uid) for uid in kept]
        possible = ways.choices(owner)
        self.fields["tells"].choices = possible  # type: ignore[attr-defined]
        if not possible:
            del self.fields["tells"]

    def chosen(self) -> list[UUID] | None:
        """The channels to tell, as they are stored."""
        return ways.chosen(self.owner, self.cleaned_data["tells"]) if "tells" in self.fields else None


class ListForm(forms.Form):
    name = forms.CharField(max_length=120, initial="My list")
    companies = forms.CharField(
        label="Symbols, CIKs or names",
        help_text="One a line, or with commas or spaces between symbols; at most 500.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
