"""Whether a page may lead to the outbox, where it says that a mail was sent."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.views.outbox import may_read_outbox

register = template.Library()


@register.simple_tag(takes_context=True)
def outbox_is_readable(context: dict[str, Any]) -> bool:
    return may_read_outbox(context["request"])
