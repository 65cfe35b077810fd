"""The URL table of the site as it is: every route by name, whoever included it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> list[str]:
    """The name of every route, with its namespaces; a route without a name goes by its pattern."""
    return sorted(set(_routes(get_resolver().url_patterns, "", "")))


def _routes(patterns: list[URLPattern | URLResolver], namespace: str, prefix: str) -> Iterator[str]:
    for pattern in patterns:
        here = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern.url_patterns, inner, here)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else here
