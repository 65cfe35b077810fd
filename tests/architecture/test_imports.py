"""Imports run one way: filings <- signals <- accounts; and the rule is seen to catch what it forbids."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.imports import sources, violations
from tests.conftest import ROOT


def plant(root: Path, name: str, source: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return path


def test_imports_run_one_way():
    broken = violations(ROOT)
    assert not broken, "\n" + "\n".join(broken)


def test_every_module_of_the_house_is_looked_at():
    seen = {path.relative_to(ROOT).as_posix() for path in sources(ROOT)}
    assert {"filings/services/publish.py", "filings/ownership/parse.py", "form4site/settings.py"} <= seen
    assert {f"{app}/models/__init__.py" for app in ("filings", "signals", "accounts")} <= seen


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("filings/tasks.py", "import signals"),
        ("filings/tasks.py", "from signals.readings import trade"),
        ("filings/tasks.py", "import accounts.models as people"),
        ("signals/views/home.py", "def view():\n    from accounts.models import User"),
        ("signals/views/home.py", "if TYPE_CHECKING:\n    from accounts.models import User"),
        ("signals/views/home.py", "from ...accounts import models"),
        ("signals/views/home.py", "import importlib\nimportlib.import_module('accounts.models')"),
        ("filings/services/publish.py", "from form4site.urls import urlpatterns"),
        ("filings/services/publish.py", "import form4site.celery"),
        ("accounts/views/account.py", "from form4site import settings"),
        ("form4site/kit/pages.py", "from filings.models import Filing"),
        ("form4site/kit/pages.py", "from form4site import settings"),
        ("filings/ownership/parse.py", "from django.conf import settings"),
        ("filings/ownership/parse.py", "def late():\n    import django.utils.timezone"),
        ("filings/ownership/parse.py", "from filings.models import Filing"),
        ("filings/ownership/parse.py", "from ..services import publish"),
        ("filings/demo/stories/plans.py", "from filings.services.load import load"),
        ("filings/errors.py", "from django.db import DataError"),
        ("signals/readings/trade.py", "from django.db.models import Q"),
        ("signals/readings/trade.py", "from filings.models import Line"),
        ("signals/detectors/cluster_buy.py", "import celery"),
        ("filings/services/fetch.py", "import httpx"),
        ("accounts/delivery/webhook.py", "from httpx import Client"),
    ],
)
def test_a_forbidden_import_is_found_with_its_line(tmp_path: Path, name, source):
    plant(tmp_path, name, f'"""A planted module."""\n\n{source}\n')

    broken = violations(tmp_path)

    assert len(broken) == 1
    line = 3 + source.count("\n")
    assert broken[0].startswith(f"{name}:{line}: ")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("signals/services/detect.py", "from filings.models import Line"),
        ("accounts/services/alerts.py", "from signals.selectors import matching\nfrom filings import events"),
        ("filings/services/load.py", "from form4site.kit.progress import progress"),
        ("form4site/urls.py", "import accounts.urls\nimport filings.models\nfrom signals import urls"),
        ("filings/ownership/parse.py", "from filings.errors import BadDocument\nfrom filings.ownership import schema"),
        ("filings/ownership/parse.py", "from filings import errors\nfrom . import schema"),
        ("signals/readings/trade.py", "from filings.ownership.codes import CODES\nimport signals.readings.plan"),
        ("filings/edgar/client.py", "import httpx"),
    ],
)
def test_what_is_allowed_is_not_found(tmp_path: Path, name, source):
    plant(tmp_path, name, source)

    assert violations(tmp_path) == []
