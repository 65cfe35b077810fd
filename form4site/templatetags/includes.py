"""`{% include %}` as Django's, which looks for a template that is always the same once: a page has a dozen of them.

Promises: a template whose name varies, or that is being written (DEBUG), is Django's own tag.
"""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader_tags import IncludeNode, do_include
from django.utils.safestring import SafeString

register = template.Library()


@register.tag
def include(parser: Parser, token: Token) -> IncludeNode:
    node = do_include(parser, token)
    name = node.template
    varies = name.filters or not isinstance(name.var, str)
    if varies or settings.DEBUG:
        return node
    return Fixed(name, extra_context=node.extra_context, isolated_context=node.isolated_context)


class Fixed(IncludeNode):
    _found: template.Template | None = None

    def render(self, context: Context) -> SafeString:
        if self._found is None:
            assert context.template is not None  # a page is being made
            self._found = context.template.engine.get_template(self.template.var)
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        if self.isolated_context:
            return self._found.render(context.new(values))
        with context.push(**values):
            return self._found.render(context)
