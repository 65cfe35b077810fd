"""The peer's published clients, as they come from their registries, against this server: they work unchanged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import form4api
import pytest
from django.template.loader import render_to_string

from accounts.services.keys import make

pytestmark = [pytest.mark.slow]

JS_CLIENT = "form4api@1.4.1"
SCRIPT = Path(__file__).parent / "clients" / "peer.mjs"


@pytest.fixture
def base(demo_site, live_server, olive) -> tuple[str, str]:
    return live_server.url, make(user=olive, name="clients").secret


def test_the_python_client_makes_every_call(base):
    url, key = base
    with form4api.Form4ApiClient(key, base_url=url, max_retries=0) as client:
        with_all(client)
    stranger = form4api.Form4ApiClient("f4s_wrong", base_url=url, max_retries=0)
    with stranger, pytest.raises(form4api.AuthError):
        stranger.filings.recent()


def with_all(client) -> None:
    rows = client.transactions.list(per_page=50)
    assert len(rows) == 50
    ticker, cik, accession = rows[0].ticker, rows[0].insider_cik, rows[0].accession_number
    pages = list(client.transactions.paginate(per_page=500))
    assert [len(page) for page in pages[:-1]] == [500] * (len(pages) - 1)
    assert sum(map(len, pages)) > 500
    assert client.transactions.list(code="P", min_value=100_000, exclude_10b5=True, sort="value")
    assert client.filings.list(per_page=3)
    assert client.filings.recent()[0].accession_number
    assert client.filings.get(accession).accession_number == accession
    assert client.companies.list()
    assert client.companies.get(ticker).ticker == ticker
    assert client.companies.insiders(ticker)
    client.companies.peers(ticker)
    assert client.insiders.search("halloran")
    assert client.insiders.list()
    client.insiders.directory(letter="H")
    assert client.insiders.get(cik).cik == cik
    assert client.insiders.transactions(cik)
    client.insiders.summary(cik)
    client.insiders.scorecard(cik)
    client.insiders.leaderboard()
    signals = client.signals.list(cluster_buy=True)
    assert signals
    client.signals.explain(signals[0].ticker, date=signals[0].signal_date)
    client.signals.sentiment(ticker)
    assert list(client.signals.paginate())
    assert client.search(ticker).companies[0].ticker == ticker
    client.stats.get()
    client.data_quality.get()
    client.status.history()
    assert client.form144.list() == []
    with pytest.raises(form4api.NotFoundError) as missing:
        client.companies.get("NOSUCH")
    assert missing.value.error_code == "NOT_FOUND"
    with pytest.raises(form4api.Form4ApiError) as bad:
        client.transactions.list(from_date="soon")
    assert bad.value.error_code == "INVALID_DATE"


def test_the_javascript_client_makes_every_call(base, javascript, tmp_path):
    shutil.copy(SCRIPT, javascript / "peer.mjs")
    told = json.loads(run(["node", "peer.mjs", *base], javascript))
    assert told["walked"] > 500
    assert told["missing"] == "NotFoundError"
    assert told["refused"] == "AuthError"


def test_the_samples_of_the_documentation_run_as_they_stand(base, javascript, tmp_path):
    """Each prints the purchases above the sum, by three ways the same."""
    url, key = base
    environment = {**os.environ, "KEY": key}
    for name in ("quickstart.py", "quickstart.mjs", "quickstart.sh"):
        (javascript / name).write_text(render_to_string(f"api/samples/{name}.txt", {"base": url}))
    python = run([sys.executable, "quickstart.py"], javascript, environment)
    node = run(["node", "quickstart.mjs"], javascript, environment)
    shell = json.loads(run(["bash", "quickstart.sh"], javascript, environment))
    assert len(shell) == len(python.splitlines()) == len(node.splitlines()) > 3
    assert all(row["insiderName"] in line for row, line in zip(shell, python.splitlines(), strict=True))


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def javascript(tmp_path_factory) -> Path:
    """A folder with the peer's client as its registry gives it."""
    if not shutil.which("npm") or not shutil.which("node"):
        if os.environ.get("CI") == "true":
            pytest.fail("no node on this machine")
        pytest.skip("no node on this machine")
    folder = tmp_path_factory.mktemp("javascript")
    (folder / "package.json").write_text('{"type": "module", "private": true}')
    run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent", JS_CLIENT], folder)
    return folder
