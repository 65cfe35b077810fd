"""How a screen is kept: its name and how often it tells. What it asks is read by `signals.forms`, as everywhere."""

from __future__ import annotations

from django import forms

from accounts.models import Cadence
from accounts.models.saved_screen import SavedScreen


class KeepForm(forms.ModelForm):
    class Meta:
        model = SavedScreen
        fields = ("name", "cadence")
        labels = {"cadence": "Tell me"}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["cadence"].widget = forms.RadioSelect(choices=Cadence.choices)


class ListForm(forms.Form):
    name = forms.CharField(max_length=120, initial="My list")
    companies = forms.CharField(
        label="Symbols, CIKs or names",
        help_text="One a line, or with commas or spaces between symbols; at most 500.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
