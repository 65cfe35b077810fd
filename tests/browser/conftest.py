"""A real Chromium on a live server. Where there is none these tests skip and say so; in CI that is a failure.

Each `visit` keeps what went wrong on its page (console, Content-Security-Policy, requests) and fails the test with it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.looks import WIDE
from tests.pages.demo import load as load_demo_rows

# The shell first: a window that nobody looks at costs more than the pages in it.
NAMES = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        why = f"no Chromium on this machine ({', '.join(NAMES)})"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
        browser = playwright.chromium.launch(executable_path=path, args=[*sandbox, "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def demo_site(transactional_db: None, demo_copies: Path) -> None:
    """The demo archive, committed, as a stranger meets it after the first start."""
    load_demo_rows(demo_copies)


def logged_in(client: Client, person: Any) -> dict[str, Any]:
    """What a context of Playwright needs to be this person: `visit(address, storage_state=logged_in(client, sue))`."""
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    kept = {"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/", "expires": -1}
    return {"cookies": [{**kept, "httpOnly": True, "secure": False, "sameSite": "Lax"}], "origins": []}


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`visit(address, **how)` opens a page in a context of its own; `how` is that of a Playwright context."""
    contexts = []
    troubles: list[str] = []

    def keep_console(said: ConsoleMessage) -> None:
        if not said.location["url"].endswith("/favicon.ico"):  # plain text cannot name its icon
            troubles.append(f"console {said.type}: {said.text}")

    def keep_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader went on before all was there
            troubles.append(f"request failed: {request.url} {request.failure}")

    def open_page(address: str, *, viewport: dict[str, int] = WIDE, **how: Any) -> Page:
        context = chromium.new_context(base_url=live_server.url, viewport=viewport, locale="en-US", **how)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", keep_console)
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        page.on("requestfailed", keep_failure)
        page.on("request", lambda asked: None if asked.url.startswith((live_server.url, "data:"))
                else troubles.append(f"asked another machine: {asked.url}"))  # fmt: skip
        if how.get("java_script_enabled", True):
            page.add_init_script(
                "addEventListener('securitypolicyviolation',"
                " event => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"
            )
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
