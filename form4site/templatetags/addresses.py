"""`{% url %}` as Django's, which looks up an address that is always the same once: a page has five of them or ten.

Promises: whatever has a filter, an argument that varies or a name to be stored under is Django's own tag.
"""

from __future__ import annotations

from functools import cache

from django import template
from django.conf import settings
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as any_url
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape

register = template.Library()


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    node = any_url(parser, token)
    assert isinstance(node, URLNode)
    words = [node.view_name, *node.args]
    varies = node.kwargs or node.asvar or any(one.filters or not isinstance(one.var, str) for one in words)
    return node if varies else Fixed(*(str(one.var) for one in words))


class Fixed(template.Node):
    def __init__(self, name: str, *arguments: str) -> None:
        self._name, self._arguments = name, arguments

    def render(self, context: Context) -> str:
        urlconf = get_urlconf() or settings.ROOT_URLCONF
        found = _address(self._name, self._arguments, get_script_prefix(), urlconf)
        return conditional_escape(found) if context.autoescape else found


@cache
def _address(name: str, arguments: tuple[str, ...], prefix: str, urlconf: str) -> str:
    """`prefix` is what the server puts before each address."""
    return reverse(name, urlconf, arguments)
