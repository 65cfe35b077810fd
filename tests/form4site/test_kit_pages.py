"""One view, one context, page or part: the choice is the server's, by the element that HTMX names."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from form4site.kit.pages import page_or_partial, wants_partial


def asked(**headers):
    request = RequestFactory().get("/", headers={name.replace("_", "-"): value for name, value in headers.items()})
    HtmxMiddleware(lambda request: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, False),
        ({"HX_Request": "true"}, False),
        ({"HX_Target": "list"}, False),
        ({"HX_Request": "true", "HX_Target": "list"}, True),
        ({"HX_Request": "true", "HX_Target": "other"}, False),
        ({"HX_Request": "true", "HX_Target": "list", "HX_Boosted": "true"}, False),
        ({"HX_Request": "true", "HX_Target": "list", "HX_History_Restore_Request": "true"}, False),
    ],
)
def test_only_a_plain_request_for_the_very_element_gets_the_part(headers, wanted):
    assert wants_partial(asked(**headers), "list") is wanted


def test_a_part_that_is_not_offered_cannot_be_had():
    request = asked(HX_Request="true", HX_Target="errors/500.html")
    response = page_or_partial(request, "errors/400.html", {"list": "errors/403.html"}, {})
    assert b"not understood" in response.content


def test_the_headers_that_decide_are_in_vary_beside_what_was_there():
    response = page_or_partial(asked(), "errors/400.html", {}, {}, status=422)
    assert response.status_code == 422
    assert response["Vary"].split(", ") == [
        "HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request"
    ]  # fmt: skip
