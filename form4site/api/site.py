"""The page of the API's documentation, and the three addresses by which the peer's tools probe a server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from form4site.api.v1 import openapi_document
from form4site.kit.api import answer, spelled
from form4site.readiness import readiness
from signals.api.site import ingestion as ingestion_now
from signals.selectors.freshness import freshness


def _json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    response = HttpResponse(spelled(body), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return _json({"status": "healthy"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    found = readiness()
    return _json({"status": "healthy" if found.ready else "stale", **found.said}, 200 if found.ready else 503)


@require_safe
def ingestion(request: HttpRequest) -> HttpResponse:
    status, body = ingestion_now()
    return _json(body, status)


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return answer(request, openapi_document())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as a page: no script of anybody else's, and readable without any."""
    groups = _groups(openapi_document())
    return render(request, "api/docs.html", {"groups": groups, "base": settings.BASE_URL, "freshness": freshness()})


def _groups(schema: Any) -> list[dict[str, Any]]:
    """The endpoints by tag, each with its parameters and the shape of its answer."""
    shapes = schema.get("components", {}).get("schemas", {})
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            good = told.get("responses", {}).get(200) or told.get("responses", {}).get(201) or {}
            groups.setdefault(told["tags"][0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "ident": told["operationId"],
                    "summary": told.get("summary", ""),
                    "description": told.get("description", ""),
                    "parameters": told.get("parameters", []),
                    "fields": _fields(good, shapes),
                }
            )
    return [{"tag": tag, "endpoints": rows} for tag, rows in groups.items()]


def _fields(answer: Any, shapes: Any) -> list[str]:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    ref = schema.get("items", schema).get("$ref", "")
    return list(shapes.get(ref.rsplit("/", 1)[-1], {}).get("properties", {}))
