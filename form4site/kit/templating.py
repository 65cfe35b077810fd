"""Django's templates, whose contexts let go of what they were given as soon as a page is made.

A context and the layers that are pushed on it hold each other, and the context of a request keeps two of them. So all
that a page was made of stayed in memory until Python looked for circles, and looking took a thirtieth of a page.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends import django
from django.template.context import make_context
from django.utils.safestring import SafeString


class DjangoTemplates(django.DjangoTemplates):
    def from_string(self, template_code: str) -> Template:
        return Template(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        return Template(super().get_template(template_name).template, self)


class Template(django.Template):
    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        given = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            made = self.template.render(given)
        except TemplateDoesNotExist as missing:
            django.reraise(missing, self.backend)
        given.dicts.clear()
        return made
