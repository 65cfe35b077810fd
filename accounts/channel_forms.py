"""The forms by which a person says how they are told. What a URL may be is the gate's to say, not theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django import forms

from accounts.delivery.gate import LONGEST_URL
from accounts.models import Channel, ChannelKind, User
from accounts.services.channels import EVENT_TYPES

EVENT_WORDS = {
    "TransactionFiled": "Every filing with transactions, as it is read",
    "ClusterBuy": "Three or more insiders of a company bought",
    "ClusterSell": "Three or more insiders of a company sold",
    "FilingAmended": "A filing was amended",
    "SignalRaised": "Any signal was raised",
    "ScreenMatched": "One of your saved screens matched",
}


class EmailForm(forms.Form):
    address = forms.ChoiceField(label="Address", help_text="Only addresses that you have confirmed.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "email")
        chosen = [(found.email, found.email) for found in confirmed]
        self.fields["address"] = forms.ChoiceField(
            label="Address", choices=chosen, help_text="Only addresses that you have confirmed."
        )


class ChatForm(forms.Form):
    url = forms.CharField(
        label="URL of the room’s incoming webhook",
        max_length=LONGEST_URL,
        help_text="From Slack, Discord, or a room that takes Slack’s form, such as Mattermost or Google Chat.",
    )
    name = forms.CharField(label="Name", max_length=80, required=False, help_text="What you call it here. Optional.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class WebhookForm(ChatForm):
    event_types = forms.MultipleChoiceField(
        label="Events",
        choices=[(event, f"{event}: {EVENT_WORDS[event]}") for event in EVENT_TYPES],
        widget=forms.CheckboxSelectMultiple,
        initial=["ScreenMatched"],
    )
    header_name = forms.CharField(
        label="Header of your own", max_length=64, required=False, help_text="Such as Authorization. Optional."
    )
    header_value = forms.CharField(
        label="Its value", max_length=1000, required=False, help_text="Kept encrypted, and never shown again."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].label = "URL"
        self.fields["url"].help_text = "https, on the public internet. We POST JSON to it, signed."
        self.order_fields(["url", "name", "event_types", "header_name", "header_value"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("header_name")) != bool(given.get("header_value")):
            self.add_error("header_value", "Give both the header and its value, or neither.")
        return given


class EventsForm(forms.Form):
    event_types = forms.MultipleChoiceField(
        label="It is told of",
        choices=[(event, f"{event}: {EVENT_WORDS[event]}") for event in EVENT_TYPES],
        widget=forms.CheckboxSelectMultiple,
    )


class ReplayForm(forms.Form):
    since = forms.DateTimeField(
        label="Send what was missed since (UTC)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )

    def since_at(self) -> datetime:
        since: datetime = self.cleaned_data["since"]
        return since if since.tzinfo else since.replace(tzinfo=UTC)


FORMS: dict[str, type[EmailForm] | type[ChatForm]] = {
    ChannelKind.EMAIL: EmailForm,
    ChannelKind.CHAT: ChatForm,
    ChannelKind.WEBHOOK: WebhookForm,
}


def events_form(channel: Channel) -> EventsForm:
    return EventsForm(initial={"event_types": channel.event_types})
