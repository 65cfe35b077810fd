"""`{% part "signals/_flag.html" box=box label="Late" %}`: see `form4site.kit.parts`."""

from __future__ import annotations

from django import template

from form4site.kit.parts import part

register = template.Library()
register.simple_tag(part)
