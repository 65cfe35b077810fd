"""What a browser is asked about passkeys, in the attribute that its script reads."""

from __future__ import annotations

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_json(options: dict[str, Any]) -> str:
    return json.dumps(options)
