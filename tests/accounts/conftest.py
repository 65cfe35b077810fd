"""What the journeys share: a mail folder of their own, an empty memory of tries, and the last mail."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from accounts.delivery import folder

PASSWORD = "olive's long password"


@pytest.fixture
def mail_folder(settings, tmp_path) -> Path:
    """Mail goes where it goes on the embedded default: into a folder, through the real backend."""
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.EMAIL_BACKEND = "accounts.delivery.folder.EmailBackend"
    settings.EMAIL_FILE_PATH = str(settings.MAIL_FOLDER)
    settings.DATABASE_URL = ""
    return settings.MAIL_FOLDER


@pytest.fixture
def mails(mail_folder):
    """The mails written so far, newest first."""
    return lambda: folder.messages(mail_folder)


@pytest.fixture(autouse=True)
def no_tries_yet(request):
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
        cache.clear()


@pytest.fixture
def verified_olive(olive):
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
    return olive


@pytest.fixture
def logged_in_olive(client, verified_olive):
    answer = client.post("/account/login/", {"login": verified_olive.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client
