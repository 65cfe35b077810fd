"""How instants are printed: in UTC to the minute, the second in the title, so that a page may be kept for a while."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

register = template.Library()


@register.filter
def moment(instant: datetime) -> SafeString:
    at = instant.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{} UTC</time>',
        at.isoformat(timespec="seconds"),
        f"{at:%Y-%m-%d %H:%M:%S}",
        f"{at.day} {at:%b %Y, %H:%M}",
    )


@register.filter
def instant(at: datetime) -> SafeString:
    """In UTC to the minute, with its month in full."""
    utc = at.astimezone(UTC)
    return format_html('<time datetime="{}">{} UTC</time>', utc.isoformat(), f"{utc.day} {utc:%B %Y %H:%M}")


@register.filter
def ago(instant: datetime, now: datetime) -> str:
    """How long before `now`, in seconds below two minutes. Only for pages that nobody keeps."""
    seconds = max(int((now - instant).total_seconds()), 0)
    return f"{seconds} s ago" if seconds < 120 else f"{timesince(instant, now, depth=1)} ago"
